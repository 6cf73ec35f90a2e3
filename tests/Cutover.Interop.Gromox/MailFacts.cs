using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>What a message tells once it is decoded: field by field, so that two ways of writing the same message compare equal.</summary>
/// <param name="Parts">What it has besides its bodies.</param>
/// <param name="Guessed">Fields whose bytes are in a charset that the message does not tell or that nobody knows: each reader guesses.</param>
internal sealed record MailFacts(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<PartFacts> Parts, IReadOnlySet<string> Guessed)
{
    private const string AttachmentsField = "attachments";

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static MailFacts Of(MimeMessage message, bool isRead)
    {
        var facts = Of(message);
        return facts with { Fields = new Dictionary<string, string>(facts.Fields) { ["read"] = isRead ? "yes" : "no" } };
    }

    public string Key => Fields["Message-ID"] + " " + Fields["subject"];

    public int DifferencesFrom(MailFacts other) => Fields.Count(field => other.Fields[field.Key] != field.Value);

    /// <summary>One of the others tells this field alike, or, of the attachments, each one alike.</summary>
    public bool IsTold(string field, params IReadOnlyList<MailFacts> others) =>
        others.Any(other => other.Fields[field] == Fields[field])
        || field == AttachmentsField && others.Any(other => other.Parts.Count == Parts.Count) && Parts.All(part => part.IsTold(others, Parts));

    private static MailFacts Of(MimeMessage message)
    {
        var parts = Attachments(message).OrderBy(part => part.Text, StringComparer.Ordinal).ToList();
        return new MailFacts(new Dictionary<string, string>
        {
            ["Message-ID"] = message.MessageId ?? "",
            ["subject"] = OneLine(message.Subject),
            ["from"] = Addresses(message.From),
            ["from, name"] = string.Join("; ", message.From.Mailboxes.Select(NameOf)),
            ["to"] = Addresses(message.To),
            ["cc"] = Addresses(message.Cc),
            ["date"] = message.Date.UtcDateTime.ToString("s", CultureInfo.InvariantCulture),
            ["text body"] = Text(message.TextBody),
            ["html body"] = Text(IsMadeOfText(message.HtmlBody) ? null : message.HtmlBody),
            [AttachmentsField] = string.Join("; ", parts.Select(part => part.Text)),
        }, parts, GuessedIn(message));
    }

    private static HashSet<string> GuessedIn(MimeMessage message)
    {
        var guessed = new HashSet<string>();
        if (IsUndeclared(message, HeaderId.Subject)) guessed.Add("subject");
        if (IsUndeclared(message, HeaderId.From)) guessed.Add("from, name");
        if (BodyPart(message, plain: true) is { } text && IsUnknown(text.ContentType.Charset)) guessed.Add("text body");
        return guessed;
    }

    private static bool IsUndeclared(MimeMessage message, HeaderId id)
    {
        try
        {
            return message.Headers.FirstOrDefault(header => header.Id == id) is { } header && StrictUtf8.GetCharCount(header.RawValue) < 0;
        }
        catch (DecoderFallbackException)
        {
            return true;
        }
    }

    private static bool IsUnknown(string? charset)
    {
        try
        {
            return charset is not null && Encoding.GetEncoding(charset) is null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return true;
        }
    }

    // A header line holds no control characters; MAPI and EWS do.
    private static string OneLine(string? text) => string.Concat((text ?? "").Select(character => char.IsControl(character) ? ' ' : character)).TrimEnd();

    // gromox calls a person who has no name by the address.
    private static string NameOf(MailboxAddress person) => person.Name is { } name && name != person.Address ? name : "";

    private static string Addresses(InternetAddressList list) =>
        string.Join("; ", list.Mailboxes.Select(person => person.Address.ToLowerInvariant()).Order(StringComparer.Ordinal));

    private static string Text(string? body) => (body ?? "").ReplaceLineEndings("\n").Trim();

    // Over MAPI gromox gives a message that has text only an HTML body too.
    private static bool IsMadeOfText(string? html) => html?.Contains("content=\"gromox-texttohtml\"", StringComparison.Ordinal) == true;

    private static IEnumerable<PartFacts> Attachments(MimeMessage message)
    {
        TextPart?[] bodies = [BodyPart(message, plain: true), BodyPart(message, plain: false)];
        foreach (var entity in Leaves(message.Body).Except(bodies))
        {
            // What an external body holds is elsewhere.
            if (entity is null || entity.ContentType.IsMimeType("message", "external-body")) continue;
            if (entity is MessagePart { Message: { } embedded })
            {
                var facts = Of(embedded);
                yield return new PartFacts("message: " + string.Join('|', facts.Fields.Values.Select(Hash)), facts);
            }
            else if (entity is MimePart part) yield return new PartFacts(Attachment(part), null);
        }
    }

    private static TextPart? BodyPart(MimeMessage message, bool plain) =>
        message.BodyParts.OfType<TextPart>().FirstOrDefault(part => !part.IsAttachment && (plain ? part.IsPlain : part.IsHtml));

    private static string Attachment(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        // Meeting messages are written anew by everyone: what the calendar part says counts, not its letters.
        if (part.FileName is null && part.ContentType.IsMimeType("text", "calendar")) return CalendarFacts.Of(Encoding.UTF8.GetString(bytes.ToArray()));
        // gromox gives a part without a name one of its own: attachment1.txt.
        var name = part.FileName?.StartsWith("attachment", StringComparison.Ordinal) == true ? "" : part.FileName;
        return $"{name} {bytes.Length} {Convert.ToHexString(SHA256.HashData(bytes.ToArray()))[..16]}";
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity? entity) =>
        entity is Multipart parts ? parts.SelectMany(Leaves) : entity is null ? [] : [entity];

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}

/// <summary>A part that is no body of its message.</summary>
/// <param name="Message">What it tells when it is a message itself.</param>
internal sealed record PartFacts(string Text, MailFacts? Message)
{
    /// <summary>One of these messages has the same part, or, at its place, a message every field of which one of them tells alike.</summary>
    public bool IsTold(IReadOnlyList<MailFacts> others, IReadOnlyList<PartFacts> siblings)
    {
        if (others.Any(other => other.Parts.Any(part => part.Text == Text))) return true;
        if (Message is null) return false;
        var place = Embedded(siblings).IndexOf(Message);
        var same = others.Select(other => Embedded(other.Parts).ElementAtOrDefault(place)).OfType<MailFacts>().ToList();
        return Message.Fields.Keys.All(field => Message.IsTold(field, same));
    }

    // By what tells them apart whoever wrote them.
    private static List<MailFacts> Embedded(IReadOnlyList<PartFacts> parts) =>
        [.. parts.Select(part => part.Message).OfType<MailFacts>().OrderBy(message => message.Key, StringComparer.Ordinal)];
}
