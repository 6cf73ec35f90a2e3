using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>
/// What a kind of item has of its own in MIME beside its text and attachments: a meeting its text/calendar, a contact its text/vcard.
/// Each kind is listed in <see cref="ItemParts"/>.
/// </summary>
internal interface IItemPart
{
    /// <summary>True for the message classes whose items are written with this part.</summary>
    bool Covers(string messageClass);

    /// <summary>True for the MIME types that <see cref="TryRead"/> knows.</summary>
    bool Covers(ContentType type);

    /// <summary>
    /// Makes the part. With a Content-Disposition of attachment it goes beside the text of the message; without one it stands last in
    /// multipart/alternative with it.
    /// </summary>
    /// <exception cref="MapiProtocolException">A binary property of the item is broken; the item is then written without the part.</exception>
    MimePart Write(MapiMessage message, SmtpAddresses addresses);

    /// <summary>
    /// Sets what the part says on a message that has its header, bodies and recipients already, its message class among it.
    /// False when the part can't be understood; it is then attached as a file.
    /// </summary>
    bool TryRead(MimePart part, MapiMessage message);
}
