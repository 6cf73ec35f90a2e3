using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Msg;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Tests.Messages.Msg;

/// <summary>Outlook's own files and those of other writers, none of ours.</summary>
public sealed class MsgReaderTests
{
    private static readonly EqualityComparer<byte[]> Equality = EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other));
    private static readonly byte[] Signature = Convert.FromHexString("D0CF11E0A1B11AE1");

    [Fact]
    public void Every_message_of_the_corpus_becomes_mail()
    {
        var messages = Messages().ToList();
        Assert.True(messages.Count > 110, $"Only {messages.Count} messages were found.");
        Assert.All(messages, message => Assert.Equal(OneLine(message.Properties.GetString(PropertyTags.Subject)), OneLine(AsMail(message).Subject)));
    }

    [Fact]
    public void People_and_attachments_of_the_corpus_are_in_its_mail() => Assert.All(Messages(), message =>
    {
        var mail = AsMail(message);
        var listed = message.Recipients.Count(row => MessagePeople.Recipient(row)?.SmtpAddress is not null);
        Assert.True(mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Concat(mail.Bcc.Mailboxes).Count() >= (mail.Headers.Contains(HeaderId.Received) ? 0 : listed));
        foreach (var attachment in message.Attachments.Where(IsFile))
            Assert.Contains((byte[])attachment.Properties[PropertyTags.AttachDataBinary]!, mail.BodyParts.OfType<MimePart>().Select(Content), Equality);
    });

    [Fact]
    public void Signatures_in_Outlook_s_files_hold_in_the_mail_made_of_them()
    {
        var signed = Messages().Where(message => message.Properties.GetString(PropertyTags.MessageClass)?.EndsWith("MultipartSigned", StringComparison.Ordinal) == true).ToList();
        Assert.True(signed.Count >= 3, $"Only {signed.Count} signed messages were found.");
        Assert.All(signed, message => Assert.True(SignedMailTests.Holds(AsMail(message))));
    }

    // What is written as an entity of its own is no file.
    private static bool IsFile(MapiAttachment attachment) => attachment.Properties[PropertyTags.AttachDataBinary] is byte[] { Length: > 0 }
        && attachment.Properties.GetString(PropertyTags.AttachMimeTag) is not ("multipart/signed" or "message/rfc822")
        && attachment.Properties.GetString(PropertyTags.AttachLongFilename)?.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) != true;

    internal static IEnumerable<string> Files() => Directory.EnumerateFiles(SharedMaterial.Require("corpora/msg"), "*", SearchOption.AllDirectories)
        .Where(IsCompoundFile).Order(StringComparer.Ordinal);

    private static IEnumerable<MapiMessage> Messages() => Files().Select(TryRead).OfType<MapiMessage>();

    private static MapiMessage? TryRead(string path)
    {
        try
        {
            return MsgReader.Read(new MemoryStream(File.ReadAllBytes(path)));
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }

    private static MimeMessage AsMail(MapiMessage message)
    {
        using var output = new MemoryStream();
        MapiToMime.Write(message, output);
        return MimeToMapi.Parse(output.ToArray());
    }

    private static byte[] Content(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private static bool IsCompoundFile(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[8];
        return file.ReadAtLeast(start, 8, throwOnEndOfStream: false) == 8 && start.AsSpan().SequenceEqual(Signature);
    }

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split([' ', '\t', '\r', '\n', '\0'], StringSplitOptions.RemoveEmptyEntries));
}
