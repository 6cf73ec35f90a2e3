using System.Diagnostics;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>A condition on address book objects (Restriction_r). Source: [MS-OXNSPI] 2.2.5.</summary>
public abstract partial record AddressBookRestriction
{
    private const int MaximumDepth = 32;
    private const int RestrictionSize = 12;

    private enum Kind : uint
    {
        And = 0,
        Or = 1,
        Not = 2,
        Content = 3,
        Property = 4,
        Compare = 5,
        Bitmask = 6,
        Size = 7,
        Exist = 8,
    }

    internal static AddressBookRestriction Read(ref NdrReader reader, int codePage) => ReadTail(ref reader, ReadHead(ref reader), codePage, 0);

    internal void Write(NdrWriter writer, int codePage)
    {
        WriteHead(writer);
        WriteTail(writer, codePage);
    }

    private readonly record struct Head(Kind Kind, uint First, PropertyTag Tag, bool HasPointer, uint Last = 0);

    private static Head ReadHead(ref NdrReader reader)
    {
        var kind = (Kind)reader.ReadUInt32();
        if ((Kind)reader.ReadUInt32() != kind) throw new MapiProtocolException("An NSPI restriction names two different kinds.");
        switch (kind)
        {
            case Kind.And or Kind.Or: return new(kind, reader.ReadUInt32(), default, reader.ReadPointer());
            case Kind.Not: return new(kind, 1, default, reader.ReadPointer());
            case Kind.Content or Kind.Property: return new(kind, reader.ReadUInt32(), new PropertyTag(reader.ReadUInt32()), reader.ReadPointer());
            case Kind.Compare or Kind.Bitmask or Kind.Size or Kind.Exist:
                var (first, tag) = (reader.ReadUInt32(), new PropertyTag(reader.ReadUInt32()));
                return new(kind, first, tag, true, reader.ReadUInt32());
            default: throw new MapiProtocolException($"An NSPI restriction has the kind {(uint)kind}, which an address book does not have.");
        }
    }

    private static AddressBookRestriction ReadTail(ref NdrReader reader, Head head, int codePage, int depth)
    {
        if (!head.HasPointer) throw new MapiProtocolException("An NSPI restriction has a NULL part.");
        if (depth > MaximumDepth) throw new MapiProtocolException($"An NSPI restriction is more than {MaximumDepth} levels deep.");
        return head.Kind switch
        {
            Kind.And => new AllOf(ReadParts(ref reader, codePage, depth)),
            Kind.Or => new AnyOf(ReadParts(ref reader, codePage, depth)),
            Kind.Not => new NotThat(ReadTail(ref reader, ReadHead(ref reader), codePage, depth + 1)),
            Kind.Content => new Like(head.First, NdrValues.ReadOne(ref reader, codePage) with { Tag = head.Tag }),
            Kind.Property => new Compares(head.First, NdrValues.ReadOne(ref reader, codePage) with { Tag = head.Tag }),
            Kind.Exist => new Exists(head.Tag),
            _ => new Measures((uint)head.Kind, head.First, head.Tag, head.Last),
        };
    }

    private static AddressBookRestriction[] ReadParts(ref NdrReader reader, int codePage, int depth)
    {
        var heads = new Head[reader.ReadConformance(RestrictionSize)];
        for (var i = 0; i < heads.Length; i++) heads[i] = ReadHead(ref reader);
        var parts = new AddressBookRestriction[heads.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = ReadTail(ref reader, heads[i], codePage, depth + 1);
        return parts;
    }

    private void WriteHead(NdrWriter writer)
    {
        var head = this switch
        {
            AllOf all => new Head(Kind.And, (uint)all.Parts.Count, default, true),
            AnyOf any => new Head(Kind.Or, (uint)any.Parts.Count, default, true),
            NotThat => new Head(Kind.Not, 0, default, true),
            Like like => new Head(Kind.Content, like.FuzzyLevel, like.Value.Tag, true),
            Compares compares => new Head(Kind.Property, compares.RelationalOperator, compares.Value.Tag, true),
            Exists exists => new Head(Kind.Exist, 0, exists.Tag, false),
            Measures measures => new Head((Kind)measures.RestrictionType, measures.First, measures.Tag, false, measures.Last),
            _ => throw new UnreachableException(),
        };
        writer.WriteUInt32((uint)head.Kind);
        writer.WriteUInt32((uint)head.Kind);
        if (head.Kind != Kind.Not) writer.WriteUInt32(head.First);
        if (head.Kind >= Kind.Content) writer.WriteUInt32(head.Tag.Value);
        if (head.HasPointer) writer.WritePointer(true);
        else writer.WriteUInt32(head.Last);
    }

    private void WriteTail(NdrWriter writer, int codePage)
    {
        switch (this)
        {
            case AllOf all: WriteParts(writer, all.Parts, codePage); break;
            case AnyOf any: WriteParts(writer, any.Parts, codePage); break;
            case NotThat not: not.Part.Write(writer, codePage); break;
            case Like like: NdrValues.WriteOne(writer, like.Value, codePage); break;
            case Compares compares: NdrValues.WriteOne(writer, compares.Value, codePage); break;
            default: break;
        }
    }

    private static void WriteParts(NdrWriter writer, IReadOnlyList<AddressBookRestriction> parts, int codePage)
    {
        writer.WriteInt32(parts.Count);
        foreach (var part in parts) part.WriteHead(writer);
        foreach (var part in parts) part.WriteTail(writer, codePage);
    }

    public sealed record AllOf(IReadOnlyList<AddressBookRestriction> Parts) : AddressBookRestriction;

    public sealed record AnyOf(IReadOnlyList<AddressBookRestriction> Parts) : AddressBookRestriction;

    public sealed record NotThat(AddressBookRestriction Part) : AddressBookRestriction;

    /// <summary>The property holds the text: low word of the level 0 full string, 1 substring, 2 prefix. Source: [MS-OXCDATA] 2.12.4.</summary>
    public sealed record Like(uint FuzzyLevel, PropertyValue Value) : AddressBookRestriction;

    /// <summary>The property compares with the value: 0 &lt;, 1 &lt;=, 2 &gt;, 3 &gt;=, 4 =, 5 ≠. Source: [MS-OXCDATA] 2.12.5.</summary>
    public sealed record Compares(uint RelationalOperator, PropertyValue Value) : AddressBookRestriction
    {
        public const uint EqualTo = 4;
    }

    public sealed record Exists(PropertyTag Tag) : AddressBookRestriction;

    /// <summary>Compares two properties (kind 5), bits (6) or a size (7): the numbers as they came, since no address book needs to serve them.</summary>
    public sealed record Measures(uint RestrictionType, uint First, PropertyTag Tag, uint Last) : AddressBookRestriction;
}
