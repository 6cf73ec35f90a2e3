using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>A condition on address book objects (Restriction_r). Source: [MS-OXNSPI] 2.2.5.</summary>
public abstract record AddressBookRestriction
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
        Exist = 8,
    }

    internal static AddressBookRestriction Read(ref NdrReader reader, int codePage) => ReadTail(ref reader, ReadHead(ref reader), codePage, 0);

    internal void Write(NdrWriter writer, int codePage)
    {
        WriteHead(writer);
        WriteTail(writer, codePage);
    }

    private readonly record struct Head(Kind Kind, uint First, PropertyTag Tag, bool HasPointer);

    private static Head ReadHead(ref NdrReader reader)
    {
        var kind = (Kind)reader.ReadUInt32();
        if ((Kind)reader.ReadUInt32() != kind) throw new MapiProtocolException("An NSPI restriction names two different kinds.");
        switch (kind)
        {
            case Kind.And or Kind.Or: return new(kind, reader.ReadUInt32(), default, reader.ReadPointer());
            case Kind.Not: return new(kind, 1, default, reader.ReadPointer());
            case Kind.Content or Kind.Property: return new(kind, reader.ReadUInt32(), new PropertyTag(reader.ReadUInt32()), reader.ReadPointer());
            case Kind.Exist:
                _ = reader.ReadUInt32();
                var tag = new PropertyTag(reader.ReadUInt32());
                _ = reader.ReadUInt32();
                return new(kind, 0, tag, true);
            default: throw new MapiException("NspiGetMatches", NspiStatus.TooComplex, $"restriction kind {(uint)kind}");
        }
    }

    private static AddressBookRestriction ReadTail(ref NdrReader reader, Head head, int codePage, int depth)
    {
        if (!head.HasPointer) throw new MapiProtocolException("An NSPI restriction has a NULL part.");
        if (depth > MaximumDepth) throw new MapiException("NspiGetMatches", NspiStatus.TooComplex);
        return head.Kind switch
        {
            Kind.And => new AllOf(ReadParts(ref reader, codePage, depth)),
            Kind.Or => new AnyOf(ReadParts(ref reader, codePage, depth)),
            Kind.Not => new NotThat(ReadTail(ref reader, ReadHead(ref reader), codePage, depth + 1)),
            Kind.Content => new Like(head.First, NdrValues.ReadOne(ref reader, codePage) with { Tag = head.Tag }),
            Kind.Property => new Compares(head.First, NdrValues.ReadOne(ref reader, codePage) with { Tag = head.Tag }),
            _ => new Exists(head.Tag),
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
        var (kind, first, tag) = this switch
        {
            AllOf all => (Kind.And, (uint)all.Parts.Count, default(PropertyTag)),
            AnyOf any => (Kind.Or, (uint)any.Parts.Count, default),
            NotThat => (Kind.Not, 0u, default),
            Like like => (Kind.Content, like.FuzzyLevel, like.Value.Tag),
            Compares compares => (Kind.Property, compares.RelationalOperator, compares.Value.Tag),
            Exists exists => (Kind.Exist, 0u, exists.Tag),
            _ => throw new InvalidOperationException(GetType().Name),
        };
        writer.WriteUInt32((uint)kind);
        writer.WriteUInt32((uint)kind);
        if (kind != Kind.Not) writer.WriteUInt32(first);
        if (kind is Kind.Content or Kind.Property or Kind.Exist) writer.WriteUInt32(tag.Value);
        if (kind == Kind.Exist) writer.WriteUInt32(0);
        else writer.WritePointer(true);
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
}
