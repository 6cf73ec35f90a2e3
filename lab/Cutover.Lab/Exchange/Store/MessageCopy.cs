using Cutover.Mapi.Messages;

namespace Cutover.Lab.Exchange.Store;

/// <summary>Copies of messages that may be changed without changing the original.</summary>
internal static class MessageCopy
{
    public static MapiMessage Of(MapiMessage message) => new()
    {
        Properties = new PropertyBag(message.Properties),
        Recipients = [.. message.Recipients.Select(recipient => new PropertyBag(recipient))],
        Attachments = [.. message.Attachments.Select(Of)],
    };

    public static MapiAttachment Of(MapiAttachment attachment) => new()
    {
        Properties = new PropertyBag(attachment.Properties),
        EmbeddedMessage = attachment.EmbeddedMessage is { } embedded ? Of(embedded) : null,
    };
}
