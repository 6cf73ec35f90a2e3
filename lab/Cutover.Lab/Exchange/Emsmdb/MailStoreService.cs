using System.Collections.Concurrent;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>How the store behaves.</summary>
public sealed record EmsmdbOptions
{
    /// <summary>What connecting answers: Exchange 2013 CU23.</summary>
    public MapiVersion ServerVersion { get; init; } = ServerBehaviour.Exchange2013;

    /// <summary>What goes with the version.</summary>
    public ServerBehaviour Behaviour => new(ServerVersion);

    /// <summary>Mailboxes that other servers hold, by legacyExchangeDN: the distinguished name of the server that RopLogon redirects to.</summary>
    public IReadOnlyDictionary<string, string> MailboxesElsewhere { get; init; } = new Dictionary<string, string>();

    /// <summary>Sessions that one account may have at once (RCAMaxConcurrency); more get ecMaxConnectionsExceeded.</summary>
    public int MaximumSessionsPerAccount { get; init; } = 40;

    /// <summary>
    /// Strikes operations by name: EcDoConnectEx, EcDoRpcExt2 (ServiceUnavailable: ecServerBusy) and ROPs such as RopFastTransferSourceGetBuffer
    /// (ServiceUnavailable: ecServerBusy, TooManyRequests: RopBackoff, both for the rule's delay; Refuse: the session is lost).
    /// </summary>
    public FaultSwitches Faults { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>The store's sessions, however they are reached: connect, execute, disconnect. Source: [MS-OXCRPC] 3.1.4.</summary>
public sealed class MailStoreService(ExchangeStore store, EmsmdbOptions options)
{
    private const int MinimumBuffer = ExtendedBuffer.HeaderSize;
    private readonly ConcurrentDictionary<Guid, Session> sessions = new();

    /// <summary>Sessions that are connected now.</summary>
    public int Sessions => sessions.Count;

    public MapiVersion ServerVersion => options.ServerVersion;

    /// <summary>The most bytes that an answer may have.</summary>
    public uint MaximumOutput => options.Behaviour.MaximumOutput;

    /// <summary>Ends every session, as a restart of the service does: clients find their sessions unknown.</summary>
    public void DropSessions() => sessions.Clear();

    /// <summary>The archive of a mailbox: one whose legacyExchangeDN adds a guid to the mailbox's; null when there is none.</summary>
    internal MailboxStore? ArchiveOf(string legacyExchangeDN) => store.Mailboxes.FirstOrDefault(
        mailbox => mailbox.LegacyExchangeDN.StartsWith($"{legacyExchangeDN}/guid=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The GUID that names a mailbox in URLs; null when there is none of this name.</summary>
    public Guid? MailboxGuidOf(string legacyExchangeDN) => store.FindMailbox(legacyExchangeDN)?.MailboxGuid;

    /// <summary>Opens a session; its id is null when the result is an error.</summary>
    public (Guid? Session, ConnectResult Result) Connect(LabAccount caller, ConnectCall call)
    {
        var refusal = Refusal(caller, call);
        if (refusal != MapiErrorCode.Success) return (null, new ConnectResult(refusal));
        var id = Guid.NewGuid();
        sessions[id] = new Session(caller, call);
        return (id, new ConnectResult(MapiErrorCode.Success)
        {
            DisplayName = store.FindMailbox(caller.LegacyExchangeDN)?.DisplayName ?? caller.UserName,
            ServerVersion = options.ServerVersion,
            AuxiliaryOut = Auxiliary(call),
        });
    }

    /// <summary>Executes ROPs in a session, one call after the other.</summary>
    /// <exception cref="RpcFaultException">The session is unknown, another account's, or lost by a fault switch.</exception>
    public async Task<ExecuteResult> ExecuteAsync(LabAccount caller, Guid id, ExecuteCall call, CancellationToken ct)
    {
        var session = Find(caller, id);
        if (call.Input.Length < MinimumBuffer || call.MaximumOutput < MinimumBuffer) return new ExecuteResult(default, LabErrorCode.RpcFailed);
        if (options.Faults.Take("EcDoRpcExt2", FaultKind.ServiceUnavailable) is not null) return new ExecuteResult(default, MapiErrorCode.ServerBusy);
        await session.Turn.WaitAsync(ct);
        try
        {
            return Execute(id, session, call);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    /// <summary>Ends a session and lets go of what it held.</summary>
    /// <exception cref="RpcFaultException">The session is unknown, or another account's.</exception>
    public void Disconnect(LabAccount caller, Guid id)
    {
        Find(caller, id);
        Drop(id);
    }

    /// <summary>Ends a session whose connection is gone, if it is still there.</summary>
    public void Drop(Guid id) => sessions.TryRemove(id, out _);

    /// <summary>The blocks that the client sent must be whole; they change nothing.</summary>
    private ReadOnlyMemory<byte> Auxiliary(ConnectCall call)
    {
        AuxiliaryBuffer.Read(call.AuxiliaryIn);
        var capabilities = options.Behaviour.Capabilities;
        return AuxiliaryBuffer.Write(capabilities == ServerCapabilities.None ? [] : [AuxiliaryBlock.Of(capabilities)], RpcExt2Flags.NoXorMagic);
    }

    /// <summary>Why a caller may not connect. The name must be the caller's own, and an administrator must be one.</summary>
    private uint Refusal(LabAccount caller, ConnectCall call)
    {
        const uint administrator = 1;
        if (options.Faults.Take("EcDoConnectEx", FaultKind.ServiceUnavailable) is not null) return MapiErrorCode.ServerBusy;
        var isOwn = string.Equals(call.UserDN, caller.LegacyExchangeDN, StringComparison.OrdinalIgnoreCase);
        if (!isOwn && RefusalOfName(caller, call.UserDN) is { } refusal) return refusal;
        if ((call.Flags & administrator) != 0 && !caller.HasFullAccessToAll) return MapiErrorCode.LoginPerm;
        var held = sessions.Values.Count(session => session.Account.LegacyExchangeDN == caller.LegacyExchangeDN);
        return held >= options.MaximumSessionsPerAccount ? MapiErrorCode.MaxConnectionsExceeded : MapiErrorCode.Success;
    }

    private uint? RefusalOfName(LabAccount caller, string userDN)
    {
        if (store.FindMailbox(userDN) is not { } mailbox) return MapiErrorCode.UnknownUser;
        return options.Behaviour.ConnectsByMailbox && mailbox.AllowsLogon(caller) ? null : MapiErrorCode.AccessDenied;
    }

    private ExecuteResult Execute(Guid id, Session session, ExecuteCall call)
    {
        var began = options.Clock.GetTimestamp();
        try
        {
            var buffer = RopBuffer.Parse(ExtendedBuffer.Read(call.Input) is [var payload] ? payload : default);
            var context = new RopContext(store, options, session, buffer.Handles);
            var output = new RopProcessor(context, options.Faults, call.Flags, (int)call.MaximumOutput).Execute(buffer.Rops);
            var elapsed = (uint)options.Clock.GetElapsedTime(began).TotalMilliseconds;
            return new ExecuteResult(output, MapiErrorCode.Success) { TransactionTime = elapsed };
        }
        catch (MapiProtocolException)
        {
            return new ExecuteResult(default, MapiErrorCode.RpcFormat);
        }
        catch (RopException e)
        {
            return new ExecuteResult(default, e.ErrorCode);
        }
        catch (RpcFaultException)
        {
            Drop(id);
            throw;
        }
    }

    // An unknown handle, or another account's, is a fault of the RPC runtime.
    private Session Find(LabAccount caller, Guid id) =>
        sessions.TryGetValue(id, out var session) && session.Account.LegacyExchangeDN == caller.LegacyExchangeDN
            ? session
            : throw new RpcFaultException(MapiErrorCode.RpcContextMismatch);
}
