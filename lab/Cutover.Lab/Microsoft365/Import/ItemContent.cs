using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Import;

/// <summary>
/// Between item streams and the messages that the tenant keeps. What comes in is decoded to its last byte and what goes out is encoded
/// anew, in the tenant's own order and string types: no byte of an import is ever echoed.
/// </summary>
internal static class ItemContent
{
    /// <summary>Strings as Exchange Online writes them: code page 1200. Source: the sample of Graph's importItem page.</summary>
    private const PropertyType UnicodeCodePage = (PropertyType)(PropertyTypes.CodePageFlag | 1200);

    /// <exception cref="MailboxException">ErrorCorruptData: the stream is broken, cut short, of a wrong version or in a wrong
    /// order.</exception>
    public static MapiMessage Read(byte[] stream)
    {
        try
        {
            var builder = new MapiMessageBuilder();
            var reader = new ItemStreamReader(builder);
            reader.Feed(stream);
            reader.Complete();
            return Normalize(builder.Build());
        }
        catch (MapiProtocolException e)
        {
            throw new MailboxException("ErrorCorruptData", $"The item's data is corrupt. {e.Message}");
        }
    }

    /// <summary>The item as exportItems gives it.</summary>
    public static byte[] Write(MapiMessage message)
    {
        using var stream = new MemoryStream();
        var writer = new ItemStreamWriter(stream);
        MapiMessageWriter.Write(writer, Reordered(message));
        writer.Complete();
        return stream.ToArray();
    }

    // Exchange keeps one form of string; which code page a stream used is forgotten.
    private static MapiMessage Normalize(MapiMessage message) => Map(message, properties => new PropertyBag(properties.Select(Normalize)));

    private static PropertyValue Normalize(PropertyValue property) => property.Value switch
    {
        string => property with { Tag = property.Tag.WithType(PropertyType.String) },
        string[] => property with { Tag = property.Tag.WithType(PropertyType.MultipleString) },
        _ => property,
    };

    private static MapiMessage Reordered(MapiMessage message) => Map(message, properties => new PropertyBag(
        properties.OrderBy(property => property.Name is not null)
            .ThenByDescending(property => property.Tag.Id)
            .ThenBy(property => property.Name?.ToString(), StringComparer.Ordinal)
            .Select(property => property.Value is string ? property with { Tag = property.Tag.WithType(UnicodeCodePage) } : property)));

    private static MapiMessage Map(MapiMessage message, Func<PropertyBag, PropertyBag> change) => new()
    {
        Properties = change(message.Properties),
        Recipients = [.. message.Recipients.Select(change)],
        Attachments = [.. message.Attachments.Select(attachment => new MapiAttachment
        {
            Properties = change(attachment.Properties),
            EmbeddedMessage = attachment.EmbeddedMessage is { } embedded ? Map(embedded, change) : null,
        })],
    };
}
