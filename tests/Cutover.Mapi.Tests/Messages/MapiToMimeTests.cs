using System.Text;
using CsCheck;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Tests.Messages;

public sealed class MapiToMimeTests
{
    private const string Dn = "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=ann";

    [Fact]
    public void A_sent_message_has_a_header_made_of_its_properties()
    {
        var message = Note(
            new(PropertyTags.Subject, "RE: Größe"), new(PropertyTags.Body, "Ja"), new(PropertyTags.Importance, 2), new(PropertyTags.Priority, 1),
            new(PropertyTags.Sensitivity, 3), new(PropertyTags.InternetMessageId, "<1@contoso.com>"), new(PropertyTags.InReplyToId, "<0@contoso.com>"),
            new(PropertyTags.ClientSubmitTime, new DateTime(2026, 11, 3, 9, 15, 0, DateTimeKind.Utc)), new(PropertyTags.ReadReceiptRequested, true),
            new(PropertyTags.AutoResponseSuppress, 0x2 | 0x10));
        message.Properties.Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "Blauw" });
        message.Properties.Set(PropertyName.Of(PropertySets.InternetHeaders, "x-mailer"), PropertyType.String, "Abacus 3");
        MessageAddress.Smtp("Ann", "ann@contoso.com").SetSentRepresenting(message.Properties);
        MessageAddress.Smtp("Office", "office@contoso.com").SetSender(message.Properties);
        message.Recipients.AddRange([MessageAddress.Smtp("Bo, B.", "bo@fabrikam.com").ToRecipient(1, 0), MessageAddress.Smtp(null, "c@fabrikam.com").ToRecipient(3, 1)]);
        var mime = Convert(message);
        Assert.Equal(
            ["From: Ann <ann@contoso.com>", "Sender: Office <office@contoso.com>", "To: \"Bo, B.\" <bo@fabrikam.com>", "Bcc: c@fabrikam.com",
             "Disposition-Notification-To: Office <office@contoso.com>", "Date: Tue, 03 Nov 2026 09:15:00 +0000", "Subject: RE: Größe",
             "Message-ID: <1@contoso.com>", "In-Reply-To: <0@contoso.com>", "Importance: High", "X-Priority: 1", "Priority: urgent",
             "Sensitivity: Company-Confidential", "X-Auto-Response-Suppress: NDR, OOF", "Keywords: Rood, Blauw", "x-mailer: Abacus 3", "MIME-Version: 1.0"],
            mime.Headers.Select(header => $"{header.Field}: {header.Value}"));
        Assert.Equal("Ja", mime.TextBody);
    }

    [Fact]
    public void Line_ends_in_properties_make_no_header_fields()
    {
        var message = Note(new PropertyValue(PropertyTags.Subject, "A\r\nBcc: evil@contoso.com"));
        message.Properties.Set(PropertyName.Of(PropertySets.InternetHeaders, "x-a\r\nBcc"), PropertyType.String, "evil@contoso.com");
        message.Recipients.Add(MessageAddress.Smtp("E\r\nBcc: x@contoso.com", "e@contoso.com").ToRecipient(1, 0));
        Assert.Empty(Convert(message).Bcc);
    }

    [Fact]
    public async Task Addresses_of_the_organisation_are_resolved()
    {
        var message = Note();
        MessageAddress.Exchange("Ann", Dn, null).SetSentRepresenting(message.Properties);
        message.Recipients.Add(MessageAddress.Exchange("Bo", "/o=Contoso/cn=bo", null).ToRecipient(1, 0));
        using var output = new MemoryStream();
        await MapiToMime.WriteAsync(message, output, new AddressBook(), TestContext.Current.CancellationToken);
        var mime = MimeToMapi.Parse(output.ToArray());
        Assert.Equal("ann@contoso.com", mime.From.Mailboxes.Single().Address);
        Assert.Equal("IMCEAEX-_o=Contoso_cn=bo@invalid", mime.To.Mailboxes.Single().Address);
        var back = MimeToMapi.Convert(mime);
        Assert.Equal("EX", back.Recipients[0].GetString(PropertyTags.AddressType));
        Assert.Equal("/o=Contoso/cn=bo", back.Recipients[0].GetString(PropertyTags.EmailAddress));
    }

    [Fact]
    public void An_encapsulated_address_keeps_every_character() => Assert.Equal(
        "IMCEAEX-_o=Contoso_ou=Exchange+20Administrative+20Group+20+28FYDIBOHF23SPDLT+29_cn=Recipients_cn=ann@invalid", SmtpAddresses.Encapsulate("EX", Dn));

    [Fact]
    public void Of_a_cut_recipient_table_the_names_are_left()
    {
        var mime = Convert(Note(new PropertyValue(PropertyTags.DisplayTo, "Ann; Bo")));
        Assert.Equal(["Ann", "Bo"], mime.To.Select(address => address.Name));
    }

    [Theory]
    [InlineData(3, "html,text")]
    [InlineData(2, "rtf")]
    [InlineData(1, "text")]
    public void The_body_that_a_message_was_written_in_wins(int native, string expected)
    {
        var message = Note(new(PropertyTags.Body, "text"), new(PropertyTags.Html, "<p>html</p>"u8.ToArray()), new(PropertyTags.NativeBody, native),
            new(PropertyTags.RtfCompressed, CompressedRtf.Compress(@"{\rtf1\ansi\fromhtml1 {\*\htmltag <p>}rtf}"u8)));
        var mime = Convert(message);
        Assert.Contains(expected.Split(',')[0], expected == "text" ? mime.TextBody : mime.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void HTML_keeps_its_bytes_and_its_code_page()
    {
        byte[] html = [.. "<p>"u8, 0xCF, 0xF0, .. "</p>"u8];
        var mime = Convert(Note(new(PropertyTags.Html, html), new(PropertyTags.InternetCodepage, 1251)));
        var part = mime.BodyParts.OfType<TextPart>().Single(text => text.IsHtml);
        Assert.Equal("windows-1251", part.ContentType.Charset);
        Assert.Equal(html, Content(part));
        Assert.Equal("Пр", mime.TextBody?.Trim());
    }

    [Fact]
    public void What_was_written_as_RTF_goes_along_in_three_forms_and_comes_back()
    {
        var rtf = @"{\rtf1\ansi Hello {\b world}\par}"u8.ToArray();
        var mime = Convert(Note(new PropertyValue(PropertyTags.RtfCompressed, CompressedRtf.Compress(rtf))));
        Assert.Equal(["text/plain", "text/html", "application/rtf"], mime.BodyParts.Select(part => part.ContentType.MimeType));
        Assert.Equal("Hello world", mime.TextBody?.Trim());
        var back = MimeToMapi.Convert(mime);
        Assert.Equal(rtf, CompressedRtf.Decompress((byte[])back.Properties[PropertyTags.RtfCompressed]!));
        Assert.Equal(2, back.Properties.GetInteger(PropertyTags.NativeBody));
    }

    [Fact]
    public void Damaged_RTF_leaves_the_text() =>
        Assert.Equal("Ja", Convert(Note(new(PropertyTags.Body, "Ja"), new(PropertyTags.NativeBody, 2), new(PropertyTags.RtfCompressed, new byte[] { 1, 2, 3 }))).TextBody);

    [Fact]
    public void Pictures_of_the_HTML_are_related_to_it_and_other_files_are_beside()
    {
        var message = Note(new PropertyValue(PropertyTags.Html, "<img src=\"cid:logo@1\">"u8.ToArray()));
        message.Attachments.AddRange([File("a.pdf", [1], []), File("logo.png", [2], [new(PropertyTags.AttachContentId, "logo@1")])]);
        var mime = Convert(message);
        var mixed = Assert.IsType<Multipart>(mime.Body);
        var alternative = Assert.IsType<MultipartAlternative>(mixed[0]);
        Assert.Equal("logo@1", Assert.IsType<MultipartRelated>(alternative[1])[1].ContentId);
        Assert.Equal("a.pdf", Assert.IsType<MimePart>(mixed[1]).FileName);
        Assert.Equal("application/pdf", mixed[1].ContentType.MimeType);
    }

    [Fact]
    public void Attachments_of_every_method_are_written()
    {
        var message = Note();
        message.Attachments.AddRange(
        [
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 5)], EmbeddedMessage = Note(new PropertyValue(PropertyTags.Subject, "Inner")) },
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 6), new(PropertyTags.AttachDataObject, new byte[] { 7 }), new(PropertyTags.AttachRendering, new byte[] { 8 })] },
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 7), new(PropertyTags.AttachLongPathname, "https://contoso.com/a.docx"), new(PropertyTags.AttachLongFilename, "a.docx")] },
        ]);
        var parts = Assert.IsType<Multipart>(Convert(message).Body).Skip(1).ToList();
        Assert.Equal("Inner", Assert.IsType<MessagePart>(parts[0]).Message?.Subject);
        Assert.Equal(["application/x-ole-storage", "image/wmf", "text/uri-list"], parts.Skip(1).Select(part => part.ContentType.MimeType));
        Assert.Equal("https://contoso.com/a.docx\r\n", Encoding.UTF8.GetString(Content((MimePart)parts[3])));
    }

    [Fact]
    public void Large_contents_are_opened_only_when_they_are_written()
    {
        var opened = 0;
        var message = Note();
        message.Attachments.Add(new MapiAttachment
        {
            Properties = [new(PropertyTags.AttachMethod, 1), new(PropertyTags.AttachLongFilename, "a.bin")],
            Content = () => { opened++; return new MemoryStream(new byte[100_000]); },
        });
        using var mime = MapiToMime.Convert(message);
        Assert.Equal(0, opened);
        using var output = new MemoryStream();
        mime.WriteTo(output, TestContext.Current.CancellationToken);
        Assert.Equal(1, opened);
        Assert.Equal(100_000, ((byte[])MimeToMapi.Read(output.ToArray()).Attachments[0].Properties[PropertyTags.AttachDataBinary]!).Length);
    }

    [Fact]
    public void A_draft_says_that_it_was_not_sent() => Assert.Equal("1", Convert(Note(new PropertyValue(PropertyTags.MessageFlags, 0x9))).Headers["X-Unsent"]);

    [Fact]
    public void An_NDR_tells_programs_what_failed()
    {
        var message = Message("REPORT.IPM.Note.NDR", new(PropertyTags.Subject, "Undeliverable"), new(PropertyTags.ReportText, "No."), new(PropertyTags.ReportingMessageTransferAgent, "ex1.contoso.com"));
        var row = MessageAddress.Smtp("X", "x@fabrikam.com").ToRecipient(1, 0);
        message.Recipients.Add(row.Set(PropertyTags.NonDeliveryReportStatusCode, 511).Set(PropertyTags.SupplementaryInfo, "550 unknown"));
        var mime = Convert(message);
        var report = Assert.IsType<MultipartReport>(mime.Body);
        Assert.Equal("delivery-status", report.ReportType);
        var groups = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups;
        Assert.Equal("dns;ex1.contoso.com", groups[0]["Reporting-MTA"]);
        Assert.Equal(["rfc822;x@fabrikam.com", "failed", "5.1.1", "smtp;550 unknown"], groups[1].Select(field => field.Value));
        var back = MimeToMapi.Convert(mime);
        Assert.Equal("REPORT.IPM.Note.NDR", back.Properties.GetString(PropertyTags.MessageClass));
        Assert.Equal(511, Assert.Single(back.Recipients).GetInteger(PropertyTags.NonDeliveryReportStatusCode));
    }

    [Theory]
    [InlineData("REPORT.IPM.Note.IPNRN", "displayed")]
    [InlineData("REPORT.IPM.Note.IPNNRN", "deleted")]
    public void A_receipt_tells_what_became_of_the_message(string messageClass, string disposition)
    {
        var mime = Convert(Message(messageClass, new(PropertyTags.Subject, "Read"), new(PropertyTags.OriginalMessageId, "<1@contoso.com>")));
        var fields = Assert.IsType<MessageDispositionNotification>(Assert.IsType<MultipartReport>(mime.Body)[1]).Fields;
        Assert.Equal($"automatic-action/MDN-sent-automatically; {disposition}", fields["Disposition"]);
        Assert.Equal(messageClass, MimeToMapi.Convert(mime).Properties.GetString(PropertyTags.MessageClass));
    }

    [Fact]
    public void An_encrypted_message_is_its_attachment()
    {
        byte[] cms = [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03, 0xA0, 0x80];
        var message = Message("IPM.Note.SMIME");
        message.Attachments.Add(File("smime.p7m", cms, []));
        var part = Assert.IsType<MimePart>(Reparsed(message).Body, exactMatch: false);
        Assert.Equal("enveloped-data", part.ContentType.Parameters["smime-type"]);
        Assert.Equal(cms, Content(part));
    }

    [Fact]
    public void A_message_in_too_many_others_is_named()
    {
        var message = Note();
        for (var i = 0; i < 500; i++)
        {
            var outer = Note();
            outer.Attachments.Add(new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 5)], EmbeddedMessage = message });
            message = outer;
        }
        using var output = new MemoryStream();
        MapiToMime.Write(message, output);
        Assert.Contains("too many others", Encoding.ASCII.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_subject_text_and_name_survive() => Gen.Select(Words, Words, Words).Sample((subject, words, name) =>
    {
        // A line in plain ASCII can't go without its end. RFC 5322 2.1.
        var text = words + "\r\n";
        var message = Note(new(PropertyTags.Subject, subject), new(PropertyTags.Body, text));
        message.Recipients.Add(MessageAddress.Smtp(name, "a@contoso.com").ToRecipient(1, 0));
        var back = MimeToMapi.Convert(Reparsed(message));
        return back.Properties.GetString(PropertyTags.Subject) == subject && back.Properties.GetString(PropertyTags.Body) == text
            && back.Recipients.Single().GetString(PropertyTags.DisplayName) == name;
    });

    // Several words of letters of any script.
    private static Gen<string> Words => Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['\u00C0', '\u024F'], Gen.Char['\u0410', '\u044F'], Gen.Char['\u4E00', '\u9FA5'])
        .Array[1, 12].Array[1, 20].Select(words => string.Join(' ', words.Select(word => new string(word))));

    private sealed class AddressBook : IAddressResolver
    {
        public ValueTask<IReadOnlyDictionary<string, string>> ResolveAsync(IReadOnlyCollection<string> legacyExchangeDNs, CancellationToken ct) =>
            new(new Dictionary<string, string> { [Dn.ToUpperInvariant()] = "ann@contoso.com" });
    }

    private static MapiMessage Note(params PropertyValue[] properties) => Message("IPM.Note", properties);

    private static MapiMessage Message(string messageClass, params PropertyValue[] properties) =>
        new() { Properties = [new(PropertyTags.MessageClass, messageClass), .. properties] };

    private static MapiAttachment File(string name, byte[] content, PropertyValue[] more) => new()
    {
        Properties = [new(PropertyTags.AttachMethod, 1), new(PropertyTags.AttachLongFilename, name), new(PropertyTags.AttachDataBinary, content), .. more],
    };

    private static MimeMessage Convert(MapiMessage message) => MapiToMime.Convert(message);

    private static MimeMessage Reparsed(MapiMessage message)
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
}
