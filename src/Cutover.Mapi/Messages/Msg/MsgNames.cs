using System.Buffers.Binary;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Msg;

/// <summary>What the ids from 0x8000 on mean in one .msg file. Source: [MS-OXMSG] 2.2.3.</summary>
internal sealed class MsgNames
{
    private const int EntrySize = 8;
    private const int FirstGuid = 3; // 1 is PS_MAPI, 2 PS_PUBLIC_STRINGS

    private readonly Dictionary<ushort, PropertyName> names = [];

    public static readonly MsgNames None = new();

    public PropertyName? Find(ushort id) => names.GetValueOrDefault(id);

    /// <summary>Reads __nameid_version1.0 of the top storage.</summary>
    public static MsgNames Read(CompoundEntry root)
    {
        if (!root.Children.TryGetValue("__nameid_version1.0", out var storage)) return None;
        var read = new MsgNames();
        var (guids, entries, strings) = (Stream(storage, "00020102"), Stream(storage, "00030102"), Stream(storage, "00040102"));
        for (var at = 0; at + EntrySize <= entries.Length; at += EntrySize) read.Add(entries.AsSpan(at, EntrySize), guids, strings);
        return read;
    }

    // LID or offset of the string; kind in bit 0 and the property set above; the id, counted from 0x8000.
    private void Add(ReadOnlySpan<byte> entry, byte[] guids, byte[] strings)
    {
        var identifier = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
        var index = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
        if (PropertySet(kind >> 1, guids) is not { } propertySet || index >= 0x8000) return;
        var id = (ushort)(0x8000 + index);
        if ((kind & 1) == 0) names[id] = PropertyName.Of(propertySet, identifier);
        else if (String(strings, identifier) is { } name) names[id] = PropertyName.Of(propertySet, name);
    }

    private static Guid? PropertySet(int index, byte[] guids) => index switch
    {
        1 => PropertySets.Mapi,
        2 => PropertySets.PublicStrings,
        >= FirstGuid when (index - FirstGuid + 1) * 16 <= guids.Length => new Guid(guids.AsSpan((index - FirstGuid) * 16, 16)),
        _ => null,
    };

    private static string? String(byte[] strings, uint offset)
    {
        if (offset + 4L > strings.Length) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(strings.AsSpan((int)offset));
        return offset + 4L + length <= strings.Length ? CodePages.Decode(CodePages.Utf16, strings.AsSpan((int)offset + 4, (int)length)) : null;
    }

    private static byte[] Stream(CompoundEntry storage, string tag) =>
        storage.Children.TryGetValue("__substg1.0_" + tag, out var stream) && stream.Kind == CompoundEntryKind.Stream ? stream.ReadAll() : [];
}
