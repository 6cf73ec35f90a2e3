using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>Writes a message as messageContent: properties, recipients, attachments, embedded messages within. Source: [MS-OXCFXICS] 2.2.4.3.</summary>
public static class MapiMessageWriter
{
    public static void Write(IFastTransferHandler handler, MapiMessage message)
    {
        WriteProperties(handler, message.Properties);
        foreach (var recipient in message.Recipients) WriteRecipient(handler, recipient);
        for (var i = 0; i < message.Attachments.Count; i++) WriteAttachment(handler, message.Attachments[i], i);
    }

    public static void WriteProperties(IFastTransferHandler handler, IEnumerable<PropertyValue> properties)
    {
        foreach (var property in properties) WriteProperty(handler, property);
    }

    private static void WriteRecipient(IFastTransferHandler handler, PropertyBag recipient)
    {
        handler.Marker(FastTransferMarker.StartRecip);
        WriteProperties(handler, recipient);
        handler.Marker(FastTransferMarker.EndToRecip);
    }

    private static void WriteAttachment(IFastTransferHandler handler, MapiAttachment attachment, int index)
    {
        handler.Marker(FastTransferMarker.NewAttach);
        // The grammar wants PidTagAttachNumber first.
        handler.Property(new PropertyValue(PropertyTags.AttachNumber, attachment.Properties[PropertyTags.AttachNumber] ?? index));
        WriteProperties(handler, attachment.Properties.Where(property => property.Tag.Id != PropertyTags.AttachNumber.Id));
        if (attachment.EmbeddedMessage is { } embedded) WriteEmbedded(handler, embedded);
        handler.Marker(FastTransferMarker.EndAttach);
    }

    private static void WriteEmbedded(IFastTransferHandler handler, MapiMessage embedded)
    {
        handler.Marker(FastTransferMarker.StartEmbed);
        Write(handler, embedded);
        handler.Marker(FastTransferMarker.EndEmbed);
    }

    private static void WriteProperty(IFastTransferHandler handler, PropertyValue property)
    {
        if (!FastTransferLexis.IsVariable(property.Tag.Type) || Length(property.Value) <= FastTransferLexer.InlineLimit / 4)
        {
            handler.Property(property);
            return;
        }
        var bytes = PropertyCodec.ToBytes(property.Tag.Type, property.Value);
        handler.BeginProperty(property.Tag, property.Name, bytes.Length);
        handler.PropertyData(bytes);
        handler.EndProperty();
    }

    // Of characters or bytes; no code page needs more than four bytes for a character.
    private static int Length(object value) => value is string text ? text.Length : ((byte[])value).Length;
}
