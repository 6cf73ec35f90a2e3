using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>A store with Anna's mailbox and an EMSMDB server on it, called through the codecs without a socket.</summary>
public sealed class EmsmdbFixture : IDisposable
{
    private readonly StoreFixture store = new();

    public EmsmdbFixture(EmsmdbOptions? options = null)
    {
        Options = options ?? new EmsmdbOptions();
        Server = new EmsmdbServer(store.Store, Options);
    }

    public static LabAccount AnnaAccount => StoreFixture.Account("anna");

    public static LabAccount Administrator => StoreFixture.Account("migration", hasFullAccessToAll: true);

    public EmsmdbOptions Options { get; }

    public EmsmdbServer Server { get; }

    public ExchangeStore Store => store.Store;

    public MailboxStore Anna => store.Anna;

    /// <summary>Connects, logs on and gives a client that holds the logon.</summary>
    public async Task<EmsmdbClient> LogOnAsync(LabAccount? account = null)
    {
        var client = await ConnectAsync(account ?? Administrator);
        await client.LogOnAsync(StoreFixture.AnnaDN);
        return client;
    }

    public async Task<EmsmdbClient> ConnectAsync(LabAccount account) => new(Server, account, await ConnectRawAsync(account));

    public async Task<EcDoConnectExResponse> ConnectRawAsync(LabAccount account, string? userDN = null, uint flags = 0)
    {
        var request = new EcDoConnectExRequest(userDN ?? account.LegacyExchangeDN, new MapiVersion(15, 0, 4551, 1000)) { Flags = flags };
        return EcDoConnectExResponse.Read((await Server.CallAsync(account, EmsmdbInterface.EcDoConnectEx, request.Write(), CancellationToken.None)).Span);
    }

    public void Dispose() => store.Dispose();
}

/// <summary>The answer to one EcDoRpcExt2.</summary>
public sealed record RopReply(uint Result, IReadOnlyList<RopResponse> Responses, IReadOnlyList<uint> Handles, int Buffers);

/// <summary>A client of one session that says what it wants ROP by ROP.</summary>
public sealed class EmsmdbClient(EmsmdbServer server, LabAccount account, EcDoConnectExResponse connected)
{
    public const RpcExt2Flags Plain = RpcExt2Flags.NoCompression | RpcExt2Flags.NoXorMagic;

    public RpcContextHandle Context => connected.Context;

    public uint Logon { get; private set; }

    public LogonResponse? LogonResponse { get; private set; }

    public async Task LogOnAsync(string mailbox, OpenFlags flags = OpenFlags.HomeLogon | OpenFlags.TakeOwnership)
    {
        var reply = await CallAsync([RopBuffer.NoHandle], new LogonRequest(0, LogonFlags.Private, flags, mailbox));
        LogonResponse = Assert.IsType<LogonResponse>(Assert.Single(reply.Responses));
        Logon = reply.Handles[0];
    }

    /// <summary>Opens a folder and returns its handle.</summary>
    public async Task<uint> OpenFolderAsync(long folder)
    {
        var reply = await CallAsync([Logon, RopBuffer.NoHandle], new OpenFolderRequest(0, 1, IdOf(folder)));
        Assert.IsType<OpenFolderResponse>(Assert.Single(reply.Responses));
        return reply.Handles[1];
    }

    public static ObjectId IdOf(long counter) => ObjectId.Of(MailboxStore.ReplicaId, (ulong)counter);

    public Task<RopReply> CallAsync(IReadOnlyList<uint> handles, params RopRequest[] requests) =>
        CallAsync(handles, requests, Plain | RpcExt2Flags.Chain, EmsmdbInterface.MaximumOutput);

    public async Task<RopReply> CallAsync(IReadOnlyList<uint> handles, RopRequest[] requests, RpcExt2Flags flags, int maximumOutput)
    {
        var response = await CallRawAsync(RopBuffer.Of(requests, handles).Serialize(), flags, maximumOutput);
        if (response.Result != MapiErrorCode.Success) return new RopReply(response.Result, [], [], 0);
        Assert.InRange(response.Output.Length, 1, maximumOutput);
        var buffers = ExtendedBuffer.Read(response.Output).Select(RopBuffer.Parse).ToList();
        return new RopReply(0, ReadResponses(requests, buffers), buffers[0].Handles, buffers.Count);
    }

    public async Task<EcDoRpcExt2Response> CallRawAsync(byte[] payload, RpcExt2Flags flags, int maximumOutput)
    {
        var request = new EcDoRpcExt2Request(Context, flags, ExtendedBuffer.Pack(payload, Plain), (uint)maximumOutput);
        return EcDoRpcExt2Response.Read((await server.CallAsync(account, EmsmdbInterface.EcDoRpcExt2, request.Write(), CancellationToken.None)).Span);
    }

    /// <summary>Fetches a download to its end.</summary>
    public async Task<byte[]> DownloadAsync(uint download, int maximumOutput = EmsmdbInterface.MaximumOutput, ushort bufferSize = ushort.MaxValue)
    {
        var stream = new MemoryStream();
        for (var status = TransferStatus.Partial; status == TransferStatus.Partial;)
        {
            var get = new FastTransferSourceGetBufferRequest(0, MaximumBufferSize: bufferSize);
            var reply = await CallAsync([download], [get], Plain | RpcExt2Flags.Chain, maximumOutput);
            foreach (var part in reply.Responses.Cast<FastTransferSourceGetBufferResponse>())
            {
                if (!part.IsSuccess) throw new MapiException(nameof(FastTransferSourceGetBufferRequest), part.ReturnValue);
                Assert.InRange(part.TransferBuffer.Length, 0, bufferSize);
                stream.Write(part.TransferBuffer.Span);
                status = part.TransferStatus;
            }
        }
        return stream.ToArray();
    }

    private static List<RopResponse> ReadResponses(IReadOnlyList<RopRequest> requests, IReadOnlyList<RopBuffer> buffers)
    {
        var responses = new List<RopResponse>();
        var reader = new RopReader(buffers[0].Rops);
        foreach (var request in requests.Where(request => !request.HasNoResponse))
        {
            if (!reader.AtEnd) responses.Add(request.ReadResponse(reader));
        }
        Assert.True(reader.AtEnd);
        responses.AddRange(buffers.Skip(1).Select(buffer => requests[^1].ReadResponse(new RopReader(buffer.Rops))));
        return responses;
    }
}
