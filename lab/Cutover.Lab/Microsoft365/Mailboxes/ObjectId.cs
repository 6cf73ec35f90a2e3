using System.Buffers.Binary;
using System.Buffers.Text;

namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>The ids of folders and items: opaque, URL-safe, never reused, naming their mailbox.</summary>
internal static class ObjectId
{
    private const byte FolderKind = 1;
    private const byte ItemKind = 7;
    private const int Length = 27;

    public static string OfFolder(Guid mailbox, long number) => Make(FolderKind, mailbox, number);

    public static string OfItem(Guid mailbox, long number) => Make(ItemKind, mailbox, number);

    /// <summary>The number inside the id; null when it is malformed or belongs to another mailbox or kind.</summary>
    public static long? ReadFolder(Guid mailbox, string id) => Read(FolderKind, mailbox, id);

    public static long? ReadItem(Guid mailbox, string id) => Read(ItemKind, mailbox, id);

    /// <summary>True for anything that has the form of an id, whichever mailbox it is of.</summary>
    public static bool IsWellFormed(string id) => Decode(id) is not null;

    /// <summary>The change key: it differs after every modification of anything in the mailbox.</summary>
    public static string ChangeKey(Guid mailbox, long change)
    {
        Span<byte> bytes = stackalloc byte[20];
        "\u0009\0\0\0\u0016\0\0\0"u8.CopyTo(bytes);
        mailbox.ToByteArray().AsSpan(0, 4).CopyTo(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[12..], change);
        return Convert.ToBase64String(bytes);
    }

    private static string Make(byte kind, Guid mailbox, long number)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = 0x01;
        bytes[1] = 0x22;
        bytes[2] = kind;
        mailbox.TryWriteBytes(bytes[3..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[19..], number);
        return Base64Url.EncodeToString(bytes);
    }

    private static long? Read(byte kind, Guid mailbox, string id)
    {
        if (Decode(id) is not { } bytes || bytes[2] != kind || new Guid(bytes.AsSpan(3, 16)) != mailbox) return null;
        return BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(19));
    }

    private static byte[]? Decode(string id)
    {
        if (!Base64Url.IsValid(id)) return null;
        var bytes = Base64Url.DecodeFromChars(id);
        return bytes.Length == Length && bytes[0] == 0x01 && bytes[1] == 0x22 ? bytes : null;
    }
}
