namespace Cutover.Mapi.FastTransfer;

/// <summary>What a record of an item stream holds.</summary>
internal enum ItemStreamOpcode : uint
{
    Config = 1,
    TransferBuffer = 2,
    IsInterfaceOk = 3,
    TellPartnerVersion = 4,
}

/// <summary>
/// The constants of an item stream: what Exchange's ExportItems and Graph's exportItems give, and UploadItems and importItem take. It is the
/// conversation of one FastTransfer CopyTo of a message, recorded. docs/formats/item-stream.md
/// </summary>
public static class ItemStream
{
    /// <summary>Bytes of a record's opcode and length.</summary>
    internal const int RecordHeaderSize = 8;

    /// <summary>The most bytes of messageContent that one TransferBuffer holds.</summary>
    public const int TransferBufferLimit = 31_680;

    /// <summary>The oldest version whose streams servers accept: Exchange 2010.</summary>
    public const byte OldestMajorVersion = 14;

    /// <summary>Config: flags 0, transfer method 1 (CopyTo).</summary>
    internal static ReadOnlySpan<byte> Config => [0, 0, 0, 0, 1, 0, 0, 0];

    /// <summary>IsInterfaceOk: transfer method 1, IID_IMessage {00020307-0000-0000-C000-000000000046}, flags 0x80002400.</summary>
    internal static ReadOnlySpan<byte> IsInterfaceOk =>
        [1, 0, 0, 0, 7, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46, 0, 0x24, 0, 0x80];
}
