using Cutover.Endpoints.ItemStreams;
using MimeKit;

namespace Cutover.Endpoints.Microsoft365.Messages;

/// <summary>A part of a message that is not its text, decoded into a spool; a message in a message as the .eml that it is.</summary>
internal sealed record MessageAttachment(string Name, string ContentType, bool IsInline, string? ContentId, ItemSpool Content) : IDisposable
{
    /// <summary>The parts that Graph takes as attachments, one after the other; the caller disposes each.</summary>
    public static IEnumerable<MessageAttachment> Of(MimeMessage message, string spoolDirectory)
    {
        var number = 0;
        foreach (var part in message.BodyParts.Where(part => !IsText(part)))
            yield return Read(part, ++number, spoolDirectory);
    }

    public void Dispose() => Content.Dispose();

    // The forms of the body stand in the JSON.
    private static bool IsText(MimeEntity part) => part is TextPart text && (text.IsPlain || text.IsHtml) && !text.IsAttachment && text.FileName is null;

    private static MessageAttachment Read(MimeEntity part, int number, string spoolDirectory)
    {
        var content = new ItemSpool(spoolDirectory);
        try
        {
            var name = part is MessagePart message ? Write(message, content, number) : Write((MimePart)part, content, number);
            var isInline = part.ContentDisposition?.Disposition == ContentDisposition.Inline && part.ContentId is not null;
            return new MessageAttachment(name, part.ContentType.MimeType, isInline, part.ContentId, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static string Write(MessagePart part, ItemSpool content, int number)
    {
        part.Message?.WriteTo(content);
        return part.Message?.Subject is { Length: > 0 } subject ? $"{subject}.eml" : $"message{number}.eml";
    }

    private static string Write(MimePart part, ItemSpool content, int number)
    {
        part.Content?.DecodeTo(content);
        return part.FileName is { Length: > 0 } name ? name : $"attachment{number}";
    }
}
