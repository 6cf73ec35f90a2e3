using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages;

public sealed class TransportHeadersTests
{
    /// <summary>gromox's MAPI side gives the bytes 4A C3 B6 68 6E of a raw header as one UTF-16 character each.</summary>
    [Theory]
    [InlineData("\"J\u00C3\u00B6hn Doe\" <john@example.net>", "Jöhn Doe")]
    [InlineData("\"Jöhn Doe\" <john@example.net>", "Jöhn Doe")]
    [InlineData("\"Юникод\" <john@example.net>", "Юникод")]
    public void An_8_bit_header_kept_byte_by_byte_reads_as_the_text_it_was(string from, string name)
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.TransportMessageHeaders, $"From: {from}\r\nSubject: Hello\r\n\r\n");

        using var mime = MapiToMime.Convert(message);

        Assert.Equal(name, Assert.Single(mime.From.Mailboxes).Name);
    }
}
