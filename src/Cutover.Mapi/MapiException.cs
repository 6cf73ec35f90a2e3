namespace Cutover.Mapi;

/// <summary>The server said no. The connection is still in step and may be used on.</summary>
/// <param name="operation">What was asked, in the specification's name, such as RopLogon.</param>
/// <param name="errorCode">The server's error code, [MS-OXCDATA] 2.4.</param>
public class MapiException(string operation, uint errorCode, string? detail = null)
    : Exception($"{operation} failed with error 0x{errorCode:X8}{(detail is null ? "" : $": {detail}")}")
{
    public string Operation { get; } = operation;

    public uint ErrorCode { get; } = errorCode;
}

/// <summary>Bytes that break the protocol: we lost step, so the connection must be dropped.</summary>
/// <param name="message">What was expected and what came, with the offset where that helps.</param>
public class MapiProtocolException(string message, Exception? inner = null) : Exception(message, inner);
