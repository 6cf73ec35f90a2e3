namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>A ROP that can't be done: its response is this code. Source: [MS-OXCDATA] 2.4.</summary>
internal sealed class RopException(uint errorCode) : Exception($"0x{errorCode:X8}")
{
    public uint ErrorCode { get; } = errorCode;
}
