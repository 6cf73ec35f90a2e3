using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

/// <summary>The optional fields of the address book's bodies over HTTP, each behind the byte that says whether it is there. Source: [MS-OXCMAPIHTTP] 2.2.5.</summary>
internal static class FlatArrays
{
    /// <summary>The most tags in one LargePropertyTagArray. Source: [MS-OXCMAPIHTTP] 2.2.1.8.</summary>
    private const int MostTags = 100_000;

    public static NspiStat? ReadStat(RopReader reader) => FlatValues.ReadHas(reader) ? NspiStat.ReadFlat(reader) : null;

    public static void WriteStat(RopWriter writer, NspiStat stat)
    {
        writer.WriteHas(true);
        stat.WriteFlat(writer);
    }

    /// <summary>Minimal ids or tags: a 32-bit count, then the numbers.</summary>
    public static uint[]? ReadNumbers(RopReader reader) => FlatValues.ReadHas(reader) ? ReadAllNumbers(reader) : null;

    public static uint[] ReadAllNumbers(RopReader reader)
    {
        var count = reader.ReadUInt32();
        return count <= MostTags ? reader.ReadArray((int)count, sizeof(uint), reader.ReadUInt32) : throw reader.Broken($"{count} numbers");
    }

    public static void WriteNumbers(RopWriter writer, IReadOnlyList<uint>? numbers)
    {
        writer.WriteHas(numbers is not null);
        if (numbers is not null) WriteAllNumbers(writer, numbers);
    }

    public static void WriteAllNumbers(RopWriter writer, IReadOnlyList<uint> numbers)
    {
        writer.WriteUInt32((uint)numbers.Count);
        foreach (var number in numbers) writer.WriteUInt32(number);
    }

    /// <summary>LargePropertyTagArray.</summary>
    public static PropertyTag[]? ReadTags(RopReader reader) => ReadNumbers(reader) is { } tags ? Array.ConvertAll(tags, tag => new PropertyTag(tag)) : null;

    public static void WriteTags(RopWriter writer, IReadOnlyList<PropertyTag>? tags) => WriteNumbers(writer, tags?.Select(tag => tag.Value).ToArray());

    /// <summary>Columns, a 32-bit count, rows.</summary>
    public static (PropertyTag[]? Columns, PropertyBag[]? Rows) ReadRows(RopReader reader, int codePage)
    {
        if (ReadTags(reader) is not { } columns) return (null, null);
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} rows");
        return (columns, reader.ReadArray((int)count, 1, () => FlatValues.ReadRow(reader, columns, codePage)));
    }

    public static void WriteRows(RopWriter writer, IReadOnlyList<PropertyTag>? columns, IReadOnlyList<PropertyBag>? rows, int codePage)
    {
        if (rows is null)
        {
            writer.WriteHas(false);
            return;
        }
        var named = columns ?? rows.FirstOrDefault()?.Select(value => value.Tag).ToArray() ?? [];
        WriteTags(writer, named);
        writer.WriteUInt32((uint)rows.Count);
        foreach (var row in rows) FlatValues.WriteRow(writer, named, row, codePage);
    }

    /// <summary>A 32-bit count, then strings that end with NUL.</summary>
    public static string[] ReadStrings(RopReader reader, Func<string> read)
    {
        if (!FlatValues.ReadHas(reader)) return [];
        var count = reader.ReadUInt32();
        return count <= reader.Remaining ? reader.ReadArray((int)count, 1, read) : throw reader.Broken($"{count} strings");
    }

    public static void WriteStrings(RopWriter writer, IReadOnlyList<string> strings, Action<string> write)
    {
        writer.WriteHas(true).WriteUInt32((uint)strings.Count);
        foreach (var text in strings) write(text);
    }
}
