using CsCheck;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Tests.Http;

public class FlowControlTests
{
    private static readonly Guid Channel = Guid.NewGuid();

    [Fact]
    public async Task A_sender_waits_when_its_window_is_full_and_goes_on_after_the_acknowledgment()
    {
        var window = new SendWindow(10_000);
        await window.TakeAsync(4088, default);
        await window.TakeAsync(4088, default);

        var third = window.TakeAsync(4088, default).AsTask();
        Assert.False(third.IsCompleted);

        window.Acknowledge(new RtsCommand.FlowControlAck(8176, 10_000, Channel));
        await third;
    }

    [Fact]
    public async Task An_acknowledgment_of_less_leaves_less_room()
    {
        var window = new SendWindow(10_000);
        await window.TakeAsync(8000, default);
        window.Acknowledge(new RtsCommand.FlowControlAck(4000, 5000, Channel)); // 4000 still on the way, 1000 of room

        await window.TakeAsync(1000, default);
        Assert.False(window.TakeAsync(1, default).IsCompleted);
    }

    [Fact]
    public async Task A_waiting_sender_hears_that_the_connection_is_gone()
    {
        var window = new SendWindow(100);
        await window.TakeAsync(100, default);
        var waiting = window.TakeAsync(1, default).AsTask();

        window.Fail(new MapiProtocolException("cut"));

        Assert.Equal("cut", (await Assert.ThrowsAsync<MapiProtocolException>(() => waiting)).Message);
    }

    [Fact]
    public async Task A_successor_counts_from_nothing_and_ignores_what_is_late()
    {
        var (window, successor) = (new SendWindow(10_000), Guid.NewGuid());
        await window.TakeAsync(9000, default);
        var waiting = window.TakeAsync(4000, default).AsTask();

        window.Restart(successor, 8000);
        await waiting; // 4000 of 8000 on the way
        window.Acknowledge(new RtsCommand.FlowControlAck(9000, 10_000, Channel));
        Assert.Null(window.TryTake(4000));
        Assert.NotNull(window.TryTake(1));

        window.Acknowledge(new RtsCommand.FlowControlAck(8000, 8000, successor));
        Assert.Null(window.TryTake(8000));
    }

    [Fact]
    public async Task A_receiver_that_goes_on_counting_on_a_successor_is_understood()
    {
        var (window, successor) = (new SendWindow(10_000), Guid.NewGuid());
        await window.TakeAsync(9000, default);
        window.Restart(successor, null);
        await window.TakeAsync(7000, default);

        window.Acknowledge(new RtsCommand.FlowControlAck(9000 + 6000, 10_000, successor)); // 1000 on the way

        Assert.Null(window.TryTake(9000));
        Assert.NotNull(window.TryTake(1));
    }

    [Fact]
    public void A_receiver_acknowledges_when_less_than_half_of_its_window_is_left()
    {
        var window = new ReceiveWindow(65536, Channel);

        Assert.Null(window.Receive(32768));
        Assert.Equal(new RtsCommand.FlowControlAck(32769, 65536, Channel), window.Receive(1));
        Assert.Null(window.Receive(4088));
    }

    [Fact]
    public void Sender_and_receiver_never_stand_still_whatever_the_fragments() =>
        Gen.Select(Gen.UInt[8192, 262_144], Gen.Int[24, 4088].Array[1, 500]).Sample((size, fragments) =>
        {
            var sender = new SendWindow(size);
            var receiver = new ReceiveWindow(size, Channel);
            return fragments.All(fragment =>
            {
                var isSent = sender.TakeAsync(fragment, default).IsCompletedSuccessfully;
                if (receiver.Receive(fragment) is { } ack) sender.Acknowledge(ack);
                return isSent;
            });
        });
}
