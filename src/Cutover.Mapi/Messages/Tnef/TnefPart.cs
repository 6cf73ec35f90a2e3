using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages.Tnef;

/// <summary>winmail.dat as a part of a message: the properties that MIME has no words for. Source: [MS-OXCMAIL] 2.1.3.1, [MS-OXTNEF] 1.3.</summary>
internal static class TnefPart
{
    private const int DerivedFirst = 0x0FF4; // PidTagAccess to PidTagEntryId
    private const int DerivedLast = 0x0FFF;
    private const int ServerFirst = 0x6600;
    private const int ServerLast = 0x67FF;

    private static readonly HashSet<ushort> Elsewhere =
    [
        PropertyTags.Body.Id, PropertyTags.Html.Id, PropertyTags.RtfCompressed.Id, PropertyTags.TransportMessageHeaders.Id, PropertyTags.MessageSize.Id,
        PropertyTags.ParentEntryId.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id,
        PropertyTags.PredecessorChangeList.Id, PropertyTags.HasAttachments.Id,
    ];

    /// <summary>The part, without what the rest of the message holds; null when nothing is left.</summary>
    public static MimePart? Of(MapiMessage message)
    {
        var properties = new PropertyBag(message.Properties.Where(property => property.Name is not null || !IsElsewhere(property.Tag.Id)));
        if (properties.Count == 0) return null;
        var bytes = TnefWriter.Write(new MapiMessage { Properties = properties });
        var part = new MimePart("application", "ms-tnef")
        {
            Content = new MimeContent(new MemoryStream(bytes, writable: false)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "winmail.dat" },
        };
        part.ContentType.Name = "winmail.dat";
        return part;
    }

    private static bool IsElsewhere(ushort id) =>
        id is >= DerivedFirst and <= DerivedLast or >= ServerFirst and <= ServerLast || Elsewhere.Contains(id);
}
