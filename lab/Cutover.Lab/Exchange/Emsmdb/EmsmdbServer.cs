using System.Collections.Concurrent;
using System.Text;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>How the EMSMDB server behaves.</summary>
public sealed record EmsmdbOptions
{
    /// <summary>What EcDoConnectEx answers: Exchange 2013 CU23.</summary>
    public MapiVersion ServerVersion { get; init; } = new(15, 0, 1497, 2);

    /// <summary>Sessions that one account may have at once (RCAMaxConcurrency); more get ecMaxConnectionsExceeded.</summary>
    public int MaximumSessionsPerAccount { get; init; } = 40;

    /// <summary>
    /// Strikes operations by name: EcDoConnectEx, EcDoRpcExt2 (ServiceUnavailable: ecServerBusy) and ROPs such as RopFastTransferSourceGetBuffer
    /// (ServiceUnavailable: ecServerBusy, TooManyRequests: RopBackoff, both for the rule's delay; Refuse: the session is lost).
    /// </summary>
    public FaultSwitches Faults { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>The store as Outlook reaches it: EMSMDB over RPC. Source: [MS-OXCRPC] 3.1.4.</summary>
public sealed class EmsmdbServer(ExchangeStore store, EmsmdbOptions options) : IRpcInterface
{
    private const int MinimumBuffer = ExtendedBuffer.HeaderSize;
    private readonly ConcurrentDictionary<Guid, Session> sessions = new();
    private int lastSessionIndex;

    public RpcInterfaceId Id => EmsmdbInterface.Id;

    /// <summary>Sessions that are connected now.</summary>
    public int Sessions => sessions.Count;

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
    public void DropSessions() => sessions.Clear();

    public IRpcInterface ForConnection() => new Connection(this);

    private EcDoConnectExResponse Connect(LabAccount caller, EcDoConnectExRequest request)
    {
        if (request.MaximumAuxiliaryOut > EmsmdbInterface.MaximumAuxiliary || request.AuxiliaryIn.Length > EmsmdbInterface.MaximumAuxiliary)
            throw new RpcFaultException(LabErrorCode.BadStubData);
        var refusal = Refusal(caller, request);
        if (refusal != MapiErrorCode.Success) return new EcDoConnectExResponse(RpcContextHandle.Null, refusal) { DNPrefix = null, DisplayName = null };
        var context = new RpcContextHandle(0, Guid.NewGuid());
        sessions[context.Uuid] = new Session(caller, request);
        return new EcDoConnectExResponse(context, MapiErrorCode.Success)
        {
            SessionIndex = (ushort)Interlocked.Increment(ref lastSessionIndex),
            DNPrefix = "",
            // The stub holds 8-bit characters.
            DisplayName = Ascii(store.FindMailbox(caller.LegacyExchangeDN)?.DisplayName ?? caller.UserName),
            ServerVersion = options.ServerVersion,
            BestVersion = request.ClientVersion,
            TimeStamp = (uint)options.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
    }

    /// <summary>Why a caller may not connect. The name must be the caller's own, and an administrator must be one.</summary>
    private uint Refusal(LabAccount caller, EcDoConnectExRequest request)
    {
        const uint administrator = 1;
        if (options.Faults.Take("EcDoConnectEx", FaultKind.ServiceUnavailable) is not null) return MapiErrorCode.ServerBusy;
        var isOwn = string.Equals(request.UserDN, caller.LegacyExchangeDN, StringComparison.OrdinalIgnoreCase);
        if (!isOwn) return store.FindMailbox(request.UserDN) is null ? MapiErrorCode.UnknownUser : MapiErrorCode.AccessDenied;
        if ((request.Flags & administrator) != 0 && !caller.HasFullAccessToAll) return MapiErrorCode.LoginPerm;
        var held = sessions.Values.Count(session => session.Account.LegacyExchangeDN == caller.LegacyExchangeDN);
        return held >= options.MaximumSessionsPerAccount ? MapiErrorCode.MaxConnectionsExceeded : MapiErrorCode.Success;
    }

    private async Task<EcDoRpcExt2Response> RpcAsync(LabAccount caller, EcDoRpcExt2Request request, CancellationToken ct)
    {
        if (request.Input.Length > EmsmdbInterface.MaximumInput || request.MaximumOutput > EmsmdbInterface.MaximumOutput
            || request.MaximumAuxiliaryOut > EmsmdbInterface.MaximumAuxiliary)
        {
            throw new RpcFaultException(LabErrorCode.BadStubData);
        }
        var session = Find(caller, request.Context);
        if (request.Input.Length < MinimumBuffer || request.MaximumOutput < MinimumBuffer)
            return new EcDoRpcExt2Response(request.Context, default, LabErrorCode.RpcFailed);
        if (options.Faults.Take("EcDoRpcExt2", FaultKind.ServiceUnavailable) is not null)
            return new EcDoRpcExt2Response(request.Context, default, MapiErrorCode.ServerBusy);
        await session.Turn.WaitAsync(ct);
        try
        {
            return Execute(session, request);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    private EcDoRpcExt2Response Execute(Session session, EcDoRpcExt2Request request)
    {
        var began = options.Clock.GetTimestamp();
        try
        {
            var buffer = RopBuffer.Parse(ExtendedBuffer.Read(request.Input) is [var payload] ? payload : default);
            var context = new RopContext(store, options.Clock, session, buffer.Handles);
            var output = new RopProcessor(context, options.Faults, request.Flags, (int)request.MaximumOutput).Execute(buffer.Rops);
            var elapsed = (uint)options.Clock.GetElapsedTime(began).TotalMilliseconds;
            return new EcDoRpcExt2Response(request.Context, output, MapiErrorCode.Success) { TransactionTime = elapsed };
        }
        catch (MapiProtocolException)
        {
            return new EcDoRpcExt2Response(request.Context, default, MapiErrorCode.RpcFormat);
        }
        catch (RopException e)
        {
            return new EcDoRpcExt2Response(request.Context, default, e.ErrorCode);
        }
        catch (RpcFaultException)
        {
            sessions.TryRemove(request.Context.Uuid, out _);
            throw;
        }
    }

    private EcDoDisconnectResponse Disconnect(LabAccount caller, EcDoDisconnectRequest request)
    {
        Find(caller, request.Context);
        sessions.TryRemove(request.Context.Uuid, out _);
        return new EcDoDisconnectResponse(MapiErrorCode.Success);
    }

    // An unknown handle, or another account's, is a fault of the RPC runtime.
    private Session Find(LabAccount caller, RpcContextHandle context) =>
        sessions.TryGetValue(context.Uuid, out var session) && session.Account.LegacyExchangeDN == caller.LegacyExchangeDN
            ? session
            : throw new RpcFaultException(MapiErrorCode.RpcContextMismatch);

    /// <summary>One client connection: when it ends, the sessions opened on it end too.</summary>
    private sealed class Connection(EmsmdbServer server) : IRpcInterface, IDisposable
    {
        private readonly ConcurrentQueue<Guid> opened = new();

        public RpcInterfaceId Id => server.Id;

        public async Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
        {
            var answer = await server.CallAsync(caller, opnum, stub, ct);
            if (opnum == EmsmdbInterface.EcDoConnectEx) opened.Enqueue(EcDoConnectExResponse.Read(answer.Span).Context.Uuid);
            return answer;
        }

        public void Dispose()
        {
            while (opened.TryDequeue(out var context)) server.sessions.TryRemove(context, out _);
        }
    }

    private static string Ascii(string text) => Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(text));
}
