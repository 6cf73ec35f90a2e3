using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// What of a message goes into a stream: a list of properties and subobjects (recipients, attachments) that is left out, or that alone is let in. It
/// acts on the top level only. Source: [MS-OXCFXICS] 3.2.5.10.
/// </summary>
internal sealed record ContentFilter(IReadOnlyList<PropertyTag> Tags, bool OnlyThese)
{
    public static readonly ContentFilter None = new([], OnlyThese: false);

    private readonly HashSet<ushort> ids = [.. Tags.Select(tag => tag.Id)];

    public bool Lets(PropertyTag tag) => ids.Contains(tag.Id) == OnlyThese;
}

/// <summary>Writes messages into a download in the string form that the client asked for. Source: [MS-OXCFXICS] 2.2.4.3.16, 3.2.5.8.1.1.</summary>
internal sealed class MessageContentWriter(SegmentWriter output, SendOptions options)
{
    private const int Utf16CodePage = 1200;
    private readonly PropertyType stringType = StringTypeOf(options);

    /// <summary>Writes propList and messageChildren.</summary>
    /// <param name="marksSubobjects">Puts MetaTagFXDelProp before each kind of subobject: these are all there are.</param>
    public void Write(MapiMessage message, ContentFilter filter, bool marksSubobjects)
    {
        WriteProperties(Let(message.Properties, filter));
        if (filter.Lets(PropertyTags.MessageRecipients)) WriteRecipients(message, marksSubobjects);
        if (filter.Lets(PropertyTags.MessageAttachments)) WriteAttachments(message, marksSubobjects);
    }

    /// <summary>Writes as <see cref="Write"/>; false when it came to a value that can't be read, and wrote no further.</summary>
    public bool TryWrite(MapiMessage message, ContentFilter filter, bool marksSubobjects)
    {
        var readable = message.Properties.FindIndex(property => property.Value is PropertyError);
        if (readable < 0)
        {
            Write(message, filter, marksSubobjects);
            return true;
        }
        WriteProperties(Let(message.Properties.Take(readable), filter));
        return false;
    }

    /// <summary>Writes attachmentContent: propList and the embedded message.</summary>
    public void WriteAttachment(PropertyBag properties, MapiMessage? embedded, ContentFilter filter)
    {
        WriteProperties(properties.Where(property => filter.Lets(property.Tag)));
        if (embedded is not null && filter.Lets(PropertyTags.AttachDataObject)) WriteEmbedded(embedded);
    }

    public void WriteProperties(IEnumerable<PropertyValue> properties)
    {
        foreach (var property in properties)
        {
            if (IsTransmitted(property.Tag)) output.Property(InAskedForm(property));
        }
    }

    private void WriteRecipients(MapiMessage message, bool marksSubobjects)
    {
        if (marksSubobjects) output.Property(PropertyTags.MetaTagFXDelProp, unchecked((int)PropertyTags.MessageRecipients.Value));
        foreach (var recipient in message.Recipients)
        {
            output.Marker(FastTransferMarker.StartRecip);
            WriteProperties(recipient.OrderBy(property => property.Tag.Id != PropertyTags.Rowid.Id));
            output.Marker(FastTransferMarker.EndToRecip);
        }
    }

    private void WriteAttachments(MapiMessage message, bool marksSubobjects)
    {
        if (marksSubobjects) output.Property(PropertyTags.MetaTagFXDelProp, unchecked((int)PropertyTags.MessageAttachments.Value));
        foreach (var attachment in message.Attachments)
        {
            output.Marker(FastTransferMarker.NewAttach);
            WriteProperties(attachment.Properties.OrderBy(property => property.Tag.Id != PropertyTags.AttachNumber.Id));
            if (attachment.EmbeddedMessage is { } embedded) WriteEmbedded(embedded);
            output.Marker(FastTransferMarker.EndAttach);
        }
    }

    private void WriteEmbedded(MapiMessage embedded)
    {
        output.Marker(FastTransferMarker.StartEmbed);
        Write(embedded, ContentFilter.None, marksSubobjects: false);
        output.Marker(FastTransferMarker.EndEmbed);
    }

    private PropertyValue InAskedForm(PropertyValue property) => property.Tag.Type switch
    {
        PropertyType.String => property with { Tag = property.Tag.WithType(stringType) },
        PropertyType.MultipleString when stringType == PropertyType.String8 =>
            property with { Tag = property.Tag.WithType(PropertyType.MultipleString8) },
        _ => property,
    };

    // The rights on a message are its reader's, not the message's.
    private static IEnumerable<PropertyValue> Let(IEnumerable<PropertyValue> properties, ContentFilter filter) =>
        properties.Where(property => filter.Lets(property.Tag) && property.Tag.Id != PropertyTags.Access.Id);

    // Ids 0x6600 to 0x67FF are the store's own; errors have no value to send. Source: [MS-OXCFXICS] 3.2.5.12, 2.2.4.3.20.
    private static bool IsTransmitted(PropertyTag tag) => tag.Id is < 0x6600 or > 0x67FF && tag.Type != PropertyType.ErrorCode;

    // The store keeps every string in Unicode.
    private static PropertyType StringTypeOf(SendOptions options)
    {
        if (options.HasFlag(SendOptions.UseCpid)) return (PropertyType)(PropertyTypes.CodePageFlag | Utf16CodePage);
        return (options & (SendOptions.Unicode | SendOptions.ForceUnicode)) != 0 ? PropertyType.String : PropertyType.String8;
    }
}
