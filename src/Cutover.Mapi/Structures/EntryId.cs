using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>
/// The name of an object in a store, an address book or a contact. Flags are 0 in an id that is kept; the provider tells who understands the rest.
/// Source: [MS-OXCDATA] 2.2.
/// </summary>
/// <param name="Rest">Bytes after the fields, kept as they came.</param>
public abstract record EntryId(uint Flags, Guid Provider, ReadOnlyMemory<byte> Rest)
{
    private const int DeepestWrapping = 8;
    private const byte Ephemeral = 0x87;
    private const int FolderSize = 26;
    private const int MessageSize = 50;

    /// <summary>Reads what is known of an id; one of an unknown provider is an <see cref="OtherEntryId"/>.</summary>
    /// <exception cref="MapiProtocolException">The id is shorter than its kind.</exception>
    public static EntryId Parse(ReadOnlyMemory<byte> bytes) => Parse(bytes, 0);

    internal static EntryId Parse(ReadOnlyMemory<byte> bytes, int depth)
    {
        var reader = new RopReader(bytes);
        if (depth > DeepestWrapping) throw reader.Broken($"an entry id wrapped {DeepestWrapping} times at most");
        var (flags, provider) = (reader.ReadUInt32(), reader.ReadGuid());
        if ((byte)flags == Ephemeral) return EphemeralEntryId.Read(flags, provider, reader);
        if (provider == OneOffEntryId.Id) return OneOffEntryId.Read(flags, reader);
        if (provider == AddressBookEntryId.Id) return AddressBookEntryId.Read(flags, reader);
        if (provider == StoreEntryId.Id) return StoreEntryId.Read(flags, reader);
        if (provider == WrappedEntryId.Id) return WrappedEntryId.Read(flags, reader, depth);
        if (provider == ContactEntryId.Id) return ContactEntryId.Read(flags, reader, depth);
        return reader.Remaining switch
        {
            FolderSize => FolderEntryId.Read(flags, provider, reader),
            MessageSize => MessageEntryId.Read(flags, provider, reader),
            _ => new OtherEntryId(flags, provider, reader.ReadToEnd()),
        };
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteUInt32(Flags).WriteGuid(Provider);
        WriteFields(writer);
        return writer.WriteBytes(Rest.Span).ToArray();
    }

    private protected abstract void WriteFields(RopWriter writer);

    internal static string Hex(ReadOnlyMemory<byte> counter) => Convert.ToHexString(counter.Span);
}

/// <summary>An id that only its provider can read.</summary>
public sealed record OtherEntryId(uint Flags, Guid Provider, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Provider, Rest)
{
    public override string ToString() => $"entry id of provider {Provider}, {Rest.Length} bytes";

    private protected override void WriteFields(RopWriter writer) { }
}

/// <summary>A folder: the provider is the mailbox. Source: [MS-OXCDATA] 2.2.4.1.</summary>
/// <param name="Type">1: a folder of a mailbox; 3: a public folder.</param>
/// <param name="Counter">Six bytes, the most significant first.</param>
public sealed record FolderEntryId(uint Flags, Guid Provider, ushort Type, Guid Database, ReadOnlyMemory<byte> Counter, ReadOnlyMemory<byte> Rest)
    : EntryId(Flags, Provider, Rest)
{
    public override string ToString() => $"folder {Hex(Counter)} of {Database}";

    internal static FolderEntryId Read(uint flags, Guid provider, RopReader reader) =>
        new(flags, provider, reader.ReadUInt16(), reader.ReadGuid(), reader.ReadBytes(6), reader.ReadToEnd());

    private protected override void WriteFields(RopWriter writer) => writer.WriteUInt16(Type).WriteGuid(Database).WriteBytes(Counter.Span);
}

/// <summary>A message in a folder. Source: [MS-OXCDATA] 2.2.4.2.</summary>
public sealed record MessageEntryId(
    uint Flags, Guid Provider, ushort Type, Guid FolderDatabase, ReadOnlyMemory<byte> FolderCounter, ReadOnlyMemory<byte> Pad, Guid Database,
    ReadOnlyMemory<byte> Counter, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Provider, Rest)
{
    public override string ToString() => $"message {Hex(Counter)} in folder {Hex(FolderCounter)} of {Database}";

    internal static MessageEntryId Read(uint flags, Guid provider, RopReader reader) => new(
        flags, provider, reader.ReadUInt16(), reader.ReadGuid(), reader.ReadBytes(6), reader.ReadBytes(2), reader.ReadGuid(), reader.ReadBytes(6), reader.ReadToEnd());

    private protected override void WriteFields(RopWriter writer) => writer
        .WriteUInt16(Type).WriteGuid(FolderDatabase).WriteBytes(FolderCounter.Span).WriteBytes(Pad.Span).WriteGuid(Database).WriteBytes(Counter.Span);
}

/// <summary>An entry of the organisation's address book. Source: [MS-OXCDATA] 2.2.5.2.</summary>
/// <param name="Type">0: a user of this organisation; 1: a distribution list; 0x100: a container; the others are in 2.2.5.2.</param>
public sealed record AddressBookEntryId(uint Flags, uint Version, uint Type, string X500DN, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Id, Rest)
{
    internal static readonly Guid Id = new(Convert.FromHexString("DCA740C8C042101AB4B908002B2FE182"));

    public static AddressBookEntryId Of(string legacyExchangeDN) => new(0, 1, 0, legacyExchangeDN, default);

    public override string ToString() => X500DN;

    internal static AddressBookEntryId Read(uint flags, RopReader reader) => new(flags, reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadString8(), reader.ReadToEnd());

    private protected override void WriteFields(RopWriter writer) => writer.WriteUInt32(Version).WriteUInt32(Type).WriteString8(X500DN);
}

/// <summary>An entry of an address book while a session lasts. Source: [MS-NSPI] 2.2.9.2.</summary>
public sealed record EphemeralEntryId(uint Flags, Guid Provider, uint Version, uint Type, uint Mid, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Provider, Rest)
{
    public override string ToString() => $"address book entry 0x{Mid:X} of the server {Provider}, for a session";

    internal static EphemeralEntryId Read(uint flags, Guid provider, RopReader reader) =>
        new(flags, provider, reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadToEnd());

    private protected override void WriteFields(RopWriter writer) => writer.WriteUInt32(Version).WriteUInt32(Type).WriteUInt32(Mid);
}

/// <summary>Somebody who is in no address book. Source: [MS-OXCDATA] 2.2.5.1.</summary>
/// <param name="Options">0x8000: texts are UTF-16; 0x1000: don't look it up; 0x0001: MIME.</param>
public sealed record OneOffEntryId(uint Flags, ushort Version, ushort Options, string DisplayName, string AddressType, string EmailAddress, ReadOnlyMemory<byte> Rest)
    : EntryId(Flags, Id, Rest)
{
    private const ushort Unicode = 0x8000;
    private const ushort UnicodeMime = 0x9001;

    internal static readonly Guid Id = new(Convert.FromHexString("812B1FA4BEA310199D6E00DD010F5402"));

    public static OneOffEntryId Of(string displayName, string addressType, string emailAddress) => new(0, 0, UnicodeMime, displayName, addressType, emailAddress, default);

    public override string ToString() => $"{DisplayName} [{AddressType}:{EmailAddress}]";

    internal static OneOffEntryId Read(uint flags, RopReader reader)
    {
        var (version, options) = (reader.ReadUInt16(), reader.ReadUInt16());
        string Text() => (options & Unicode) != 0 ? reader.ReadString() : reader.ReadString8();
        return new OneOffEntryId(flags, version, options, Text(), Text(), Text(), reader.ReadToEnd());
    }

    private protected override void WriteFields(RopWriter writer)
    {
        writer.WriteUInt16(Version).WriteUInt16(Options);
        foreach (var text in (string[])[DisplayName, AddressType, EmailAddress])
            _ = (Options & Unicode) != 0 ? writer.WriteString(text) : writer.WriteString8(text);
    }
}

/// <summary>A member of a personal distribution list, or an address of a contact: another id with what it is. Source: [MS-OXOCNTC] 2.2.2.2.4.1.1.</summary>
public sealed record WrappedEntryId(uint Flags, byte Type, EntryId Embedded) : EntryId(Flags, Id, default)
{
    private const int HeaderSize = 21;

    internal static readonly Guid Id = new(Convert.FromHexString("C091ADD3519DCF11A4A900AA0047FAA4"));

    public override string ToString() => Embedded.ToString();

    /// <summary>The bytes of the id within, or the id itself.</summary>
    public static byte[] Unwrap(byte[] entryId) =>
        entryId.Length > HeaderSize && new Guid(entryId.AsSpan(4, 16)) == Id ? entryId[HeaderSize..] : entryId;

    internal static WrappedEntryId Read(uint flags, RopReader reader, int depth) => new(flags, reader.ReadByte(), Parse(reader.ReadToEnd(), depth + 1));

    private protected override void WriteFields(RopWriter writer) => writer.WriteByte(Type).WriteBytes(Embedded.ToBytes());
}

/// <summary>An address of a contact (type 4) or a personal distribution list (type 5) in a folder of contacts. Source: [MS-OXCDATA] 2.2.5.3, 2.2.5.4.</summary>
/// <param name="Index">Which address: 0 to 2 for e-mail, 3 to 5 for fax.</param>
/// <param name="Embedded">The contact's own id; null when it isn't whole.</param>
public sealed record ContactEntryId(uint Flags, uint Version, uint Type, uint Index, EntryId? Embedded, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Id, Rest)
{
    private const uint Contact = 4;
    private const uint List = 5;

    internal static readonly Guid Id = new(Convert.FromHexString("FE42AA0A18C71A10E8850B651C240000"));

    public override string ToString() => Embedded is null ? $"contact id of type {Type}" : $"address {Index} of contact: {Embedded}";

    internal static ContactEntryId Read(uint flags, RopReader reader, int depth)
    {
        var (version, type) = (reader.ReadUInt32(), reader.ReadUInt32());
        if (type is not (Contact or List)) return new ContactEntryId(flags, version, type, 0, null, reader.ReadToEnd());
        return new ContactEntryId(flags, version, type, reader.ReadUInt32(), Parse(reader.ReadBytes(reader.ReadInt32()), depth + 1), reader.ReadToEnd());
    }

    private protected override void WriteFields(RopWriter writer)
    {
        writer.WriteUInt32(Version).WriteUInt32(Type);
        if (Embedded?.ToBytes() is not { } bytes) return;
        writer.WriteUInt32(Index).WriteInt32(bytes.Length).WriteBytes(bytes);
    }
}
