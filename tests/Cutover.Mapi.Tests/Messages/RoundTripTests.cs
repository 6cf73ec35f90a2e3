using System.Text;
using System.Text.RegularExpressions;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Tests.Messages;

/// <summary>Mail that nobody of this project wrote, from MIME to MAPI and back: what a reader sees stays.</summary>
public sealed partial class RoundTripTests
{
    [Fact]
    public void Every_message_of_the_corpus_becomes_mail_again() => Each((_, after) => Assert.NotNull(after.Body));

    [Fact]
    public void Subjects_dates_and_ids_stay() => Each((before, after) =>
    {
        Assert.Equal(OneLine(before.Subject), OneLine(after.Subject));
        Assert.Equal(before.MessageId, after.MessageId);
        Assert.Equal(before.Headers[HeaderId.References], after.Headers[HeaderId.References]);
        Assert.Equal(before.Headers[HeaderId.InReplyTo], after.Headers[HeaderId.InReplyTo]);
        if (before.Date != default) Assert.Equal(before.Date, after.Date);
    });

    [Fact]
    public void Addresses_stay() => Each((before, after) =>
    {
        Assert.Equal(Addresses(before.From), Addresses(after.From));
        // A meeting's attendees are its recipients, also where the header names none.
        if (before.To.Count == 0 && before.BodyParts.Any(part => part.ContentType.IsMimeType("text", "calendar"))) return;
        Assert.Equal(Addresses(before.To), Addresses(after.To));
        Assert.Equal(Addresses(before.Cc), Addresses(after.Cc));
    });

    [Fact]
    public void The_header_stays_as_it_came_over_the_wire() => Assert.All(Files(), file =>
    {
        // One line of this header is in two charsets at once.
        if (TryRead(file) is null || file.EndsWith("mailformed-headers.eml", StringComparison.Ordinal)) return;
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        var fields = Fields(MimeToMapi.Parse(File.ReadAllBytes(file))).Where(field => text.Contains(field[..field.IndexOf(':')] + ":", StringComparison.Ordinal)).ToList();
        Assert.Equal(fields, Fields(Again(file)).Where(fields.Contains).Take(fields.Count));
    });

    [Fact]
    public void A_message_without_its_wire_header_keeps_what_people_see() => Assert.All(Files(), file =>
    {
        var mapi = TryRead(file);
        if (mapi is null || mapi.Properties.GetString(PropertyTags.MessageClass)!.StartsWith("REPORT", StringComparison.Ordinal)) return;
        var before = MapiToMime.Convert(mapi);
        mapi.Properties.RemoveAll(property => property.Tag == PropertyTags.TransportMessageHeaders);
        var after = Reparse(MapiToMime.Convert(mapi));
        Assert.Equal(OneLine(before.Subject), OneLine(after.Subject));
        Assert.Equal(Addresses(before.To).Order(), Addresses(after.To).Order());
        Assert.Equal(Addresses(before.Cc).Order(), Addresses(after.Cc).Order());
    });

    [Fact]
    public void Bodies_and_attachments_stay() => Assert.All(Files(), file =>
    {
        if (TryRead(file) is not { } before) return;
        var after = MimeToMapi.Convert(Reparse(MapiToMime.Convert(before)));
        AssertSame(before, after);
    });

    [Fact]
    public void A_second_round_trip_changes_nothing() => Assert.All(Files(), file =>
    {
        if (TryRead(file) is not { } mapi) return;
        var once = Bytes(MapiToMime.Convert(mapi));
        var twice = Bytes(MapiToMime.Convert(MimeToMapi.Read(once)));
        Assert.Equal(WithoutBoundaries(once), WithoutBoundaries(twice));
    });

    private static void AssertSame(MapiMessage before, MapiMessage after)
    {
        Assert.Equal(before.Properties.GetString(PropertyTags.MessageClass), after.Properties.GetString(PropertyTags.MessageClass));
        if (before.Properties.GetString(PropertyTags.Body) is { } text) Assert.Equal(Clean(text), Clean(after.Properties.GetString(PropertyTags.Body)));
        if (before.Properties[PropertyTags.Html] is byte[] html)
            Assert.Equal(Clean(Encoding.Latin1.GetString(html)), Clean(Encoding.Latin1.GetString((byte[])(after.Properties[PropertyTags.Html] ?? Array.Empty<byte>()))));
        Assert.Equal(before.Attachments.Select(Describe).Order(), after.Attachments.Select(Describe).Order());
        foreach (var (one, other) in Embedded(before).Zip(Embedded(after))) AssertSame(one, other);
    }

    private static IEnumerable<MapiMessage> Embedded(MapiMessage message) => message.Attachments.Select(attachment => attachment.EmbeddedMessage).OfType<MapiMessage>();

    // Embedded messages and other entities of text have no line ends of their own; only files come back byte by byte.
    private static string Describe(MapiAttachment attachment)
    {
        var type = attachment.Properties.GetString(PropertyTags.AttachMimeTag) ?? "";
        var data = attachment.Properties[PropertyTags.AttachDataBinary] as byte[] ?? [];
        if (type.StartsWith("message/", StringComparison.OrdinalIgnoreCase)) data = Encoding.Latin1.GetBytes(Clean(Encoding.Latin1.GetString(data)));
        if (attachment.EmbeddedMessage is not null) type = "message";
        if (type.Equals("message/rfc822", StringComparison.OrdinalIgnoreCase)) type = "application/octet-stream"; // what is no message
        var name = attachment.EmbeddedMessage is null ? OneLine(attachment.Properties.GetString(PropertyTags.AttachLongFilename)) : "";
        return $"{attachment.Properties[PropertyTags.AttachMethod]} {name} {type} {attachment.Properties[PropertyTags.AttachContentId]} {data.Length} "
            + Convert.ToHexString(System.Security.Cryptography.MD5.HashData(data));
    }

    private static void Each(Action<MimeMessage, MimeMessage> check)
    {
        var files = Files().Where(file => TryRead(file) is not null).ToList();
        Assert.True(files.Count > 700, $"Only {files.Count} files were seen as messages.");
        Assert.All(files, file => check(MimeToMapi.Parse(File.ReadAllBytes(file)), Again(file)));
    }

    private static MimeMessage Again(string file) => Reparse(MapiToMime.Convert(MimeToMapi.Read(File.ReadAllBytes(file))));

    private static MimeMessage Reparse(MimeMessage message) => MimeToMapi.Parse(Bytes(message));

    private static byte[] Bytes(MimeMessage message)
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        using var bytes = new MemoryStream();
        message.WriteTo(options, bytes);
        return bytes.ToArray();
    }

    private static string WithoutBoundaries(byte[] bytes) =>
        string.Join('\n', Encoding.Latin1.GetString(bytes).Split("\r\n").Where(line => !line.Contains("=-", StringComparison.Ordinal)));

    private static string Clean(string? text) => string.Join('\n', (text ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim();

    private static List<string> Addresses(InternetAddressList list) => [.. list.Mailboxes.Where(mailbox => !string.IsNullOrWhiteSpace(mailbox.Address)).Select(mailbox => mailbox.Address)];

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split([.. Enumerable.Range(0, 33).Select(n => (char)n)], StringSplitOptions.RemoveEmptyEntries));

    // Lines that are no fields are left out; bytes of no known charset become UTF-8.
    private static List<string> Fields(MimeMessage message) =>
        [.. message.Headers.Where(header => header.Id != HeaderId.MimeVersion && HeaderName().IsMatch(header.Field) && !header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Field}: {OneLine(header.Value)}")];

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(SharedMaterial.Require("corpora/mail"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static MapiMessage? TryRead(string file)
    {
        try
        {
            return MimeToMapi.Read(File.ReadAllBytes(file));
        }
        catch (NotAMessageException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[!-9;-~]+$")]
    private static partial Regex HeaderName();
}
