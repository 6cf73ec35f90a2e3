using System.Buffers;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Mapi.Tests.Emsmdb;

public class MapiSessionTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly ScriptedServer server = new();

    [Fact]
    public async Task A_refused_user_is_told_with_the_server_s_code()
    {
        server.ConnectResult = MapiErrorCode.UnknownUser;
        var refusal = await Assert.ThrowsAsync<MapiException>(ConnectAsync);
        Assert.Equal(("Connect", MapiErrorCode.UnknownUser, true), (refusal.Operation, refusal.ErrorCode, server.IsClosed));
    }

    [Fact]
    public async Task Responses_and_handles_come_back_in_the_order_of_the_requests()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => call.Respond([new OpenFolderResponse(1, false), new TableResponse(RopId.GetHierarchyTable, 2, 7)], [10, 11, 12]);
        var batch = new RopBatch();
        var (logon, folder, table) = (batch.Use(10), batch.Receive(), batch.Receive());
        var answer = await session.ExecuteAsync(
            batch.Add(new OpenFolderRequest(logon, folder, new ObjectId(1UL))).Add(new GetHierarchyTableRequest(folder, table, TableFlags.Depth)), default);
        Assert.Equal(7u, answer.Get<TableResponse>().RowCount);
        Assert.Equal([10u, 11, 12], answer.Handles);
    }

    [Fact]
    public async Task Unused_handles_are_released_with_the_next_call()
    {
        await using var session = await ConnectAsync();
        session.ReleaseLater(77);
        await OpenFolderAsync(session);
        var call = Assert.Single(server.Calls);
        Assert.Equal([RopId.Release, RopId.OpenFolder], call.Requests.Select(request => request.Id));
        Assert.Equal(77u, call.Handles[call.Requests[0].HandleIndex]);
    }

    [Fact]
    public async Task A_server_that_backs_off_is_asked_again_after_the_time_it_named()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => server.Calls.Count == 1 ? call.Respond([new BackoffResponse(0, 4000, [])], call.Handles) : call.OpenFolder();
        var answer = OpenFolderAsync(session);
        clock.Advance(TimeSpan.FromMilliseconds(3999));
        Assert.Single(server.Calls);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await answer).Get<OpenFolderResponse>().IsSuccess);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        await using var session = await ConnectAsync();
        server.Result = MapiErrorCode.ServerBusy;
        var answer = OpenFolderAsync(session);
        while (!answer.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
        Assert.Equal(MapiErrorCode.ServerBusy, (await Assert.ThrowsAsync<MapiException>(() => answer)).ErrorCode);
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task What_did_not_fit_is_sent_again_with_the_handles_so_far()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => server.Calls.Count == 1
            ? call.Respond([new OpenFolderResponse(1, false), new BufferTooSmallResponse(0x7000, new byte[10])], [1, 2, RopBuffer.NoHandle])
            : call.Respond([new TableResponse(RopId.GetContentsTable, 2, 5)], [1, 2, 3]);
        var batch = new RopBatch();
        var (logon, folder, table) = (batch.Use(1), batch.Receive(), batch.Receive());
        var answer = await session.ExecuteAsync(
            batch.Add(new OpenFolderRequest(logon, folder, default)).Add(new GetContentsTableRequest(folder, table, TableFlags.None)), default);
        Assert.Equal([RopId.OpenFolder, RopId.GetContentsTable], answer.Responses.Select(response => response.Id));
        Assert.Equal([RopId.GetContentsTable], server.Calls[1].Requests.Select(request => request.Id));
        Assert.Equal([1u, 2, RopBuffer.NoHandle], server.Calls[1].Handles);
    }

    [Fact]
    public async Task A_batch_too_big_for_one_call_is_split()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => call.Respond([.. call.Requests.Select(request => new RopSuccess(request.Id, request.HandleIndex))], call.Handles);
        var batch = new RopBatch();
        var index = batch.Use(1);
        for (var i = 0; i < 5; i++) batch.Add(new UploadStateStreamContinueRequest(index, new byte[16 * 1024]));
        var answer = await session.ExecuteAsync(batch, default);
        Assert.Equal((5, 5), (answer.Responses.Count, server.Calls.Count));
    }

    [Fact]
    public async Task A_repeated_last_ROP_gives_all_its_responses()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => call.Respond(
            [new FastTransferSourceGetBufferResponse(0, TransferStatus.Partial, 1, 2, new byte[5])], call.Handles,
            [new FastTransferSourceGetBufferResponse(0, TransferStatus.Done, 2, 2, new byte[3])]);
        var batch = new RopBatch();
        var answer = await session.ExecuteAsync(batch.Add(new FastTransferSourceGetBufferRequest(batch.Use(9))), default);
        Assert.Equal([5, 3], answer.All<FastTransferSourceGetBufferResponse>().Select(response => response.TransferBuffer.Length));
        Assert.True(server.Calls[0].Flags.HasFlag(RpcExt2Flags.Chain));
    }

    [Fact]
    public async Task A_server_that_ends_the_session_loses_it()
    {
        await using var session = await ConnectAsync();
        server.Context = RpcContextHandle.Null;
        await Assert.ThrowsAsync<MapiProtocolException>(() => OpenFolderAsync(session));
    }

    [Fact]
    public async Task A_failed_ROP_is_named()
    {
        await using var session = await ConnectAsync();
        server.Answer = call => call.Respond([new RopFailure(RopId.OpenFolder, 1, MapiErrorCode.NotFound)], call.Handles);
        var answer = await OpenFolderAsync(session);
        var failure = Assert.Throws<MapiException>(() => answer.ThrowIfFailed());
        Assert.Equal(("RopOpenFolder", MapiErrorCode.NotFound), (failure.Operation, failure.ErrorCode));
    }

    [Fact]
    public async Task Leaving_disconnects_and_closes()
    {
        await (await ConnectAsync()).DisposeAsync();
        Assert.Equal((1, true), (server.Disconnects, server.IsClosed));
    }

    private Task<MapiSession> ConnectAsync() =>
        MapiSession.ConnectAsync(server, new MapiSessionOptions("/o=X/cn=admin") { Clock = clock, BusyRetries = 2 }, default);

    private static Task<RopAnswer> OpenFolderAsync(MapiSession session)
    {
        var batch = new RopBatch();
        return session.ExecuteAsync(batch.Add(new OpenFolderRequest(batch.Use(1), batch.Receive(), default)), default);
    }

    private sealed record Call(IReadOnlyList<RopRequest> Requests, IReadOnlyList<uint> Handles, RpcExt2Flags Flags)
    {
        public byte[] OpenFolder() => Respond([new OpenFolderResponse(1, false)], Handles);

        /// <summary>One extended buffer, and one more for each list of chained responses.</summary>
        public byte[] Respond(RopResponse[] responses, IReadOnlyList<uint> handles, params RopResponse[][] chained)
        {
            var output = new ArrayBufferWriter<byte>();
            ExtendedBuffer.Write(output, RopBuffer.Of(responses, handles).Serialize(), Flags, last: chained.Length == 0);
            for (var i = 0; i < chained.Length; i++)
                ExtendedBuffer.Write(output, RopBuffer.Of(chained[i], handles).Serialize(), Flags, last: i == chained.Length - 1);
            return output.WrittenSpan.ToArray();
        }
    }

    /// <summary>A server that answers as the test says and remembers what it was asked.</summary>
    private sealed class ScriptedServer : IRpcClient
    {
        private int calls;

        long IRpcClient.Calls => calls;

        public List<Call> Calls { get; } = [];

        public RpcContextHandle Context { get; set; } = new(0, Guid.NewGuid());

        public uint ConnectResult { get; set; }

        public uint Result { get; set; }

        public Func<Call, byte[]> Answer { get; set; } = call => call.OpenFolder();

        public int Disconnects { get; private set; }

        public bool IsClosed { get; private set; }

        public Task<ReadOnlyMemory<byte>> CallAsync(ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
        {
            calls++;
            return Task.FromResult(opnum switch
            {
                EmsmdbInterface.EcDoConnectEx => new EcDoConnectExResponse(Context, ConnectResult).Write(),
                EmsmdbInterface.EcDoDisconnect => Disconnect(),
                _ => Execute(EcDoRpcExt2Request.Read(stub.Span)),
            });
        }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }

        private ReadOnlyMemory<byte> Disconnect()
        {
            Disconnects++;
            return new EcDoDisconnectResponse(0).Write();
        }

        private ReadOnlyMemory<byte> Execute(EcDoRpcExt2Request request)
        {
            var buffer = RopBuffer.Parse(ExtendedBuffer.Read(request.Input)[0]);
            var call = new Call(buffer.ReadRequests(), buffer.Handles, request.Flags);
            Calls.Add(call);
            return new EcDoRpcExt2Response(Context, Result == 0 ? Answer(call) : default, Result).Write();
        }
    }
}
