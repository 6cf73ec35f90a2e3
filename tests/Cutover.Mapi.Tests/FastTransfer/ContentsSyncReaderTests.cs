using System.Buffers;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

public sealed class ContentsSyncReaderTests
{
    private static readonly Guid Replica = new("7b18a501-bc6f-dcea-1ed0-3c5657000000");

    [Fact]
    public void A_captured_contents_sync_gives_every_message_and_the_state()
    {
        var log = Read(Captures.Read("ICS_contents_full_calendar.fts.gz"));
        Assert.Equal(48, log.Messages.Count);
        Assert.All(log.Messages, message => Assert.NotNull(message.Header[PropertyTags.SourceKey]));
        Assert.Single(log.Messages, message => message.Content.Attachments is [{ EmbeddedMessage: not null }]);
        Assert.All(log.Messages, message => Assert.True(log.State!.Given.Contains((byte[])message.Header[PropertyTags.SourceKey]!)));
        Assert.Equal([(1ul, 514ul)], log.State!.Seen.Ranges.Select(range => (range.Low, range.High)));
        Assert.True(log.Ended);
    }

    [Fact]
    public void A_captured_hierarchy_sync_gives_every_folder()
    {
        var log = Read(Captures.Read("ICS_hierarchy.fts.gz"));
        Assert.Equal(27, log.Folders.Count);
        Assert.Contains(log.Folders, folder => folder.GetString(PropertyTags.DisplayName) == "Calendar");
        Assert.Empty(log.Messages);
        Assert.True(log.Ended);
    }

    [Fact]
    public void Meta_properties_never_reach_the_content()
    {
        var log = Read(stream =>
        {
            Begin(stream, 1);
            stream.Property(new(PropertyTags.MetaTagDnPrefix, "/o=Contoso"));
            stream.Property(new(PropertyTags.Subject, "Ja"));
            stream.Property(new(PropertyTags.MetaTagFXDelProp, 0x0E12000D));
            stream.Property(new(PropertyTags.MetaTagEcWarning, 1));
            End(stream);
        });
        Assert.Equal([PropertyTags.Subject.Id], log.Messages[0].Content.Properties.Select(property => property.Tag.Id));
    }

    [Fact]
    public void Deletions_and_read_states_are_told_apart()
    {
        var log = Read(stream =>
        {
            stream.Marker(FastTransferMarker.IncrSyncDel);
            stream.Property(new(PropertyTags.MetaTagIdsetDeleted, new byte[] { 1 }));
            stream.Property(new(PropertyTags.MetaTagIdsetNoLongerInScope, new byte[] { 2 }));
            stream.Property(new(PropertyTags.MetaTagIdsetExpired, new byte[] { 3 }));
            stream.Marker(FastTransferMarker.IncrSyncRead);
            stream.Property(new(PropertyTags.MetaTagIdsetRead, new byte[] { 4 }));
            stream.Property(new(PropertyTags.MetaTagIdsetUnread, new byte[] { 5 }));
            End(stream);
        });
        Assert.Equal(["deleted 0x67E50102 01", "deleted 0x40210102 02", "deleted 0x67930102 03", "read 04", "unread 05"], log.Changes);
    }

    [Fact]
    public void Read_states_may_come_before_deletions_but_no_message_after_them()
    {
        var log = Read(stream =>
        {
            stream.Marker(FastTransferMarker.IncrSyncRead);
            stream.Property(new(PropertyTags.MetaTagIdsetRead, new byte[] { 4 }));
            stream.Marker(FastTransferMarker.IncrSyncDel);
            stream.Property(new(PropertyTags.MetaTagIdsetDeleted, new byte[] { 1 }));
            End(stream);
        });
        Assert.Equal(["read 04", "deleted 0x67E50102 01"], log.Changes);
        Assert.Throws<MapiProtocolException>(() => Read(stream =>
        {
            stream.Marker(FastTransferMarker.IncrSyncDel);
            Begin(stream, 1);
        }));
    }

    [Fact]
    public void An_error_ends_the_message_and_the_next_one_comes_whole()
    {
        var log = Read(stream =>
        {
            Begin(stream, 1);
            stream.Marker(FastTransferMarker.NewAttach);
            stream.Property(new(PropertyTags.AttachNumber, 0));
            stream.Marker(FastTransferMarker.StartEmbed);
            stream.Marker(FastTransferMarker.FXErrorInfo);
            stream.Property(new(new PropertyTag(0x00000102), new byte[] { 9 }));
            Begin(stream, 2);
            stream.Property(new(PropertyTags.Subject, "Whole"));
            End(stream);
        });
        Assert.Equal(["failed"], log.Changes);
        Assert.Equal("Whole", Assert.Single(log.Messages).Content.Properties.GetString(PropertyTags.Subject));
    }

    [Fact]
    public void A_long_header_value_of_a_folder_is_kept()
    {
        var log = Read(stream =>
        {
            stream.Marker(FastTransferMarker.IncrSyncChg);
            stream.Property(new(PropertyTags.ExtendedFolderFlags, new byte[20_000]));
            End(stream);
        });
        Assert.Equal(20_000, ((byte[])log.Folders[0][PropertyTags.ExtendedFolderFlags]!).Length);
    }

    [Theory]
    [InlineData(FastTransferMarker.IncrSyncChgPartial)]
    [InlineData(FastTransferMarker.IncrSyncMessage)]
    [InlineData(FastTransferMarker.IncrSyncEnd)]
    [InlineData(FastTransferMarker.StartRecip)]
    [InlineData(FastTransferMarker.IncrSyncStateEnd)]
    public void A_marker_where_it_can_not_be_is_refused(FastTransferMarker marker) =>
        Assert.Throws<MapiProtocolException>(() => Read(stream => stream.Marker(marker)));

    [Fact]
    public void A_stream_without_its_end_is_refused()
    {
        var reader = new ContentsSyncReader(new SyncLog());
        Assert.Throws<MapiProtocolException>(reader.Complete);
    }

    [Fact]
    public void A_state_written_is_read_again()
    {
        var state = new ContentsSyncState();
        state.Given.AddRange(Replica, 10, 23);
        state.Seen.AddRange(Replica, 1, 465);
        state.SeenFai.Add(Replica, 7);
        state.Read.AddRange(Replica, 1, IdSet.MaxCounter);
        var again = ContentsSyncState.Parse(state.Serialize());
        Assert.Equal((state.Given, state.Seen, state.SeenFai, state.Read), (again.Given, again.Seen, again.SeenFai, again.Read));
        Assert.True(ContentsSyncState.Parse(new ContentsSyncState().Serialize()).Given.IsEmpty);
        Assert.Throws<MapiProtocolException>(() => ContentsSyncState.Parse([1, 2, 3]));
        Assert.Throws<MapiProtocolException>(() => ContentsSyncState.Parse([]));
    }

    private static void Begin(FastTransferWriter stream, ulong counter)
    {
        stream.Marker(FastTransferMarker.IncrSyncChg);
        stream.Property(new(PropertyTags.SourceKey, IdSet.WriteXid(Replica, counter)));
        stream.Marker(FastTransferMarker.IncrSyncMessage);
    }

    private static void End(FastTransferWriter stream)
    {
        new ContentsSyncState().Write(stream);
        stream.Marker(FastTransferMarker.IncrSyncEnd);
    }

    private static SyncLog Read(Action<FastTransferWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new FastTransferWriter(output));
        return Read(output.WrittenSpan.ToArray());
    }

    private static SyncLog Read(byte[] stream)
    {
        var log = new SyncLog();
        var reader = new ContentsSyncReader(log);
        var lexer = new FastTransferLexer(reader);
        lexer.Feed(stream);
        lexer.Complete();
        reader.Complete();
        return log;
    }

    private sealed class SyncLog : IContentsSyncHandler
    {
        private MapiMessageBuilder content = new();
        private PropertyBag header = [];

        public List<(PropertyBag Header, MapiMessage Content)> Messages { get; } = [];

        public List<PropertyBag> Folders { get; } = [];

        public List<string> Changes { get; } = [];

        public ContentsSyncState? State { get; private set; }

        public bool Ended { get; private set; }

        public void BeginMessage(PropertyBag header) => (this.header, content) = (header, new MapiMessageBuilder());

        public void EndMessage() => Messages.Add((header, content.Build()));

        public void MessageFailed(PropertyBag error) => Changes.Add("failed");

        public void FolderChanged(PropertyBag folder) => Folders.Add(folder);

        public void Deleted(PropertyTag kind, byte[] idset) => Changes.Add($"deleted {kind} {Convert.ToHexString(idset)}");

        public void ReadStateChanged(byte[] idset, bool isRead) => Changes.Add($"{(isRead ? "read" : "unread")} {Convert.ToHexString(idset)}");

        void IContentsSyncHandler.State(ContentsSyncState state) => State = state;

        public void End() => Ended = true;

        public void Marker(FastTransferMarker marker) => content.Marker(marker);

        public void Property(PropertyValue property) => content.Property(property);

        public void BeginProperty(PropertyTag tag, PropertyName? name, long length) => content.BeginProperty(tag, name, length);

        public void PropertyData(ReadOnlySpan<byte> data) => content.PropertyData(data);

        public void EndProperty() => content.EndProperty();
    }
}
