using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Tests.Structures;

/// <summary>The other binary properties as another parser reads them, field by field.</summary>
public sealed class PublishedStructureTests
{
    [Theory]
    [InlineData("3-ci1")]
    [InlineData("3-ci3")]
    [InlineData("3-ci4")]
    public void A_conversation_index_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var index = ConversationIndex.Parse(blob.Bytes);
        blob.AssertSays(
            [
                ("GUID", index.Conversation),
                .. index.Responses.SelectMany(response => new (string, object)[]
                {
                    ("DeltaCode", response.DeltaCode), ("TimeDelta", response.TimeDelta), ("Random", response.Random), ("ResponseLevel", response.Level),
                }),
            ],
            "Unnamed byte", "Current FILETIME", "(Low");
        Assert.Equal(blob.Bytes, index.ToBytes());
    }

    [Fact]
    public void A_conversation_index_tells_its_time() =>
        Assert.Equal("2010-04-26 16:11:29", ConversationIndex.Parse(new PublishedBlob("3-ci1").Bytes).Time.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("30-PCL1")]
    [InlineData("30-PCL3")]
    public void A_predecessor_change_list_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var list = PredecessorChangeList.Parse(blob.Bytes);
        blob.AssertSays(list.Changes.SelectMany(change => new (string, object)[]
        {
            ("XidSize", 16 + change.LocalId.Length), ("NamespaceGuid", change.NamespaceGuid), ("lpb", change.LocalId),
        }), "Count", "LocalId");
        Assert.Equal(blob.Bytes, list.ToBytes());
    }

    [Theory]
    [InlineData("32-XID2")]
    [InlineData("32-XID3")]
    public void An_XID_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var xid = Xid.Parse(blob.Bytes);
        blob.AssertSays([("NamespaceGuid", xid.NamespaceGuid), ("lpb", xid.LocalId)]);
        Assert.Equal(blob.Bytes, xid.ToBytes());
    }

    [Fact]
    public void A_report_tag_reads_as_published()
    {
        var blob = new PublishedBlob("15-ReportTag1");
        var tag = ReportTag.Parse(blob.Bytes);
        blob.AssertSays(
            [("lpb", tag.Cookie), ("lpb", tag.SearchFolderEntryId), ("lpb", tag.MessageSearchKey)], "cchAnsiText", "AnsiText", "Version");
        Assert.Equal(0x00020001u, tag.Version); // as [MS-OXOMSG] 2.2.2.22 has it; the published answer has its halves the other way round
        Assert.Equal(blob.Bytes, tag.ToBytes());
    }

    [Fact]
    public void A_SID_reads_as_published()
    {
        var blob = new PublishedBlob("20-SID2");
        var sid = SecurityIdentifier.Parse(blob.Bytes);
        blob.AssertSays([("Textual SID", sid.ToString())], "User");
        Assert.Equal(blob.Bytes, sid.ToBytes());
    }

    [Theory]
    [InlineData("19-sd1")]
    [InlineData("19-sd2")]
    [InlineData("31-FreeBusySID1")]
    [InlineData("31-FreeBusySID2")]
    public void A_security_descriptor_reads_as_published(string name)
    {
        var blob = new PublishedBlob(name);
        var security = FolderSecurity.Parse(blob.Bytes);
        blob.AssertSays(
            [
                ("", security.SecurityInformation), ("Security Version", security.Version),
                .. security.Descriptor.Dacl!.Entries.SelectMany(entry => new (string, object)[]
                {
                    ("SID", entry.Sid!.ToString()), ("Access Type", entry.Type), ("Access Flags", entry.Flags), ("Access Mask", entry.Mask),
                }),
            ],
            "Account", "Descriptor");
        var canonical = FolderSecurity.Parse(security.ToBytes());
        Assert.Equal(security.ToBytes(), canonical.ToBytes());
        Assert.Equal(security.Descriptor.Dacl.Entries.Select(entry => entry.ToString()), canonical.Descriptor.Dacl!.Entries.Select(entry => entry.ToString()));
    }

    [Fact]
    public void Special_folders_read_as_published()
    {
        var blob = new PublishedBlob("1-aei3");
        var special = AdditionalRenEntryIdsEx.Parse(blob.Bytes);
        blob.AssertSays(special.Folders.SelectMany(folder => new (string, object)[] { ("PersistID", folder.PersistId) }.Concat(
            folder.Elements.SelectMany(element => new (string, object)[] { ("ElementID", element.ElementId), ("ElementDataSize", element.Data.Length) }
                .Concat(element.Data.Length == 0 ? [] : [("lpb", element.Data)])))), "PersistDataCount", "DataElementsSize");
        Assert.Equal(blob.Bytes.AsSpan(0, special.ToBytes().Length).ToArray(), special.ToBytes());
    }

    [Fact]
    public void Extended_folder_flags_read_as_published()
    {
        var blob = new PublishedBlob("6-eff2");
        var flags = ExtendedFolderFlags.Parse(blob.Bytes);
        blob.AssertSays(flags.Flags.SelectMany(flag => new (string, object)[] { ("Id", flag.Id), ("Cb", flag.Data.Length), ("Extended Flags", BitConverter.ToUInt32(flag.Data.Span)) }), "Number of flags");
        Assert.Equal(blob.Bytes, flags.ToBytes());
    }

    [Fact]
    public void A_flat_entry_list_written_and_read_again_is_the_same()
    {
        byte[][] ids = [OneOffEntryId.Of("Ann", "SMTP", "ann@contoso.com").ToBytes(), AddressBookEntryId.Of("/o=Contoso/cn=ben").ToBytes()];
        var list = new FlatEntryList([.. ids.Select(id => (ReadOnlyMemory<byte>)id)]);
        Assert.Equal(ids, FlatEntryList.Parse(list.ToBytes()).EntryIds.Select(id => id.ToArray()));
        Assert.Equal(list.ToBytes(), FlatEntryList.Parse(list.ToBytes()).ToBytes());
    }
}
