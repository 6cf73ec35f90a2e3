using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The arrays of NSPI in NDR: tags or minimal ids, strings, rows. Source: [MS-OXNSPI] 2.2.2, 2.2.3.</summary>
internal static class NdrArrays
{
    private const int PointerSize = 4;
    private const int RowSize = 12;

    /// <summary>PropertyTagArray_r, which also carries minimal ids. Its maximum count is one more than its count.</summary>
    public static uint[] ReadTags(ref NdrReader reader)
    {
        _ = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        var tags = new uint[reader.ReadVariance(sizeof(uint))];
        for (var i = 0; i < tags.Length; i++) tags[i] = reader.ReadUInt32();
        return tags;
    }

    public static void WriteTags(NdrWriter writer, IReadOnlyList<uint> tags)
    {
        writer.WriteInt32(tags.Count + 1);
        writer.WriteInt32(tags.Count);
        writer.WriteInt32(0);
        writer.WriteInt32(tags.Count);
        foreach (var tag in tags) writer.WriteUInt32(tag);
    }

    public static uint[]? ReadTagsPointer(ref NdrReader reader) => reader.ReadPointer() ? ReadTags(ref reader) : null;

    public static void WriteTagsPointer(NdrWriter writer, IReadOnlyList<uint>? tags)
    {
        writer.WritePointer(tags is not null);
        if (tags is not null) WriteTags(writer, tags);
    }

    public static void WriteTagsPointer(NdrWriter writer, IReadOnlyList<PropertyTag>? tags) =>
        WriteTagsPointer(writer, tags?.Select(tag => tag.Value).ToArray());

    public static PropertyTag[]? ReadColumns(ref NdrReader reader) =>
        ReadTagsPointer(ref reader) is { } tags ? Array.ConvertAll(tags, tag => new PropertyTag(tag)) : null;

    /// <summary>StringsArray_r and WStringsArray_r: count and pointers, then the strings. NULL reads as an empty string.</summary>
    public static string[] ReadStrings(ref NdrReader reader, PropertyType type, int codePage)
    {
        var present = ReadStringPointers(ref reader);
        var strings = new string[present.Length];
        for (var i = 0; i < strings.Length; i++) strings[i] = present[i] ? NdrValues.ReadString(ref reader, type, codePage) : "";
        return strings;
    }

    public static void WriteStrings(NdrWriter writer, PropertyType type, IReadOnlyList<string> strings, int codePage)
    {
        writer.WriteInt32(strings.Count);
        writer.WriteInt32(strings.Count);
        foreach (var _ in strings) writer.WritePointer(true);
        foreach (var text in strings) NdrValues.WriteString(writer, type, text, codePage);
    }

    /// <summary>PropertyRowSet_r behind a pointer: the rows, then what each points to.</summary>
    public static PropertyBag[]? ReadRowsPointer(ref NdrReader reader, int codePage)
    {
        if (!reader.ReadPointer()) return null;
        var present = new bool[reader.ReadConformance(RowSize)];
        _ = reader.ReadUInt32();
        for (var i = 0; i < present.Length; i++) present[i] = ReadRowHead(ref reader);
        var rows = new PropertyBag[present.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = present[i] ? NdrValues.ReadAll(ref reader, codePage) : [];
        return rows;
    }

    public static void WriteRowsPointer(NdrWriter writer, IReadOnlyList<PropertyBag>? rows, int codePage)
    {
        writer.WritePointer(rows is not null);
        if (rows is null) return;
        writer.WriteInt32(rows.Count);
        writer.WriteInt32(rows.Count);
        foreach (var row in rows) WriteRowHead(writer, row);
        foreach (var row in rows) NdrValues.WriteAll(writer, row, codePage);
    }

    /// <summary>PropertyRow_r behind a pointer.</summary>
    public static PropertyBag? ReadRowPointer(ref NdrReader reader, int codePage)
    {
        return reader.ReadPointer() ? ReadRow(ref reader, codePage) : null;
    }

    public static void WriteRowPointer(NdrWriter writer, PropertyBag? row, int codePage)
    {
        writer.WritePointer(row is not null);
        if (row is not null) WriteRow(writer, row, codePage);
    }

    /// <summary>PropertyRow_r by itself.</summary>
    public static PropertyBag ReadRow(ref NdrReader reader, int codePage) => ReadRowHead(ref reader) ? NdrValues.ReadAll(ref reader, codePage) : [];

    public static void WriteRow(NdrWriter writer, PropertyBag row, int codePage)
    {
        WriteRowHead(writer, row);
        NdrValues.WriteAll(writer, row, codePage);
    }

    /// <summary>BinaryArray_r by itself: count and pointer, then the heads, then the bytes.</summary>
    public static byte[][] ReadBinaries(ref NdrReader reader)
    {
        _ = reader.ReadUInt32();
        return reader.ReadPointer() ? NdrValues.ReadBinaries(ref reader) : [];
    }

    public static void WriteBinaries(NdrWriter writer, IReadOnlyList<byte[]> binaries)
    {
        writer.WriteInt32(binaries.Count);
        writer.WritePointer(true);
        NdrValues.WriteElements(writer, PropertyType.Binary, binaries.ToArray(), CodePages.Windows1252);
    }

    private static bool[] ReadStringPointers(ref NdrReader reader)
    {
        var count = reader.ReadConformance(PointerSize);
        if (reader.ReadUInt32() != count) throw new MapiProtocolException("An NSPI array of strings has two different counts.");
        var present = new bool[count];
        for (var i = 0; i < count; i++) present[i] = reader.ReadPointer();
        return present;
    }

    private static bool ReadRowHead(ref NdrReader reader)
    {
        _ = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        return reader.ReadPointer();
    }

    private static void WriteRowHead(NdrWriter writer, PropertyBag row)
    {
        writer.WriteUInt32(0);
        writer.WriteInt32(row.Count);
        writer.WritePointer(true);
    }
}
