using System.Text;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>
/// Makes MAPI messages of Internet messages. What MimeKit could parse always converts, however malformed. Source: [MS-OXCMAIL] 2.2.
/// </summary>
public static class MimeToMapi
{
    /// <summary>Messages in messages beyond this depth stay attached as files.</summary>
    public const int MostEmbeddings = 24;

    private static readonly HashSet<string> MailHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Date", "Subject", "Message-ID", "Received", "Return-Path", "Sender", "Reply-To", "MIME-Version",
        "Content-Type", "Delivered-To", "Resent-From", "Resent-To", "In-Reply-To", "References", "DKIM-Signature",
    };

    // MimeKit asks .NET for charsets, which knows few without its provider.
    static MimeToMapi() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Parses and converts one message, see <see cref="Parse"/>.</summary>
    /// <exception cref="NotAMessageException">The bytes hold no header of a message.</exception>
    public static MapiMessage Read(byte[] bytes) => Convert(Parse(bytes));

    /// <summary>Parses one message as leniently as can be: blank lines and an mbox separator line in front of it are passed over.</summary>
    /// <exception cref="NotAMessageException">The bytes hold no header of a message.</exception>
    public static MimeMessage Parse(byte[] file)
    {
        var bytes = file[^file.AsSpan().TrimStart(" \t\r\n"u8).Length..];
        var format = bytes.AsSpan().StartsWith("From "u8) ? MimeFormat.Mbox : MimeFormat.Entity;
        try
        {
            var message = new MimeParser(new MemoryStream(bytes, writable: false), format).ParseMessage();
            if (message.Headers.Any(header => MailHeaders.Contains(header.Field)) || message.Body?.Headers.Count > 0) return message;
        }
        catch (FormatException e)
        {
            throw new NotAMessageException("No message could be parsed from these bytes: " + e.Message, e);
        }
        throw new NotAMessageException("These bytes begin with no header that a message has.");
    }

    public static MapiMessage Convert(MimeMessage message) => Convert(message, depth: 0);

    internal static MapiMessage Convert(MimeMessage message, int depth)
    {
        var mapi = new MapiMessage();
        MimeHeaders.Convert(message, mapi);
        new MimeBody(mapi, depth).Convert(message.Body);
        return mapi;
    }
}
