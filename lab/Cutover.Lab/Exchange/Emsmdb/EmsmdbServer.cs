using System.Collections.Concurrent;
using System.Text;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The store as Outlook reaches it over RPC: EMSMDB. Source: [MS-OXCRPC] 3.1.4.</summary>
public sealed class EmsmdbServer(ExchangeStore store, EmsmdbOptions options) : IRpcInterface
{
    private int lastSessionIndex;

    public RpcInterfaceId Id => EmsmdbInterface.Id;

    /// <summary>The sessions, for the server's other face: MAPI over HTTP.</summary>
    public MailStoreService MailStore { get; } = new(store, options);

    /// <summary>Sessions that are connected now.</summary>
    public int Sessions => MailStore.Sessions;

    public async Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        try
        {
            return opnum switch
            {
                EmsmdbInterface.EcDoConnectEx => Connect(caller, EcDoConnectExRequest.Read(stub.Span)).Write(),
                EmsmdbInterface.EcDoRpcExt2 => (await RpcAsync(caller, EcDoRpcExt2Request.Read(stub.Span), ct)).Write(),
                EmsmdbInterface.EcDoDisconnect => Disconnect(caller, EcDoDisconnectRequest.Read(stub.Span)).Write(),
                EmsmdbInterface.EcDummyRpc => new byte[4],
                _ => throw new RpcFaultException(LabErrorCode.OperationRange),
            };
        }
        catch (MapiProtocolException)
        {
            throw new RpcFaultException(LabErrorCode.BadStubData);
        }
    }

    /// <summary>Ends every session, as a restart of the service does: clients find their handles unknown.</summary>
    public void DropSessions() => MailStore.DropSessions();

    public IRpcInterface ForConnection() => new Connection(this);

    public ReadOnlyMemory<byte>? RefuseUnencrypted(ushort opnum) => opnum == EmsmdbInterface.EcDoConnectEx
        ? new EcDoConnectExResponse(RpcContextHandle.Null, MapiErrorCode.NotEncrypted) { DNPrefix = null, DisplayName = null }.Write()
        : default(ReadOnlyMemory<byte>?);

    private EcDoConnectExResponse Connect(LabAccount caller, EcDoConnectExRequest request)
    {
        if (request.MaximumAuxiliaryOut > EmsmdbInterface.MaximumAuxiliary || request.AuxiliaryIn.Length > EmsmdbInterface.MaximumAuxiliary)
            throw new RpcFaultException(LabErrorCode.BadStubData);
        var (session, result) = MailStore.Connect(caller, request.ToCall());
        if (session is not { } id) return new EcDoConnectExResponse(RpcContextHandle.Null, result.Result) { DNPrefix = null, DisplayName = null };
        return new EcDoConnectExResponse(new RpcContextHandle(0, id), MapiErrorCode.Success)
        {
            PollsMaximum = result.PollsMaximum,
            RetryCount = result.RetryCount,
            RetryDelay = result.RetryDelay,
            SessionIndex = (ushort)Interlocked.Increment(ref lastSessionIndex),
            DNPrefix = result.DNPrefix,
            // The stub holds 8-bit characters.
            DisplayName = Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(result.DisplayName)),
            ServerVersion = result.ServerVersion,
            BestVersion = request.ClientVersion,
            TimeStamp = (uint)options.Clock.GetUtcNow().ToUnixTimeSeconds(),
            AuxiliaryOut = result.AuxiliaryOut,
        };
    }

    private async Task<EcDoRpcExt2Response> RpcAsync(LabAccount caller, EcDoRpcExt2Request request, CancellationToken ct)
    {
        if (request.Input.Length > EmsmdbInterface.MaximumInput || request.MaximumOutput > options.Behaviour.MaximumOutput
            || request.MaximumAuxiliaryOut > EmsmdbInterface.MaximumAuxiliary)
        {
            throw new RpcFaultException(LabErrorCode.BadStubData);
        }
        var call = new ExecuteCall(request.Flags, request.Input, request.MaximumOutput) { AuxiliaryIn = request.AuxiliaryIn };
        var result = await MailStore.ExecuteAsync(caller, request.Context.Uuid, call, ct);
        return new EcDoRpcExt2Response(request.Context, result.Output, result.Result)
        {
            AuxiliaryOut = result.AuxiliaryOut,
            TransactionTime = result.TransactionTime,
        };
    }

    private EcDoDisconnectResponse Disconnect(LabAccount caller, EcDoDisconnectRequest request)
    {
        MailStore.Disconnect(caller, request.Context.Uuid);
        return new EcDoDisconnectResponse(MapiErrorCode.Success);
    }

    /// <summary>One client connection: when it ends, the sessions opened on it end too.</summary>
    private sealed class Connection(EmsmdbServer server) : IRpcInterface, IDisposable
    {
        private readonly ConcurrentQueue<Guid> opened = new();

        public RpcInterfaceId Id => server.Id;

        public ReadOnlyMemory<byte>? RefuseUnencrypted(ushort opnum) => server.RefuseUnencrypted(opnum);

        public async Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
        {
            var answer = await server.CallAsync(caller, opnum, stub, ct);
            if (opnum == EmsmdbInterface.EcDoConnectEx) opened.Enqueue(EcDoConnectExResponse.Read(answer.Span).Context.Uuid);
            return answer;
        }

        public void Dispose()
        {
            while (opened.TryDequeue(out var context)) server.MailStore.Drop(context);
        }
    }
}
