using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Msg;

/// <summary>
/// Reads .msg files. Attachments beyond <see cref="InlineLimit"/> bytes stay in the file and are opened from there when they are needed.
/// Source: [MS-OXMSG].
/// </summary>
public sealed class MsgReader
{
    /// <summary>The most bytes that an attachment lies in memory with.</summary>
    public const int InlineLimit = 1 << 20;

    private const int MostEmbeddings = 32;
    private const int MessageHeader = 32;
    private const int EmbeddedHeader = 24;
    private const int ChildHeader = 8;

    private readonly MsgNames names;

    private MsgReader(MsgNames names) => this.names = names;

    /// <summary>Reads a message of a stream that can seek and stays open as long as its large attachments are read.</summary>
    /// <exception cref="MapiProtocolException">The file is no compound file, no message or a damaged one.</exception>
    public static MapiMessage Read(Stream file)
    {
        var root = CompoundFile.Open(file).Root;
        if (!root.Children.ContainsKey("__properties_version1.0")) throw new MapiProtocolException("The compound file holds no message.");
        return new MsgReader(MsgNames.Read(root)).ReadMessage(root, MessageHeader, depth: 0);
    }

    private MapiMessage ReadMessage(CompoundEntry storage, int headerSize, int depth)
    {
        if (depth > MostEmbeddings) throw new MapiProtocolException("The .msg file has too many messages within messages.");
        var codePage = CodePageOf(storage, headerSize);
        return new MapiMessage
        {
            Properties = new MsgProperties(storage, names, codePage).Read(headerSize),
            Recipients = [.. Children(storage, "__recip_version1.0_#").Select(row => new MsgProperties(row, names, codePage).Read(ChildHeader))],
            Attachments = [.. Children(storage, "__attach_version1.0_#").Select(attachment => ReadAttachment(attachment, codePage, depth))],
        };
    }

    private MapiAttachment ReadAttachment(CompoundEntry storage, int codePage, int depth)
    {
        CompoundEntry? content = null;
        var properties = new MsgProperties(storage, names, codePage).Read(ChildHeader, (tag, stream) =>
        {
            var isElsewhere = tag == PropertyTags.AttachDataBinary && stream.Size > InlineLimit;
            if (isElsewhere) content = stream;
            return isElsewhere;
        });
        return new MapiAttachment
        {
            Properties = properties,
            EmbeddedMessage = EmbeddedIn(storage) is { } embedded ? ReadMessage(embedded, EmbeddedHeader, depth + 1) : null,
            Content = content is null ? null : content.Open,
        };
    }

    // The storage of an OLE object has no properties. Source: [MS-OXMSG] 2.2.2.1 and 2.2.2.2.
    private static CompoundEntry? EmbeddedIn(CompoundEntry storage) =>
        storage.Children.TryGetValue("__substg1.0_3701000D", out var embedded) && embedded.Kind == CompoundEntryKind.Storage
        && embedded.Children.ContainsKey("__properties_version1.0") ? embedded : null;

    // Of the 8-bit strings. Source: [MS-OXMSG] 2.1.1, [MS-OXCMSG] 2.2.1.30.
    private int CodePageOf(CompoundEntry storage, int headerSize)
    {
        var bag = new MsgProperties(storage, names, CodePages.Windows1252).Read(headerSize, (_, _) => true);
        int?[] told = [bag.GetInteger(PropertyTags.MessageCodepage), bag.GetInteger(PropertyTags.InternetCodepage)];
        return told.FirstOrDefault(codePage => codePage is { } known and not CodePages.Utf16 && CodePages.Find(known) is not null)
            ?? CodePages.Windows1252;
    }

    private static IEnumerable<CompoundEntry> Children(CompoundEntry storage, string prefix) => storage.Children.Values
        .Where(child => child.Kind == CompoundEntryKind.Storage && child.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        .OrderBy(child => child.Name, StringComparer.Ordinal);
}
