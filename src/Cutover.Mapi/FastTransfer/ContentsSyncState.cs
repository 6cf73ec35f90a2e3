using System.Buffers;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// The synchronisation state of one folder: what the client was given and which changes it has seen. Source: [MS-OXCFXICS] 2.2.1.1.
/// </summary>
public sealed class ContentsSyncState
{
    /// <summary>MetaTagIdsetGiven: the messages (or folders) that the client has.</summary>
    public IdSet Given { get; init; } = new();

    /// <summary>MetaTagCnsetSeen: the changes of normal messages (or folders) that it has.</summary>
    public IdSet Seen { get; init; } = new();

    /// <summary>MetaTagCnsetSeenFAI: the changes of folder-associated messages.</summary>
    public IdSet SeenFai { get; init; } = new();

    /// <summary>MetaTagCnsetRead: the changes of read state.</summary>
    public IdSet Read { get; init; } = new();

    public ContentsSyncState Clone() => new() { Given = Given.Clone(), Seen = Seen.Clone(), SeenFai = SeenFai.Clone(), Read = Read.Clone() };

    /// <summary>The state properties, in the order in which they are uploaded.</summary>
    public PropertyBag ToProperties() =>
    [
        new(PropertyTags.MetaTagIdsetGiven, Given.Serialize()),
        new(PropertyTags.MetaTagCnsetSeen, Seen.Serialize()),
        new(PropertyTags.MetaTagCnsetSeenFAI, SeenFai.Serialize()),
        new(PropertyTags.MetaTagCnsetRead, Read.Serialize()),
    ];

    /// <summary>The state that these properties hold; a missing one is an empty set.</summary>
    /// <exception cref="MapiProtocolException">One of them is no id set.</exception>
    public static ContentsSyncState FromProperties(PropertyBag properties) => new()
    {
        Given = Set(properties, PropertyTags.MetaTagIdsetGiven),
        Seen = Set(properties, PropertyTags.MetaTagCnsetSeen),
        SeenFai = Set(properties, PropertyTags.MetaTagCnsetSeenFAI),
        Read = Set(properties, PropertyTags.MetaTagCnsetRead),
    };

    /// <summary>The state as the grammar's own <c>state</c>: IncrSyncStateBegin, the properties, IncrSyncStateEnd.</summary>
    public byte[] Serialize()
    {
        var output = new ArrayBufferWriter<byte>();
        Write(new FastTransferWriter(output));
        return output.WrittenSpan.ToArray();
    }

    public void Write(IFastTransferHandler handler)
    {
        handler.Marker(FastTransferMarker.IncrSyncStateBegin);
        MapiMessageWriter.WriteProperties(handler, ToProperties());
        handler.Marker(FastTransferMarker.IncrSyncStateEnd);
    }

    /// <exception cref="MapiProtocolException">The bytes are no state.</exception>
    public static ContentsSyncState Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader();
        var lexer = new FastTransferLexer(new ContentsSyncReader(reader));
        lexer.Feed(bytes);
        lexer.Complete();
        return reader.State ?? throw new MapiProtocolException("A synchronisation state has no IncrSyncStateEnd.");
    }

    private static IdSet Set(PropertyBag properties, PropertyTag tag) =>
        properties[tag] is byte[] bytes ? IdSet.Parse(bytes) : new IdSet();

    private sealed class StateReader : IContentsSyncHandler
    {
        public ContentsSyncState? State { get; private set; }

        void IContentsSyncHandler.State(ContentsSyncState state) => State = state;

        public void BeginMessage(PropertyBag header) => throw Unexpected();

        public void EndMessage() => throw Unexpected();

        public void MessageFailed(PropertyBag error) => throw Unexpected();

        public void FolderChanged(PropertyBag folder) => throw Unexpected();

        public void Deleted(PropertyTag kind, byte[] idset) => throw Unexpected();

        public void ReadStateChanged(byte[] idset, bool isRead) => throw Unexpected();

        public void End() => throw Unexpected();

        public void Marker(FastTransferMarker marker) => throw Unexpected();

        public void Property(PropertyValue property) => throw Unexpected();

        public void BeginProperty(PropertyTag tag, PropertyName? name, long length) => throw Unexpected();

        public void PropertyData(ReadOnlySpan<byte> data) => throw Unexpected();

        public void EndProperty() => throw Unexpected();

        private static MapiProtocolException Unexpected() => new("A synchronisation state holds more than its properties.");
    }
}
