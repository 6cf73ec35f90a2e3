using System.Text;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>A mailbox or the public folders. Source: [MS-OXCDATA] 2.2.4.3.</summary>
/// <param name="DllFileName">14 bytes: EMSMDB.DLL and NULs for a store of Exchange; of any other the rest isn't read.</param>
/// <param name="MailboxDN">Null for public folders.</param>
/// <param name="Rest">The second and third versions' additions.</param>
public sealed record StoreEntryId(
    uint Flags, byte Version, byte Flag, ReadOnlyMemory<byte> DllFileName, StoreEntryId.WrappedStore? Store, ReadOnlyMemory<byte> Rest) : EntryId(Flags, Id, Rest)
{
    private const uint V2 = 0xF32135D8;
    private const uint V3 = 0xF43246E9;
    private const uint Public = 2; // OPENSTORE_PUBLIC

    internal static readonly Guid Id = new(Convert.FromHexString("38A1BB1005E5101AA1BB08002B2A56C2"));

    /// <summary>What Exchange puts behind the DLL's name.</summary>
    public sealed record WrappedStore(uint Flags, Guid Provider, uint Type, string ServerShortname, string? MailboxDN);

    /// <summary>The DN of the server, of the second version.</summary>
    public string? ServerDN => Addition(V2, offsetAt: 12, reader => reader.ReadString8());

    /// <summary>The mailbox's SMTP address, of the third version, which hosted mailboxes have.</summary>
    public string? SmtpAddress => Addition(V3, offsetAt: 12, reader => reader.ReadString());

    public override string ToString() => Store is null ? Encoding.Latin1.GetString(DllFileName.Span).TrimEnd('\0')
        : $"store {Store.MailboxDN ?? "public folders"} on {Store.ServerShortname}";

    internal static StoreEntryId Read(uint flags, RopReader reader)
    {
        var (version, flag, dll) = (reader.ReadByte(), reader.ReadByte(), reader.ReadBytes(14));
        if (!dll.Span.StartsWith("EMSMDB.DLL\0"u8)) return new StoreEntryId(flags, version, flag, dll, null, reader.ReadToEnd());
        var (wrappedFlags, provider, type, server) = (reader.ReadUInt32(), reader.ReadGuid(), reader.ReadUInt32(), reader.ReadString8());
        var mailbox = reader.AtEnd || (type & Public) != 0 ? null : reader.ReadString8();
        return new StoreEntryId(flags, version, flag, dll, new WrappedStore(wrappedFlags, provider, type, server, mailbox), reader.ReadToEnd());
    }

    private protected override void WriteFields(RopWriter writer)
    {
        writer.WriteByte(Version).WriteByte(Flag).WriteBytes(DllFileName.Span);
        if (Store is null) return;
        writer.WriteUInt32(Store.Flags).WriteGuid(Store.Provider).WriteUInt32(Store.Type).WriteString8(Store.ServerShortname);
        if (Store.MailboxDN is { } mailbox) writer.WriteString8(mailbox);
    }

    // Magic, Size, Version, then offsets from the magic on. Null when it isn't there or broken: nothing needs it.
    private string? Addition(uint magic, int offsetAt, Func<RopReader, string> read)
    {
        try
        {
            var reader = new RopReader(Rest);
            if (reader.ReadUInt32() != magic) return null;
            reader.ReadBytes(offsetAt - 4);
            var offset = reader.ReadUInt32();
            return offset == 0 || offset > Rest.Length ? null : read(new RopReader(Rest[(int)offset..]));
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }
}
