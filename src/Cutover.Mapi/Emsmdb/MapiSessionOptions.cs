using Cutover.Mapi.Tracing;

namespace Cutover.Mapi.Emsmdb;

/// <summary>How a session connects and behaves.</summary>
/// <param name="UserDN">The legacyExchangeDN of the account that signs in.</param>
public sealed record MapiSessionOptions(string UserDN)
{
    /// <summary>What we say we are: Outlook 2013, old enough for every server and new enough for RopBackoff (12.0.4228).</summary>
    public MapiVersion ClientVersion { get; init; } = new(15, 0, 4551, 1000);

    /// <summary>What answers need not have: over TLS the XOR is of no use.</summary>
    public RpcExt2Flags BufferFlags { get; init; } = RpcExt2Flags.NoXorMagic;

    /// <summary>The most bytes that one call may answer; a server that can't do so many is asked for what it can.</summary>
    public uint MaximumOutput { get; init; } = EmsmdbInterface.UltraLargeOutput;

    /// <summary>What the server is told when connecting, such as <see cref="AuxiliaryBlock.OfClient"/>; it need not be told anything.</summary>
    public IReadOnlyList<AuxiliaryBlock> ClientInformation { get; init; } = [];

    /// <summary>How often a busy server is asked again before the call fails with <see cref="MapiErrorCode.ServerBusy"/>.</summary>
    public int BusyRetries { get; init; } = 8;

    /// <summary>Writes every ROP down; null writes nothing.</summary>
    public ProtocolTrace? Trace { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
