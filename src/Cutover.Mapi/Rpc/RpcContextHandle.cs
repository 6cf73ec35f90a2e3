namespace Cutover.Mapi.Rpc;

/// <summary>A server's session as it travels: 20 bytes. Source: C706 14.2.16.6 (NDR context handles).</summary>
public readonly record struct RpcContextHandle(uint Attributes, Guid Uuid)
{
    /// <summary>The handle of no session: what a disconnect gives back.</summary>
    public static readonly RpcContextHandle Null;

    public bool IsNull => this == Null;
}
