namespace Cutover.Mapi.Rpc;

/// <summary>The statuses of fault PDUs that have been seen on Exchange. Source: [MS-ERREF] 2.2, C706 appendix E.</summary>
public static class RpcStatus
{
    public const uint AccessDenied = 0x00000005;
    public const uint ServerUnavailable = 0x000006BA;
    public const uint UnknownAuthenticationService = 0x000006D3;
    public const uint BadStubData = 0x000006F7;
    public const uint SecurityPackageError = 0x00000721;
    public const uint OperationRangeError = 0x1C010002;
    public const uint UnknownInterface = 0x1C010003;
    public const uint ProtocolError = 0x1C01000B;
    public const uint ContextMismatch = 0x1C00001A;

    /// <summary>The reason of a bind_nak in words. Source: C706 12.6.3.1 p_reject_reason_t, [MS-RPCE] 2.2.2.5.</summary>
    public static string ExplainBindNak(ushort reason) => reason switch
    {
        1 or 2 => "it has too many connections",
        4 => "it speaks another version of RPC",
        8 => "it does not know this kind of sign-in at the RPC level",
        9 => "it did not accept the sign-in at the RPC level",
        _ => "it may ask for another protection at the RPC level",
    };

    /// <summary>The status in words; null when it is none of these.</summary>
    public static string? Explain(uint status) => status switch
    {
        AccessDenied => "access denied: the server wants another protection at the RPC level, or the account may not call it",
        ServerUnavailable => "the server is unavailable",
        UnknownAuthenticationService => "the server does not know this kind of sign-in at the RPC level",
        SecurityPackageError => "the server did not accept the sign-in at the RPC level",
        BadStubData => "the server could not read the arguments",
        OperationRangeError => "the interface has no such operation",
        UnknownInterface => "the server does not serve this interface",
        ProtocolError => "the server lost step",
        ContextMismatch => "the server no longer knows the session",
        _ => null,
    };
}
