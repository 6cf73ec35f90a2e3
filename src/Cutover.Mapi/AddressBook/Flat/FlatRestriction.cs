using System.Diagnostics;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.AddressBook;

/// <summary>
/// The flat form, with 32-bit counts. Before a value that may be missing stands a byte that says whether it is there, which the specification leaves
/// out; Outlook sends it, other clients may not. Source: [MS-OXCDATA] 2.12.
/// </summary>
public abstract partial record AddressBookRestriction
{
    private const byte HasValue = 0xFF;

    internal static AddressBookRestriction ReadFlat(RopReader reader, int codePage, int depth = 0)
    {
        if (depth > MaximumDepth) throw new MapiProtocolException($"An NSPI restriction is more than {MaximumDepth} levels deep.");
        var kind = (Kind)reader.ReadByte();
        return kind switch
        {
            Kind.And => new AllOf(ReadFlatParts(reader, codePage, depth)),
            Kind.Or => new AnyOf(ReadFlatParts(reader, codePage, depth)),
            Kind.Not => new NotThat(ReadFlat(reader, codePage, depth + 1)),
            Kind.Content => new Like(reader.ReadUInt32(), ReadFlatValue(reader, codePage)),
            Kind.Property => new Compares(reader.ReadByte(), ReadFlatValue(reader, codePage)),
            Kind.Compare or Kind.Bitmask or Kind.Size => new Measures((uint)kind, reader.ReadByte(), reader.ReadPropertyTag(), reader.ReadUInt32()),
            Kind.Exist => new Exists(reader.ReadPropertyTag()),
            _ => throw new MapiProtocolException($"An NSPI restriction has the kind {(uint)kind}, which an address book does not have."),
        };
    }

    internal void WriteFlat(RopWriter writer, int codePage)
    {
        switch (this)
        {
            case AllOf all: WriteFlatParts(writer, Kind.And, all.Parts, codePage); break;
            case AnyOf any: WriteFlatParts(writer, Kind.Or, any.Parts, codePage); break;
            case NotThat not:
                writer.WriteByte((byte)Kind.Not);
                not.Part.WriteFlat(writer, codePage);
                break;
            case Like like: WriteFlatValue(writer.WriteByte((byte)Kind.Content).WriteUInt32(like.FuzzyLevel), like.Value, codePage); break;
            case Compares compares:
                WriteFlatValue(writer.WriteByte((byte)Kind.Property).WriteByte((byte)compares.RelationalOperator), compares.Value, codePage);
                break;
            case Measures measures:
                writer.WriteByte((byte)measures.RestrictionType).WriteByte((byte)measures.First).WritePropertyTag(measures.Tag).WriteUInt32(measures.Last);
                break;
            case Exists exists: writer.WriteByte((byte)Kind.Exist).WritePropertyTag(exists.Tag); break;
            default: throw new UnreachableException();
        }
    }

    private static AddressBookRestriction[] ReadFlatParts(RopReader reader, int codePage, int depth)
    {
        var count = reader.ReadUInt32();
        if (count > reader.Remaining) throw reader.Broken($"{count} restrictions");
        return reader.ReadArray((int)count, sizeof(byte), () => ReadFlat(reader, codePage, depth + 1));
    }

    private static void WriteFlatParts(RopWriter writer, Kind kind, IReadOnlyList<AddressBookRestriction> parts, int codePage)
    {
        writer.WriteByte((byte)kind).WriteUInt32((uint)parts.Count);
        foreach (var part in parts) part.WriteFlat(writer, codePage);
    }

    // The tag, whether there is a value, and the value with its own tag, whose type need not be the same.
    private static PropertyValue ReadFlatValue(RopReader reader, int codePage)
    {
        var tag = reader.ReadPropertyTag();
        if (reader.Remaining > 0 && reader.PeekByte() == HasValue) reader.ReadByte();
        var value = FlatValues.ReadTagged(reader, codePage) ?? throw reader.Broken("the value of a restriction");
        return value with { Tag = tag };
    }

    private static void WriteFlatValue(RopWriter writer, PropertyValue value, int codePage) =>
        FlatValues.WriteTagged(writer.WritePropertyTag(value.Tag).WriteByte(HasValue), value, codePage);
}
