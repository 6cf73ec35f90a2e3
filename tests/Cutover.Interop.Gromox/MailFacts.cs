using System.Globalization;
using System.Security.Cryptography;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>What a message tells once it is decoded: field by field, so that two ways of writing the same message compare equal.</summary>
internal sealed record MailFacts(IReadOnlyDictionary<string, string> Fields)
{
    public static MailFacts Of(MimeMessage message, bool isRead) => new(new Dictionary<string, string>(Content(message)) { ["read"] = isRead ? "yes" : "no" });

    public string Key => Fields["Message-ID"] + " " + Fields["subject"];

    public int DifferencesFrom(MailFacts other) => Fields.Count(field => other.Fields[field.Key] != field.Value);

    private static Dictionary<string, string> Content(MimeMessage message) => new()
    {
        ["Message-ID"] = message.MessageId ?? "",
        ["subject"] = message.Subject ?? "",
        ["from"] = Addresses(message.From),
        ["from, name"] = string.Join("; ", message.From.Mailboxes.Select(person => person.Name ?? "")),
        ["to"] = Addresses(message.To),
        ["cc"] = Addresses(message.Cc),
        ["date"] = message.Date.UtcDateTime.ToString("s", CultureInfo.InvariantCulture),
        ["text body"] = Text(message.TextBody),
        ["html body"] = Text(IsMadeOfText(message.HtmlBody) ? null : message.HtmlBody),
        ["attachments"] = string.Join("; ", Attachments(message).Order(StringComparer.Ordinal)),
    };

    private static string Addresses(InternetAddressList list) =>
        string.Join("; ", list.Mailboxes.Select(person => person.Address.ToLowerInvariant()).Order(StringComparer.Ordinal));

    private static string Text(string? body) => (body ?? "").ReplaceLineEndings("\n").Trim();

    // Over MAPI gromox gives a message that has text only an HTML body too.
    private static bool IsMadeOfText(string? html) => html?.Contains("content=\"gromox-texttohtml\"", StringComparison.Ordinal) == true;

    private static IEnumerable<string> Attachments(MimeMessage message)
    {
        TextPart?[] bodies = [BodyPart(message, plain: true), BodyPart(message, plain: false)];
        foreach (var entity in Leaves(message.Body).Except(bodies))
        {
            if (entity is MessagePart { Message: { } embedded }) yield return "message: " + string.Join('|', Content(embedded).Values.Select(Hash));
            else if (entity is MimePart part) yield return Attachment(part);
        }
    }

    private static TextPart? BodyPart(MimeMessage message, bool plain) =>
        message.BodyParts.OfType<TextPart>().FirstOrDefault(part => !part.IsAttachment && (plain ? part.IsPlain : part.IsHtml));

    private static string Attachment(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        // gromox gives a part without a name one of its own: attachment1.txt.
        var name = part.FileName?.StartsWith("attachment", StringComparison.Ordinal) == true ? "" : part.FileName;
        return $"{name} {bytes.Length} {Convert.ToHexString(SHA256.HashData(bytes.ToArray()))[..16]}";
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity? entity) =>
        entity is Multipart parts ? parts.SelectMany(Leaves) : entity is null ? [] : [entity];

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..12];
}
