namespace Cutover.Mapi.Messages.Tnef;

/// <summary>The attributes of a TNEF stream, their type in the high word. Source: [MS-OXTNEF] 2.1.3.2.</summary>
internal enum TnefAttribute : uint
{
    TnefVersion = 0x00089006,
    OemCodepage = 0x00069007,
    MessageClass = 0x00078008,
    OriginalMessageClass = 0x00070006,
    From = 0x00008000,
    Subject = 0x00018004,
    DateSent = 0x00038005,
    DateReceived = 0x00038006,
    MessageStatus = 0x00068007,
    MessageId = 0x00018009,
    ParentId = 0x0001800A,
    ConversationId = 0x0001800B,
    Body = 0x0002800C,
    Priority = 0x0004800D,
    DateModified = 0x00038020,
    RequestResponse = 0x00040009,
    AidOwner = 0x00040008,
    DateStart = 0x00030006,
    DateEnd = 0x00030007,
    MsgProps = 0x00069003,
    RecipTable = 0x00069004,
    AttachData = 0x0006800F,
    AttachTitle = 0x00018010,
    AttachMetaFile = 0x00068011,
    AttachCreateDate = 0x00038012,
    AttachModifyDate = 0x00038013,
    AttachTransportFilename = 0x00069001,
    AttachRenddata = 0x00069002,
    Attachment = 0x00069005,
}

/// <summary>The constants of a TNEF stream. Source: [MS-OXTNEF] 2.1.3.</summary>
internal static class TnefStream
{
    public const uint Signature = 0x223E9F78;
    public const uint Version = 0x00010000;
    public const byte MessageLevel = 1;
    public const byte AttachmentLevel = 2;

    /// <summary>Messages in messages beyond this depth are broken ones.</summary>
    public const int MostEmbeddings = 32;

    /// <summary>IID_IMessage, in front of an embedded message.</summary>
    public static readonly Guid MessageInterface = new("00020307-0000-0000-C000-000000000046");

    /// <summary>IID_IStorage, in front of an OLE object.</summary>
    public static readonly Guid StorageInterface = new("0000000B-0000-0000-C000-000000000046");

    /// <summary>The sum of the bytes, its low word. Source: [MS-OXTNEF] 2.1.3.1.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0;
        foreach (var b in bytes) sum = unchecked((ushort)(sum + b));
        return sum;
    }
}
