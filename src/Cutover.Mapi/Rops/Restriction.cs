using System.Diagnostics;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>Source: [MS-OXCDATA] 2.12.5.1.</summary>
public enum RelationalOperator : byte
{
    LessThan = 0x00,
    LessThanOrEqual = 0x01,
    GreaterThan = 0x02,
    GreaterThanOrEqual = 0x03,
    Equal = 0x04,
    NotEqual = 0x05,

    /// <summary>The value is the DN of a distribution list that the property is a member of.</summary>
    MemberOfDistributionList = 0x64,
}

/// <summary>How much of a value must match. Source: [MS-OXCDATA] 2.12.4.1.</summary>
public enum FuzzyLevel : ushort
{
    FullString = 0x0000,
    Substring = 0x0001,
    Prefix = 0x0002,
}

/// <summary>What of a text may differ. Source: [MS-OXCDATA] 2.12.4.1.</summary>
[Flags]
public enum FuzzyOptions : ushort
{
    None = 0x0000,
    IgnoreCase = 0x0001,
    IgnoreNonSpace = 0x0002,
    Loose = 0x0004,
}

/// <summary>A condition on the rows of a table or on the messages that a rule looks at. Source: [MS-OXCDATA] 2.12.</summary>
public abstract record Restriction
{
    private const int MaximumDepth = 64;
    private const int MinimumSize = 2;

    private enum Kind : byte
    {
        And = 0x00,
        Or = 0x01,
        Not = 0x02,
        Content = 0x03,
        Property = 0x04,
        CompareProperties = 0x05,
        BitMask = 0x06,
        Size = 0x07,
        Exist = 0x08,
        SubObject = 0x09,
        Comment = 0x0A,
        Count = 0x0B,
    }

    /// <exception cref="MapiProtocolException">It is cut, of a kind that there is not, or deeper than anybody needs.</exception>
    public static Restriction Read(RopReader reader) => Read(reader, 0);

    public void Write(RopWriter writer)
    {
        switch (this)
        {
            case And all: Start(writer, Kind.And).WriteParts(all.Parts); break;
            case Or any: Start(writer, Kind.Or).WriteParts(any.Parts); break;
            case Not not: not.Part.Write(Start(writer, Kind.Not)); break;
            case Content content: content.WriteBody(Start(writer, Kind.Content)); break;
            case Property property: property.WriteBody(Start(writer, Kind.Property)); break;
            case CompareProperties compare:
                Start(writer, Kind.CompareProperties).WriteByte((byte)compare.Operator).WritePropertyTag(compare.First).WritePropertyTag(compare.Second);
                break;
            case BitMask bits: Start(writer, Kind.BitMask).WriteBoolean(bits.IsNotZero).WritePropertyTag(bits.Tag).WriteUInt32(bits.Mask); break;
            case Size size: Start(writer, Kind.Size).WriteByte((byte)size.Operator).WritePropertyTag(size.Tag).WriteUInt32(size.Bytes); break;
            case Exist exist: Start(writer, Kind.Exist).WritePropertyTag(exist.Tag); break;
            case SubObject sub: sub.Part.Write(Start(writer, Kind.SubObject).WritePropertyTag(sub.Table)); break;
            case Comment comment: comment.WriteBody(Start(writer, Kind.Comment)); break;
            case Count count: count.Part.Write(Start(writer, Kind.Count).WriteUInt32(count.Limit)); break;
            default: throw new UnreachableException();
        }
    }

    private static RopWriter Start(RopWriter writer, Kind kind) => writer.WriteByte((byte)kind);

    private static Restriction Read(RopReader reader, int depth)
    {
        if (depth > MaximumDepth) throw reader.Broken($"a restriction of at most {MaximumDepth} levels");
        return (Kind)reader.ReadByte() switch
        {
            Kind.And => new And(ReadParts(reader, depth)),
            Kind.Or => new Or(ReadParts(reader, depth)),
            Kind.Not => new Not(Read(reader, depth + 1)),
            Kind.Content => Content.ReadBody(reader),
            Kind.Property => Property.ReadBody(reader),
            Kind.CompareProperties => new CompareProperties((RelationalOperator)reader.ReadByte(), reader.ReadPropertyTag(), reader.ReadPropertyTag()),
            Kind.BitMask => new BitMask(reader.ReadBoolean(), reader.ReadPropertyTag(), reader.ReadUInt32()),
            Kind.Size => new Size((RelationalOperator)reader.ReadByte(), reader.ReadPropertyTag(), reader.ReadUInt32()),
            Kind.Exist => new Exist(reader.ReadPropertyTag()),
            Kind.SubObject => new SubObject(reader.ReadPropertyTag(), Read(reader, depth + 1)),
            Kind.Comment => Comment.ReadBody(reader, depth),
            Kind.Count => new Count(reader.ReadUInt32(), Read(reader, depth + 1)),
            var kind => throw reader.Broken($"a kind of restriction, not 0x{(byte)kind:X2},"),
        };
    }

    private static Restriction[] ReadParts(RopReader reader, int depth) =>
        reader.ReadArray(reader.ReadCount(), MinimumSize, () => Read(reader, depth + 1));

    public sealed record And(IReadOnlyList<Restriction> Parts) : Restriction;

    public sealed record Or(IReadOnlyList<Restriction> Parts) : Restriction;

    public sealed record Not(Restriction Part) : Restriction;

    /// <summary>
    /// The property <paramref name="Tag"/> holds the text or bytes of <paramref name="Value"/>, whose own tag may differ (a multiple-value
    /// property against one value). Source: [MS-OXCDATA] 2.12.4.
    /// </summary>
    public sealed record Content(FuzzyLevel Level, FuzzyOptions Options, PropertyTag Tag, PropertyValue Value) : Restriction
    {
        internal void WriteBody(RopWriter writer) =>
            writer.WriteUInt16((ushort)Level).WriteUInt16((ushort)Options).WritePropertyTag(Tag).WritePropertyValue(Value);

        internal static Content ReadBody(RopReader reader) => new(
            (FuzzyLevel)reader.ReadUInt16(), (FuzzyOptions)reader.ReadUInt16(), reader.ReadPropertyTag(), reader.ReadPropertyValue());
    }

    /// <summary>The property compares so with the value. Source: [MS-OXCDATA] 2.12.5.</summary>
    public sealed record Property(RelationalOperator Operator, PropertyTag Tag, PropertyValue Value) : Restriction
    {
        public Property(RelationalOperator relation, PropertyValue value) : this(relation, value.Tag, value) { }

        internal void WriteBody(RopWriter writer) => writer.WriteByte((byte)Operator).WritePropertyTag(Tag).WritePropertyValue(Value);

        internal static Property ReadBody(RopReader reader) =>
            new((RelationalOperator)reader.ReadByte(), reader.ReadPropertyTag(), reader.ReadPropertyValue());
    }

    public sealed record CompareProperties(RelationalOperator Operator, PropertyTag First, PropertyTag Second) : Restriction;

    /// <summary>The property's bits under the mask are all zero, or are not.</summary>
    public sealed record BitMask(bool IsNotZero, PropertyTag Tag, uint Mask) : Restriction;

    /// <summary>The value's size in bytes compares so.</summary>
    public sealed record Size(RelationalOperator Operator, PropertyTag Tag, uint Bytes) : Restriction;

    public sealed record Exist(PropertyTag Tag) : Restriction;

    /// <summary>Some recipient (PidTagMessageRecipients) or attachment (PidTagMessageAttachments) of the message is so.</summary>
    public sealed record SubObject(PropertyTag Table, Restriction Part) : Restriction;

    /// <summary>Values that a client hangs on a restriction for itself; they decide nothing.</summary>
    public sealed record Comment(IReadOnlyList<PropertyValue> Values, Restriction? Part) : Restriction
    {
        internal void WriteBody(RopWriter writer)
        {
            writer.WriteByte(checked((byte)Values.Count));
            foreach (var value in Values) writer.WritePropertyValue(value);
            writer.WriteBoolean(Part is not null);
            Part?.Write(writer);
        }

        internal static Comment ReadBody(RopReader reader, int depth)
        {
            var values = reader.ReadArray(reader.ReadByte(), 5, reader.ReadPropertyValue);
            return new Comment(values, reader.ReadBoolean() ? Read(reader, depth + 1) : null);
        }
    }

    /// <summary>At most so many matches.</summary>
    public sealed record Count(uint Limit, Restriction Part) : Restriction;
}

file static class RestrictionParts
{
    public static void WriteParts(this RopWriter writer, IReadOnlyList<Restriction> parts)
    {
        writer.WriteCount(parts.Count);
        foreach (var part in parts) part.Write(writer);
    }
}
