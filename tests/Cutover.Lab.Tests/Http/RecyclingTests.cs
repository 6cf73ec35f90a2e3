using CsCheck;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Faults;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Http;

/// <summary>Channels that are used up after a few calls, so that their successors come in the middle of everything.</summary>
public sealed class RecyclingTests
{
    private const uint SmallestInLifetime = 128 * 1024;

    [Theory]
    [InlineData(ChannelRecycling.R2, false, null)]
    [InlineData(ChannelRecycling.R2, true, 1)]
    [InlineData(ChannelRecycling.R1, false, 2)]
    [InlineData(ChannelRecycling.R1, true, null)]
    public async Task Both_channels_are_recycled_many_times_under_load_and_nothing_is_lost(ChannelRecycling recycling, bool chunked, int? seed)
    {
        var switches = new Switches();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with
        {
            ChannelRecycling = recycling,
            ChunkedOutChannel = chunked,
            SplitterSeed = seed,
            OutChannelLifetime = 70_000,
            OnRts = switches.Note,
        });
        await using var client = await exchange.ConnectAsync(options => options with { ChannelLifetime = SmallestInLifetime, ReceiveWindow = 8192 });

        for (var call = 0; call < 12; call++)
        {
            var stub = EchoInterface.Pattern(call * 17_001);
            Assert.True((await client.CallAsync(0, stub, default)).Span.SequenceEqual(stub));
            Assert.False(client.NearEndOfLife);
        }

        Assert.InRange(switches.Out, 15, 100);
        Assert.InRange(switches.In, 7, 100);
    }

    [Fact]
    public void Calls_of_any_size_get_their_answers_through_any_lifetimes_windows_and_cuts() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Int, Gen.Int[40_000, 200_000], Gen.UInt[8192, 70_000], Gen.UInt[8192, 70_000], Gen.Int[0, 150_000].Array[1, 8])
            .SampleAsync(
                async (isR1, chunked, seed, outLifetime, clientWindow, serverWindow, sizes) =>
                {
                    await using var exchange = await ExchangeFixture.StartAsync(options => options with
                    {
                        ChannelRecycling = isR1 ? ChannelRecycling.R1 : ChannelRecycling.R2,
                        ChunkedOutChannel = chunked,
                        SplitterSeed = seed,
                        OutChannelLifetime = outLifetime,
                        ReceiveWindow = serverWindow,
                    });
                    await using var client = await exchange.ConnectAsync(options => options with
                    {
                        ChannelLifetime = SmallestInLifetime,
                        ReceiveWindow = clientWindow,
                    });
                    foreach (var size in sizes)
                    {
                        var stub = EchoInterface.Pattern(size);
                        if (!(await client.CallAsync(0, stub, default)).Span.SequenceEqual(stub)) return false;
                    }

                    return true;
                },
                iter: 25,
                threads: 1);

    [Fact]
    public async Task Connections_recycle_side_by_side()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { OutChannelLifetime = 80_000, SplitterSeed = 3 });

        await Task.WhenAll(Enumerable.Range(1, 6).Select(async number =>
        {
            await using var client = await exchange.ConnectAsync(options => options with { ChannelLifetime = SmallestInLifetime });
            var stub = Enumerable.Repeat((byte)number, number * 10_000).ToArray();
            for (var i = 0; i < 12; i++) Assert.Equal(stub, (await client.CallAsync(0, stub, default)).ToArray());
        }));
    }

    [Fact]
    public async Task An_option_chooses_rotation_and_then_nothing_is_recycled()
    {
        var switches = new Switches();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { OutChannelLifetime = 200_000, OnRts = switches.Note });
        await using var client = await exchange.ConnectAsync(options => options with { AtEndOfChannel = EndOfChannel.Rotate });

        await client.CallAsync(2, Number(100_000), default);
        Assert.False(client.NearEndOfLife);
        await client.CallAsync(2, Number(80_000), default);

        Assert.True(client.NearEndOfLife);
        Assert.Equal(0, switches.Out);
    }

    [Fact]
    public async Task A_server_that_lets_its_channels_run_out_is_known_the_next_time()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with
        {
            OutChannelLifetime = 200_000,
            ChannelRecycling = ChannelRecycling.None,
        });
        var connector = exchange.Connector;
        await using var first = await exchange.ConnectAsync(options => options with { Connector = connector });
        await first.CallAsync(2, Number(190_000), default);
        Assert.False(first.NearEndOfLife);
        var error = await Assert.ThrowsAsync<MapiProtocolException>(() => first.CallAsync(2, Number(100_000), default));
        Assert.Contains("used up", error.Message);

        await using var second = await exchange.ConnectAsync(options => options with { Connector = connector });
        await second.CallAsync(2, Number(190_000), default);

        Assert.True(second.NearEndOfLife);
    }

    [Theory]
    [InlineData("RPC_OUT_DATA")]
    [InlineData("RPC_IN_DATA")]
    public async Task A_successor_that_is_refused_makes_the_caller_rotate(string method)
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { OutChannelLifetime = 400_000 });
        await using var client = await exchange.ConnectAsync(options => options with { ChannelLifetime = 400_000 });
        exchange.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, method));

        for (var call = 0; call < 35; call++) await client.CallAsync(0, EchoInterface.Pattern(10_000), default);
        for (var call = 0; !client.NearEndOfLife; call++)
        {
            Assert.InRange(call, 0, 500);
            Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
        }
    }

    [Fact]
    public async Task Successors_have_the_time_outs_that_were_announced_for_them()
    {
        var clock = new FakeTimeProvider();
        var switches = new Switches();
        var pinged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var exchange = await ExchangeFixture.StartAsync(options => options with
        {
            ChannelRecycling = ChannelRecycling.R1,
            OutChannelLifetime = 70_000,
            SuccessorTimeout = TimeSpan.FromSeconds(10),
            OnRts = rts =>
            {
                switches.Note(rts);
                if (rts.IsPing) pinged.TrySetResult();
            },
        });
        await using var client = await exchange.ConnectAsync(options => options with { ChannelLifetime = SmallestInLifetime, TimeProvider = clock });
        for (var call = 0; switches.In == 0 || switches.Out == 0; call++)
        {
            Assert.InRange(call, 0, 50);
            await client.CallAsync(0, EchoInterface.Pattern(10_000), default);
        }
        await client.CallAsync(0, default, default);

        // A call that is answered never: one that is could be faster than the time-out.
        var unanswered = client.CallAsync(4, default, default);
        await exchange.Echo.Waiting;
        clock.Advance(TimeSpan.FromSeconds(5));
        await pinged.Task;
        clock.Advance(TimeSpan.FromSeconds(15));

        var silent = await Assert.ThrowsAsync<MapiProtocolException>(() => unanswered);
        Assert.Contains("has sent nothing for 20 s", silent.Message);
    }

    private static ReadOnlyMemory<byte> Number(int value)
    {
        var writer = new NdrWriter();
        writer.WriteInt32(value);
        return writer.WrittenMemory;
    }

    /// <summary>Counts the hand-overs that clients confirm.</summary>
    private sealed class Switches
    {
        public int Out { get; private set; }

        public int In { get; private set; }

        public void Note(RtsPdu rts)
        {
            if (rts.Flags == RtsFlags.OutChannel) Out++;
            else if (rts is { Flags: RtsFlags.None, Commands: [RtsCommand.Cookie] }) In++;
        }
    }
}
