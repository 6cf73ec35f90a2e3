using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>What kind of address a recipient row has. Source: [MS-OXCDATA] 2.8.3.1.</summary>
public enum RecipientAddressKind : byte
{
    None = 0,
    X500DN = 1,
    MicrosoftMail = 2,
    Smtp = 3,
    Fax = 4,
    ProfessionalOffice = 5,
    PersonalDistributionList1 = 6,
    PersonalDistributionList2 = 7,
}

/// <summary>
/// A recipient in its wire form: the usual columns each in their place, then the values of the columns that the message has beside them.
/// Source: [MS-OXCDATA] 2.8.3.2.
/// </summary>
/// <param name="Properties">The first columns of the message's recipient columns; there may be fewer values than columns.</param>
public sealed record RecipientRow(RecipientAddressKind Kind, PropertyRow Properties)
{
    private const ushort KindMask = 0x0007;
    private const ushort HasEmailAddress = 0x0008;
    private const ushort HasDisplayName = 0x0010;
    private const ushort HasTransmittableName = 0x0020;
    private const ushort TransmittableIsDisplayName = 0x0040;
    private const ushort OtherTransport = 0x0080;
    private const ushort IsUnicode = 0x0200;
    private const ushort HasSimpleName = 0x0400;
    private const ushort HasAddressType = 0x8000;

    /// <summary>Bytes of the sender's DN prefix that <see cref="X500DN"/> leaves out; of an X500DN only.</summary>
    public byte AddressPrefixUsed { get; init; }

    /// <summary>0 user, 1 distribution list, 2 forum, 3 agent, 4 organisation, 5 private list, 6 remote mailbox; of an X500DN only.</summary>
    public byte DisplayType { get; init; }

    public string? X500DN { get; init; }

    /// <summary>The entry id of a personal distribution list.</summary>
    public ReadOnlyMemory<byte> EntryId { get; init; }

    /// <summary>The search key of a personal distribution list.</summary>
    public ReadOnlyMemory<byte> SearchKey { get; init; }

    /// <summary>Of an address of no known kind only.</summary>
    public string? AddressType { get; init; }

    public string? EmailAddress { get; init; }

    public string? DisplayName { get; init; }

    public string? SimpleDisplayName { get; init; }

    public string? TransmittableDisplayName { get; init; }

    /// <summary>The transmittable name is the display name and is not sent twice.</summary>
    public bool IsTransmittableNameSame { get; init; }

    /// <summary>Another transport delivers to this one.</summary>
    public bool IsOtherTransport { get; init; }

    /// <summary>Strings are UTF-16, else 8-bit characters. The X500 DN and the address type always are the latter.</summary>
    public bool HasUnicodeStrings { get; init; } = true;

    public void Write(RopWriter writer, IReadOnlyList<PropertyTag> columns)
    {
        writer.WriteUInt16(Flags());
        if (Kind == RecipientAddressKind.X500DN) writer.WriteByte(AddressPrefixUsed).WriteByte(DisplayType).WriteString8(X500DN ?? "");
        if (IsDistributionList(Kind))
            writer.WriteCount(EntryId.Length).WriteBytes(EntryId.Span).WriteCount(SearchKey.Length).WriteBytes(SearchKey.Span);
        if (Kind == RecipientAddressKind.None && AddressType is { } type) writer.WriteString8(type);
        foreach (var text in new[] { EmailAddress, DisplayName, SimpleDisplayName, TransmittableDisplayName })
        {
            if (text is null) continue;
            _ = HasUnicodeStrings ? writer.WriteString(text) : writer.WriteString8(text);
        }
        writer.WriteCount(Properties.Values.Count);
        Properties.Write(writer, columns.Take(Properties.Values.Count).ToArray());
    }

    /// <exception cref="MapiProtocolException">It is cut, or has more values than there are columns.</exception>
    public static RecipientRow Read(RopReader reader, IReadOnlyList<PropertyTag> columns)
    {
        var flags = reader.ReadUInt16();
        var row = ReadAddress(reader, flags) with
        {
            EmailAddress = ReadText(reader, flags, HasEmailAddress),
            DisplayName = ReadText(reader, flags, HasDisplayName),
            SimpleDisplayName = ReadText(reader, flags, HasSimpleName),
            TransmittableDisplayName = ReadText(reader, flags, HasTransmittableName),
            IsTransmittableNameSame = (flags & TransmittableIsDisplayName) != 0,
            IsOtherTransport = (flags & OtherTransport) != 0,
            HasUnicodeStrings = (flags & IsUnicode) != 0,
        };
        var count = reader.ReadUInt16();
        if (count > columns.Count) throw reader.Broken($"at most {columns.Count} recipient columns, not {count},");
        return row with { Properties = PropertyRow.Read(reader, columns.Take(count).ToArray()) };
    }

    private static RecipientRow ReadAddress(RopReader reader, ushort flags)
    {
        var row = new RecipientRow((RecipientAddressKind)(flags & KindMask), new PropertyRow([]));
        if (row.Kind == RecipientAddressKind.X500DN)
            return row with { AddressPrefixUsed = reader.ReadByte(), DisplayType = reader.ReadByte(), X500DN = reader.ReadString8() };
        if (IsDistributionList(row.Kind))
            return row with { EntryId = reader.ReadBytes(reader.ReadUInt16()), SearchKey = reader.ReadBytes(reader.ReadUInt16()) };
        var hasType = row.Kind == RecipientAddressKind.None && (flags & HasAddressType) != 0;
        return hasType ? row with { AddressType = reader.ReadString8() } : row;
    }

    private static bool IsDistributionList(RecipientAddressKind kind) =>
        kind is RecipientAddressKind.PersonalDistributionList1 or RecipientAddressKind.PersonalDistributionList2;

    private static string? ReadText(RopReader reader, ushort flags, ushort presence)
    {
        if ((flags & presence) == 0) return null;
        return (flags & IsUnicode) != 0 ? reader.ReadString() : reader.ReadString8();
    }

    private ushort Flags()
    {
        var flags = (ushort)Kind;
        if (EmailAddress is not null) flags |= HasEmailAddress;
        if (DisplayName is not null) flags |= HasDisplayName;
        if (TransmittableDisplayName is not null) flags |= HasTransmittableName;
        if (IsTransmittableNameSame) flags |= TransmittableIsDisplayName;
        if (IsOtherTransport) flags |= OtherTransport;
        if (HasUnicodeStrings) flags |= IsUnicode;
        if (SimpleDisplayName is not null) flags |= HasSimpleName;
        if (Kind == RecipientAddressKind.None && AddressType is not null) flags |= HasAddressType;
        return flags;
    }
}
