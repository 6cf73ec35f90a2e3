using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages;

public sealed class MimeToMapiTests
{
    private static readonly PropertyName Mailer = PropertyName.Of(PropertySets.InternetHeaders, "x-mailer");

    [Fact]
    public void A_header_becomes_properties_and_recipients()
    {
        var message = Read("""
            Received: from a.example by b.example; Tue, 3 Nov 2026 10:15:31 +0100
            From: =?utf-8?Q?Ren=C3=A9?= <rene@fabrikam.com>
            Sender: office@fabrikam.com
            To: "de Vries, Hanneke" <hanneke@contoso.com>, b@contoso.com
            Cc: Team: c@contoso.com;
            Reply-To: desk@fabrikam.com
            Subject: RE: Offerte 2026
            Date: Tue, 3 Nov 2026 10:15:00 +0100
            Message-ID: <2@fabrikam.com>
            In-Reply-To: <1@contoso.com>
            References: <0@contoso.com>
             <1@contoso.com>
            Importance: High
            Sensitivity: Private
            Keywords: Offerte, Klant
            X-Mailer: Abacus 3
            Disposition-Notification-To: rene@fabrikam.com

            Akkoord.
            """);
        var properties = message.Properties;
        Assert.Equal("IPM.Note", properties.GetString(PropertyTags.MessageClass));
        Assert.Equal("RE: Offerte 2026", properties.GetString(PropertyTags.Subject));
        Assert.Equal("RE: ", properties.GetString(PropertyTags.SubjectPrefix));
        Assert.Equal("Offerte 2026", properties.GetString(PropertyTags.NormalizedSubject));
        Assert.Equal("René", properties.GetString(PropertyTags.SentRepresentingName));
        Assert.Equal("rene@fabrikam.com", properties.GetString(PropertyTags.SentRepresentingEmailAddress));
        Assert.Equal("office@fabrikam.com", properties.GetString(PropertyTags.SenderSmtpAddress));
        Assert.Equal("SMTP:OFFICE@FABRIKAM.COM\0", Encoding.ASCII.GetString((byte[])properties[PropertyTags.SenderSearchKey]!));
        Assert.Equal(new DateTime(2026, 11, 3, 9, 15, 0, DateTimeKind.Utc), properties[PropertyTags.ClientSubmitTime]);
        Assert.Equal(new DateTime(2026, 11, 3, 9, 15, 31, DateTimeKind.Utc), properties[PropertyTags.MessageDeliveryTime]);
        Assert.Equal("<2@fabrikam.com>", properties.GetString(PropertyTags.InternetMessageId));
        Assert.Equal("<1@contoso.com>", properties.GetString(PropertyTags.InReplyToId));
        Assert.Equal("<0@contoso.com> <1@contoso.com>", properties.GetString(PropertyTags.InternetReferences));
        Assert.Equal(2, properties.GetInteger(PropertyTags.Importance));
        Assert.Equal(2, properties.GetInteger(PropertyTags.Sensitivity));
        Assert.Equal(true, properties[PropertyTags.ReadReceiptRequested]);
        Assert.Equal("desk@fabrikam.com", properties.GetString(PropertyTags.ReplyRecipientNames));
        Assert.Equal(["Offerte", "Klant"], (string[])properties[PropertyNames.Keywords]!);
        Assert.Equal("Abacus 3", properties[Mailer]);
        Assert.Equal("de Vries, Hanneke; b@contoso.com", properties.GetString(PropertyTags.DisplayTo));
        Assert.Equal(
            ["1 de Vries, Hanneke hanneke@contoso.com", "1 b@contoso.com b@contoso.com", "2 c@contoso.com c@contoso.com"],
            message.Recipients.Select(row => $"{row[PropertyTags.RecipientType]} {row[PropertyTags.DisplayName]} {row[PropertyTags.SmtpAddress]}"));
        Assert.StartsWith("Received: from a.example", properties.GetString(PropertyTags.TransportMessageHeaders), StringComparison.Ordinal);
    }

    [Fact]
    public void Replies_share_the_conversation_of_their_root()
    {
        var root = Read("Message-ID: <root@contoso.com>\nDate: Tue, 3 Nov 2026 10:15:00 +0100\nSubject: Plan\n\n.");
        var reply = Read("Message-ID: <r@contoso.com>\nReferences: <root@contoso.com>\nDate: Wed, 4 Nov 2026 10:15:00 +0100\nSubject: Re: Plan\n\n.");
        Assert.Equal(Conversation(root), Conversation(reply));

        static string Conversation(MapiMessage message) =>
            Convert.ToHexString(((byte[])message.Properties[PropertyTags.ConversationIndex]!).AsSpan(6, 16)) + message.Properties[PropertyTags.ConversationTopic];
    }

    [Fact]
    public void Bodies_keep_their_text_and_their_code_page()
    {
        var message = Read("""
            From: a@contoso.com
            Content-Type: multipart/alternative; boundary=x

            --x
            Content-Type: text/plain; charset=windows-1252
            Content-Transfer-Encoding: quoted-printable

            =80 100
            --x
            Content-Type: text/html; charset=windows-1252
            Content-Transfer-Encoding: quoted-printable

            <p>=80 100</p>
            --x--
            """);
        Assert.Equal("€ 100", message.Properties.GetString(PropertyTags.Body));
        Assert.Equal(1252, message.Properties.GetInteger(PropertyTags.InternetCodepage));
        Assert.Equal([.. "<p>"u8, 0x80, .. " 100</p>"u8], (byte[])message.Properties[PropertyTags.Html]!);
        Assert.Equal(3, message.Properties.GetInteger(PropertyTags.NativeBody));
        Assert.Empty(message.Attachments);
    }

    [Fact]
    public void Parts_become_attachments_by_what_they_are()
    {
        var message = Read("""
            From: a@contoso.com
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html; charset=utf-8

            <img src="cid:logo@contoso">
            --r
            Content-Type: image/png; name="logo.png"
            Content-ID: <logo@contoso>
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --r--
            --m
            Content-Type: message/rfc822

            From: b@contoso.com
            Subject: Inner
            To: a@contoso.com

            Inner body
            --m
            Content-Type: application/pdf
            Content-Disposition: attachment; filename*=utf-8''..%2Ft%C3%A9st%20report.pdf
            Content-Transfer-Encoding: base64

            JVBERg==
            --m
            Content-Type: text/calendar; method=REQUEST

            BEGIN:VCALENDAR
            END:VCALENDAR
            --m
            Content-Type: text/plain

            A mailing list's footer
            --m--
            """);
        var attachments = message.Attachments;
        Assert.Equal(
            ["1 logo.png logo.png image/png hidden:True", "5 Inner Inner message/rfc822 hidden:False",
             "1 tést report.pdf tstrep~1.pdf application/pdf hidden:False", "1 ATT00004.ics ATT00004.ics text/calendar hidden:False"],
            attachments.Take(4).Select(Describe));
        Assert.Equal("logo@contoso", attachments[0].Properties.GetString(PropertyTags.AttachContentId));
        Assert.Equal(Convert.FromHexString("89504E470D0A1A0A"), attachments[0].Properties[PropertyTags.AttachDataBinary]);
        Assert.Equal("Inner body", attachments[1].EmbeddedMessage!.Properties.GetString(PropertyTags.Body));
        Assert.Equal("a@contoso.com", attachments[1].EmbeddedMessage!.Recipients[0].GetString(PropertyTags.SmtpAddress));
        Assert.Equal("A mailing list's footer", message.Properties.GetString(PropertyTags.Body));
    }

    [Fact]
    public void A_signed_message_stays_whole()
    {
        const string signed = "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n"
            + "--s\r\nContent-Type: text/plain\r\n\r\nSigned \t \r\ntext\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nMIIB\r\n--s--\r\n";
        var message = MimeToMapi.Read(Encoding.ASCII.GetBytes("From: a@contoso.com\r\nSubject: S\r\n" + signed));
        Assert.Equal("IPM.Note.SMIME.MultipartSigned", message.Properties.GetString(PropertyTags.MessageClass));
        var attachment = Assert.Single(message.Attachments);
        Assert.Equal(signed, Encoding.ASCII.GetString((byte[])attachment.Properties[PropertyTags.AttachDataBinary]!));
        Assert.Equal("multipart/signed", attachment.Properties.GetString(PropertyTags.AttachMimeTag));
    }

    [Fact]
    public void A_delivery_report_is_one()
    {
        var message = Read("""
            From: postmaster@contoso.com
            Content-Type: multipart/report; report-type=delivery-status; boundary=x

            --x
            Content-Type: text/plain

            It failed.
            --x
            Content-Type: message/delivery-status

            Action: failed
            --x--
            """);
        Assert.Equal("REPORT.IPM.Note.NDR", message.Properties.GetString(PropertyTags.MessageClass));
        Assert.Equal("message/delivery-status", Assert.Single(message.Attachments).Properties.GetString(PropertyTags.AttachMimeTag));
    }

    [Fact]
    public void Messages_within_messages_end_somewhere()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 100; i++) text.Append("From: a@contoso.com\r\nContent-Type: message/rfc822\r\n\r\n");
        var message = MimeToMapi.Read(Encoding.ASCII.GetBytes(text + "Subject: end\r\n\r\n."));
        var depth = 0;
        for (var inner = message; inner is not null; inner = inner.Attachments.FirstOrDefault()?.EmbeddedMessage) depth++;
        Assert.Equal(MimeToMapi.MostEmbeddings + 1, depth);
    }

    [Fact]
    public void The_entry_id_of_an_outsider_is_a_one_off() => Assert.Equal(
        "00000000812B1FA4BEA310199D6E00DD010F540200000190" + "41000000" + "53004D00540050000000" + "61004000620000",
        Convert.ToHexString(AddressEntryId.OneOff("A", "SMTP", "a@b"))[..^2]);

    [Theory]
    [InlineData("=?windows-1252?Q?=80_100?=", "€ 100")]
    [InlineData("=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "テスト")]
    [InlineData("=?gb2312?B?suLK1A==?=", "测试")]
    public void Subjects_are_decoded_by_any_charset(string wire, string subject) =>
        Assert.Equal(subject, MimeToMapi.Read(Encoding.ASCII.GetBytes($"Subject: {wire}\r\n\r\n.")).Properties.GetString(PropertyTags.Subject));

    [Fact]
    public void Blank_lines_before_a_message_are_passed_over() =>
        Assert.Equal("S", MimeToMapi.Read("  \r\n\r\nSubject: S\r\n\r\n."u8.ToArray()).Properties.GetString(PropertyTags.Subject));

    [Theory]
    [InlineData("")]
    [InlineData("\0\u0001\u0002ÐÏ\u0011à")]
    [InlineData("just a line of text")]
    [InlineData("key: value\nother: thing\n")]
    public void What_is_no_message_is_refused(string text) => Assert.Throws<NotAMessageException>(() => MimeToMapi.Read(Encoding.Latin1.GetBytes(text)));

    private static MapiMessage Read(string text) => MimeToMapi.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    private static string Describe(MapiAttachment attachment) =>
        $"{attachment.Properties[PropertyTags.AttachMethod]} {attachment.Properties[PropertyTags.AttachLongFilename]} "
        + $"{attachment.Properties[PropertyTags.AttachFilename]} {attachment.Properties[PropertyTags.AttachMimeTag]} "
        + $"hidden:{attachment.Properties[PropertyTags.AttachmentHidden]}";
}
