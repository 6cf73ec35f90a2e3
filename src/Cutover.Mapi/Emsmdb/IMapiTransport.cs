namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// How one session's calls reach the store: EcDo* over RPC, or request types over HTTP. It carries extended buffers and knows no ROPs. One call
/// at a time.
/// </summary>
public interface IMapiTransport : IAsyncDisposable
{
    /// <summary>Round trips made, connecting included.</summary>
    long Calls { get; }

    /// <summary>True when the connection has carried nearly all that it may: finish, and open another session.</summary>
    bool NearEndOfLife { get; }

    /// <summary>Opens the session that the other calls are made in. The result may be an error, such as <see cref="MapiErrorCode.UnknownUser"/>.</summary>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step.</exception>
    Task<ConnectResult> ConnectAsync(ConnectCall call, CancellationToken ct);

    /// <summary>Executes ROPs. The result may be an error of the call as a whole, such as <see cref="MapiErrorCode.ServerBusy"/>.</summary>
    /// <exception cref="MapiException">The server no longer knows the session.</exception>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step, or the server ended the session.</exception>
    Task<ExecuteResult> ExecuteAsync(ExecuteCall call, CancellationToken ct);

    /// <summary>Ends the session, if one is open.</summary>
    Task DisconnectAsync(CancellationToken ct);
}

/// <summary>Opens a session for a user. Source: [MS-OXCRPC] 3.1.4.1, [MS-OXCMAPIHTTP] 2.2.4.1.1.</summary>
/// <param name="UserDN">The legacyExchangeDN of the account that signs in, not of the mailbox to open.</param>
/// <param name="ClientVersion">The server adapts its behaviour to it.</param>
public sealed record ConnectCall(string UserDN, MapiVersion ClientVersion)
{
    /// <summary>0 for a user, 1 for an administrator.</summary>
    public uint Flags { get; init; }

    /// <summary>The code page for strings that are not Unicode.</summary>
    public uint CodePage { get; init; } = 1252;

    public uint StringLocale { get; init; } = 0x409;

    public uint SortLocale { get; init; } = 0x409;

    /// <summary>Auxiliary blocks in an extended buffer, or nothing.</summary>
    public ReadOnlyMemory<byte> AuxiliaryIn { get; init; }
}

/// <summary>What the server says to a <see cref="ConnectCall"/>.</summary>
public sealed record ConnectResult(uint Result)
{
    public uint PollsMaximum { get; init; } = 60_000;

    /// <summary>How often to try again when busy, and how many milliseconds apart.</summary>
    public uint RetryCount { get; init; } = 6;

    public uint RetryDelay { get; init; } = 10_000;

    /// <summary>What precedes the names in one-off legacyExchangeDNs.</summary>
    public string DNPrefix { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public MapiVersion ServerVersion { get; init; }

    public ReadOnlyMemory<byte> AuxiliaryOut { get; init; }
}

/// <summary>ROPs for a session. Source: [MS-OXCRPC] 3.1.4.2, [MS-OXCMAPIHTTP] 2.2.4.2.1.</summary>
/// <param name="Input">One extended buffer with a ROP buffer in it.</param>
/// <param name="MaximumOutput">The most bytes that <see cref="ExecuteResult.Output"/> may have.</param>
public sealed record ExecuteCall(RpcExt2Flags Flags, ReadOnlyMemory<byte> Input, uint MaximumOutput)
{
    /// <summary>Auxiliary blocks in an extended buffer, or nothing.</summary>
    public ReadOnlyMemory<byte> AuxiliaryIn { get; init; }
}

/// <summary>What the server says to an <see cref="ExecuteCall"/>.</summary>
/// <param name="Output">Extended buffers with a ROP buffer each.</param>
public sealed record ExecuteResult(ReadOnlyMemory<byte> Output, uint Result)
{
    public ReadOnlyMemory<byte> AuxiliaryOut { get; init; }

    /// <summary>Milliseconds that the server worked.</summary>
    public uint TransactionTime { get; init; }
}
