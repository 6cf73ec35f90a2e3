using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>A contact's picture, which is an attachment. Source: [MS-OXOCNTC] 2.2.1.8, [MS-OXVCARD] 2.1.3.2.6.</summary>
internal static class ContactPhoto
{
    private const int LargestPhoto = 4 << 20;

    public static bool IsPhoto(MapiAttachment attachment) => attachment.Properties[PropertyTags.AttachmentContactPhoto] is true;

    public static void Write(MapiMessage contact, ContentComponent card)
    {
        if (contact.Attachments.Find(IsPhoto) is not { } photo || Bytes(photo) is not { Length: > 0 } bytes) return;
        card.Add(ContentLine.Of("PHOTO", Convert.ToBase64String(bytes)).With("ENCODING", "B").With("TYPE", bytes is [0x89, (byte)'P', ..] ? "PNG" : "JPEG"));
    }

    public static void Read(ContentLine line, MapiMessage contact)
    {
        if (VCardValues.Bytes(line) is not { } bytes || contact.Attachments.Exists(IsPhoto)) return;
        const string name = "ContactPicture.jpg"; // whatever its format: Outlook looks for this name
        contact.Properties.Set(PropertyNames.HasPicture, PropertyType.Boolean, true);
        contact.Attachments.Add(new MapiAttachment
        {
            Properties = new PropertyBag().Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachLongFilename, name).Set(PropertyTags.AttachFilename, name)
                .Set(PropertyTags.AttachExtension, ".jpg").Set(PropertyTags.RenderingPosition, -1).Set(PropertyTags.AttachmentContactPhoto, true)
                .Set(PropertyTags.AttachDataBinary, bytes),
        });
    }

    private static byte[]? Bytes(MapiAttachment photo)
    {
        if (photo.Properties[PropertyTags.AttachDataBinary] is byte[] bytes) return bytes;
        if (photo.Content is null) return null;
        using var content = photo.Content();
        var buffer = new MemoryStream();
        var piece = new byte[81920];
        for (int read; (read = content.Read(piece)) > 0 && buffer.Length <= LargestPhoto;) buffer.Write(piece, 0, read);
        return buffer.Length <= LargestPhoto ? buffer.ToArray() : null;
    }
}
