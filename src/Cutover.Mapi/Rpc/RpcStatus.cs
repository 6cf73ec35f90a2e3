namespace Cutover.Mapi.Rpc;

/// <summary>The statuses of fault PDUs that have been seen on Exchange. Source: [MS-ERREF] 2.2, C706 appendix E.</summary>
public static class RpcStatus
{
    public const uint AccessDenied = 0x00000005;
    public const uint ServerUnavailable = 0x000006BA;
    public const uint BadStubData = 0x000006F7;
    public const uint OperationRangeError = 0x1C010002;
    public const uint UnknownInterface = 0x1C010003;
    public const uint ProtocolError = 0x1C01000B;
    public const uint ContextMismatch = 0x1C00001A;

    /// <summary>The status in words; null when it is none of these.</summary>
    public static string? Explain(uint status) => status switch
    {
        AccessDenied => "access denied",
        ServerUnavailable => "the server is unavailable",
        BadStubData => "the server could not read the arguments",
        OperationRangeError => "the interface has no such operation",
        UnknownInterface => "the server does not serve this interface",
        ProtocolError => "the server lost step",
        ContextMismatch => "the server no longer knows the session",
        _ => null,
    };
}
