using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Messages.Tnef;
using Cutover.Mapi.Properties;

namespace Cutover.Fuzz;

/// <summary>Well-formed messages in all their forms.</summary>
internal static class MessageSeeds
{
    public static IReadOnlyList<byte[]> Rtfs { get; } =
    [
        [.. @"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset128 MS;}}{\*\htmltag64}{\*\htmltag18 <p>\par}\htmlrtf {\b\htmlrtf0 x\u8364?\'80}{\f1 \'83\'4c}\line}"u8],
        [.. @"{\rtf1\ansi\uc2 Hello {\b\i world}\par{\field{\*\fldinst HYPERLINK ""https://contoso.com""}{\fldrslt link}}{\pict\bin4 abcd}\emdash\~}"u8],
        [.. @"{\rtf1\fromtext\ansicpg932 \'83\'4c\tab\par}"u8],
    ];

    public static IReadOnlyList<byte[]> CompressedRtfs { get; } = [.. Rtfs.Select(rtf => CompressedRtf.Compress(rtf)), CompressedRtf.Wrap(Rtfs[0])];

    public static IReadOnlyList<byte[]> TnefStreams { get; } = [.. Messages().Select(TnefWriter.Write)];

    public static IReadOnlyList<byte[]> Mails { get; } = [.. Messages().Select(Mail), Encoding.ASCII.GetBytes(Structured)];

    public static IReadOnlyList<byte[]> MsgFiles { get; } = [MsgFile()];

    private const string Structured = "From: =?windows-1252?Q?=80?= <a@contoso.com>\r\nTo: Team: b@contoso.com;, \"C\" <c@contoso.com>\r\nSubject: RE: x\r\n"
        + "Date: Tue, 3 Nov 2026 10:15:00 +0100\r\nX-Unsent: 1\r\nThread-Index: AQHZ\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
        + "Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html; charset=iso-2022-jp\r\n\r\n<img src=cid:i>\r\n--r\r\n"
        + "Content-Type: image/png\r\nContent-ID: <i>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\n--r--\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n"
        + "Subject: in\r\n\r\nx\r\n--m\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\n"
        + "Reporting-MTA: dns;x\r\n\r\nFinal-Recipient: rfc822;a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n--d--\r\n--m--\r\n";

    private static byte[] Mail(MapiMessage message)
    {
        using var output = new MemoryStream();
        MapiToMime.Write(message, output);
        return output.ToArray();
    }

    private static IEnumerable<MapiMessage> Messages()
    {
        var note = Message("IPM.Note", new(PropertyTags.Subject, "Größe"), new(PropertyTags.Html, "<p>x</p>"u8.ToArray()), new(PropertyTags.InternetCodepage, 1252));
        note.Properties.Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "Blauw" }).Set(PropertyNames.UseTnef, PropertyType.Boolean, true);
        note.Recipients.Add(MessageAddress.Exchange("Ann", "/o=Contoso/cn=ann", null).ToRecipient(1, 0));
        note.Attachments.Add(new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 1), new(PropertyTags.AttachDataBinary, new byte[] { 1, 2, 3 })] });
        note.Attachments.Add(new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 5)], EmbeddedMessage = Message("IPM.Note", new PropertyValue(PropertyTags.Body, "x")) });
        yield return note;
        yield return Message("IPM.Note", new PropertyValue(PropertyTags.RtfCompressed, CompressedRtfs[1]));
        yield return Message("REPORT.IPM.Note.NDR", new PropertyValue(PropertyTags.ReportText, "No."));
        yield return Message("IPM.Note.SMIME.MultipartSigned", new PropertyValue(PropertyTags.Subject, "S"));
    }

    private static MapiMessage Message(string messageClass, params PropertyValue[] properties) =>
        new() { Properties = [new(PropertyTags.MessageClass, messageClass), .. properties] };

    // Header, then sectors: 0 FAT, 1 and 2 directory, 3 mini FAT, 4 mini stream. A message, a recipient and an attachment.
    private static byte[] MsgFile()
    {
        var file = new byte[6 * 512];
        Convert.FromHexString("D0CF11E0A1B11AE1").CopyTo(file, 0);
        foreach (var (at, value) in new[] { (0x18, 0x3E), (0x1A, 3), (0x1C, 0xFFFE), (0x1E, 9), (0x20, 6) }) Put16(file, at, value);
        foreach (var (at, value) in new[] { (0x2C, 1), (0x30, 1), (0x38, 4096), (0x3C, 3), (0x40, 1), (0x44, -2) }) Put32(file, at, value);
        for (var at = 0x50; at < 512; at += 4) Put32(file, at, -1);
        int[] fat = [-3, 2, -2, -2, -2];
        for (var i = 0; i < 128; i++) Put32(file, 512 + 4 * i, i < fat.Length ? fat[i] : -1);
        int[] miniFat = [-2, -2, -2, -2];
        for (var i = 0; i < 128; i++) Put32(file, 4 * 512 + 4 * i, i < miniFat.Length ? miniFat[i] : -1);
        Entry(file, 0, "Root Entry", 5, child: 1, sibling: -1, start: 4, size: 256);
        Entry(file, 1, "__properties_version1.0", 2, -1, 2, 0, 48);
        Entry(file, 2, "__substg1.0_0037001F", 2, -1, 3, 1, 8);
        Entry(file, 3, "__recip_version1.0_#00000000", 1, 6, 4, 0, 0);
        Entry(file, 4, "__attach_version1.0_#00000000", 1, 7, 5, 0, 0);
        Entry(file, 5, "__substg1.0_10090102", 2, -1, -1, 2, 60);
        Entry(file, 6, "__substg1.0_3003001E", 2, -1, -1, 3, 6);
        Entry(file, 7, "__substg1.0_37010102", 2, -1, -1, 1, 8);
        Put32(file, 5 * 512 + 32, 0x00170003);
        Put32(file, 5 * 512 + 40, 2);
        Encoding.Unicode.GetBytes("Plan").CopyTo(file, 5 * 512 + 64);
        CompressedRtfs[2].AsSpan(0, Math.Min(60, CompressedRtfs[2].Length)).CopyTo(file.AsSpan(5 * 512 + 128));
        "a@b.nl"u8.CopyTo(file.AsSpan(5 * 512 + 192));
        return file;
    }

    private static void Entry(byte[] file, int index, string name, byte kind, int child, int sibling, int start, int size)
    {
        var at = 2 * 512 + 128 * index;
        Encoding.Unicode.GetBytes(name).CopyTo(file, at);
        Put16(file, at + 0x40, 2 * name.Length + 2);
        file[at + 0x42] = kind;
        foreach (var (field, value) in new[] { (0x44, -1), (0x48, sibling), (0x4C, child), (0x74, start), (0x78, size) }) Put32(file, at + field, value);
    }

    private static void Put16(byte[] file, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);

    private static void Put32(byte[] file, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
}
