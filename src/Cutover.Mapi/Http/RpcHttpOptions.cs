using System.Net;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>What to do when a channel's Content-Length is nearly used up.</summary>
public enum EndOfChannel
{
    /// <summary>A successor takes its place and the connection goes on; where that fails, rotate.</summary>
    Recycle,

    /// <summary>Say so by <see cref="Rpc.IRpcClient.NearEndOfLife"/>, so that the caller opens another session.</summary>
    Rotate,
}

/// <summary>One RPC over HTTP connection: to which proxy, for which server behind it, as whom.</summary>
public sealed record RpcHttpOptions
{
    /// <summary>Such as https://mail.contoso.com/rpc/rpcproxy.dll.</summary>
    public required Uri ProxyUrl { get; init; }

    /// <summary>The server behind the proxy: its name, or mailbox-guid@domain from Exchange 2013 on.</summary>
    public required string Server { get; init; }

    /// <summary>6001 EMSMDB, 6002 RFR, 6004 NSPI.</summary>
    public required int Port { get; init; }

    public required NetworkCredential Credential { get; init; }

    public required Connector Connector { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Below this a window holds less than two PDUs and the connection would stand still.</summary>
    public const uint SmallestWindow = 8 * 1024;

    /// <summary>How many bytes the server may send before it needs our acknowledgment; 8 KiB to 256 KiB. Source: [MS-RPCH] 2.2.3.5.1.</summary>
    public uint ReceiveWindow { get; init; } = 256 * 1024;

    /// <summary>What the IN channel may carry: its Content-Length. Source: [MS-RPCH] 2.1.2.1.1: 128 KiB to 2 GiB.</summary>
    public uint ChannelLifetime { get; init; } = 1 << 30;

    /// <summary>What becomes of the connection when a channel nears its end.</summary>
    public EndOfChannel AtEndOfChannel { get; init; } = EndOfChannel.Recycle;

    /// <summary>How far the RPC level protects calls inside TLS; null takes privacy where the server can, else none.</summary>
    public RpcAuthenticationLevel? Protection { get; init; }

    /// <summary>The security provider at the RPC level.</summary>
    public RpcAuthenticationType SecurityProvider { get; init; } = RpcAuthenticationType.Ntlm;

    /// <summary>How the HTTP legs prove who we are; null is Basic.</summary>
    public HttpAuthentication? Authentication { get; init; }
}
