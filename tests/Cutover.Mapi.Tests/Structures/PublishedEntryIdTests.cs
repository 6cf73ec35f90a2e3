using System.Text;
using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Tests.Structures;

/// <summary>Entry ids as another parser reads them, field by field.</summary>
public sealed class PublishedEntryIdTests
{
    // What the parser adds of its own: names of flags, and what it could not read.
    private static readonly string[] Ignored = ["Unparsed data size", "abFlags[0]", "abFlags[1..3]", "Flags"];

    [Theory]
    [InlineData("4-eid2")]
    [InlineData("4-eid4")]
    [InlineData("4-eid5")]
    [InlineData("4-eid7")]
    [InlineData("4-eid9")]
    [InlineData("4-eid11")]
    [InlineData("4-eid12")]
    [InlineData("4-eid25")]
    [InlineData("4-eid26")]
    [InlineData("4-eid27")]
    [InlineData("4-eid28")]
    [InlineData("4-eid30")]
    [InlineData("4-eid32")]
    [InlineData("4-eid38")]
    [InlineData("4-eid40")]
    public void An_entry_id_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var id = EntryId.Parse(blob.Bytes);
        blob.AssertSays(Fields(id), [.. Ignored, .. Additions(id)]);
        Assert.Equal(blob.Bytes, id.ToBytes());
    }

    // 24 is a broken id: an address book entry whose DN is cut and goes on with bytes of another; 36 and 37 are of kinds that no specification names.
    [Theory]
    [InlineData("4-eid24")]
    [InlineData("4-eid36")]
    [InlineData("4-eid37")]
    public void An_odd_entry_id_keeps_its_bytes(string name)
    {
        var bytes = new PublishedBlob(name).Bytes;
        Assert.Equal(bytes, EntryId.Parse(bytes).ToBytes());
    }

    [Fact]
    public void A_store_id_tells_the_server_or_the_address_of_its_later_versions()
    {
        Assert.Equal(
            "/o=microsoft/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=SERVER",
            ((StoreEntryId)EntryId.Parse(new PublishedBlob("4-eid30").Bytes)).ServerDN);
        Assert.Equal("USER.NAME@example.com", ((StoreEntryId)EntryId.Parse(new PublishedBlob("4-eid38").Bytes)).SmtpAddress);
    }

    private static IEnumerable<(string Name, object Value)> Fields(EntryId id) =>
    [
        .. (byte)id.Flags == 0x87 ? Array.Empty<(string, object)>() : [("abFlags", id.Flags)], ("Provider GUID", id.Provider), .. Body(id),
        .. id is StoreEntryId { Store: not null } || id.Rest.Length == 0 ? Array.Empty<(string, object)>() : [("lpb", id.Rest)],
    ];

    private static IEnumerable<(string Name, object Value)> Body(EntryId id) => id switch
    {
        FolderEntryId folder => [("Folder Type", folder.Type), ("Database GUID", folder.Database), ("lpb", folder.Counter)],
        MessageEntryId message =>
        [
            ("Message Type", message.Type), ("Folder Database GUID", message.FolderDatabase), ("lpb", message.FolderCounter), ("lpb", message.Pad),
            ("Message Database GUID", message.Database), ("lpb", message.Counter),
        ],
        EphemeralEntryId ephemeral => [("Version", ephemeral.Version), ("Type", ephemeral.Type), ("lpb", BitConverter.GetBytes(ephemeral.Mid))],
        OneOffEntryId oneOff =>
        [
            ("dwBitmask", oneOff.Version | (uint)oneOff.Options << 16),
            ("szDisplayName", oneOff.DisplayName), ("szAddressType", oneOff.AddressType), ("szEmailAddress", oneOff.EmailAddress),
        ],
        WrappedEntryId wrapped => [("Wrapped Entry Type", wrapped.Type), .. Fields(wrapped.Embedded)],
        StoreEntryId store =>
        [
            ("Version", store.Version), ("Flag", store.Flag), ("DLLFileName", Encoding.Latin1.GetString(store.DllFileName.Span).TrimEnd('\0')), .. Store(store.Store),
        ],
        _ => [],
    };

    private static IEnumerable<(string Name, object Value)> Store(StoreEntryId.WrappedStore? store)
    {
        if (store is null) yield break;
        yield return ("Wrapped Flags", store.Flags);
        yield return ("WrappedProviderUID", store.Provider);
        yield return ("WrappedType", store.Type);
        yield return ("ServerShortname", store.ServerShortname);
        if (store.MailboxDN is not null) yield return ("MailboxDN", store.MailboxDN);
    }

    // The additions of a store's second and third versions stay bytes here; their texts have a test of their own.
    // Of another store's DLL the parser takes the name up to its NUL, not the 14 bytes that the specification gives it.
    private static string[] Additions(EntryId id) => id is StoreEntryId { Store: null } ? ["lpb"] : id is StoreEntryId { Rest.Length: > 0 }
        ? ["Magic", "Size", "Version", "OffsetDN", "OffsetFQDN", "OffsetSmtpAddress", "DN", "FQDN", "SmtpAddress", "lpb"] : [];
}
