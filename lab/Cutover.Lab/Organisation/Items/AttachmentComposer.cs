using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>Attaches files and messages.</summary>
internal sealed class AttachmentComposer(Random random)
{
    private const int ByValue = 1;
    private const int Embedded = 5;
    private const int NotRendered = -1;
    private const int Smallest = 1024;
    private const double SizeSpan = 2048; // to 2 MiB

    private static readonly (string Name, string Type, byte[] Start)[] Kinds =
    [
        ("offerte.pdf", "application/pdf", [.. "%PDF-1.7\n"u8]),
        ("Cijfers Q3.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [.. "PK\u0003\u0004"u8]),
        ("verslag.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", [.. "PK\u0003\u0004"u8]),
        ("foto’s kantoor.png", "image/png", [0x89, .. "PNG\r\n\u001a\n"u8]),
        ("notes.txt", "text/plain", [.. "Notes\r\n"u8]),
        ("naamloos", "application/octet-stream", []),
    ];

    /// <summary>One to three files; most are small, a few have up to 2 MiB.</summary>
    public void AddFiles(MapiMessage message)
    {
        for (var count = 1 + random.Next(6) / 4 + random.Next(12) / 11; count > 0; count--) AddFile(message);
    }

    public void AddMessage(MapiMessage message, MapiMessage embedded)
    {
        var name = embedded.Properties.GetString(PropertyTags.Subject)!;
        message.Attachments.Add(new MapiAttachment
        {
            Properties =
            {
                { PropertyTags.AttachMethod, Embedded },
                { PropertyTags.RenderingPosition, NotRendered },
                { PropertyTags.DisplayName, name },
                { PropertyTags.AttachFlags, 0 },
                { PropertyTags.AttachmentHidden, false },
            },
            EmbeddedMessage = embedded,
        });
    }

    private void AddFile(MapiMessage message)
    {
        var (name, type, start) = Kinds[random.Next(Kinds.Length)];
        var dot = name.LastIndexOf('.');
        message.Attachments.Add(new MapiAttachment
        {
            Properties =
            {
                { PropertyTags.AttachMethod, ByValue },
                { PropertyTags.RenderingPosition, NotRendered },
                { PropertyTags.DisplayName, name },
                { PropertyTags.AttachLongFilename, name },
                { PropertyTags.AttachExtension, dot < 0 ? "" : name[dot..] },
                { PropertyTags.AttachMimeTag, type },
                { PropertyTags.AttachDataBinary, Content(start) },
                { PropertyTags.AttachFlags, 0 },
                { PropertyTags.AttachmentHidden, false },
            },
        });
    }

    private byte[] Content(byte[] start)
    {
        // The exponent bends the even spread so that half of the files stay below 3 KB.
        var size = (int)(Smallest * Math.Pow(SizeSpan, Math.Pow(random.NextDouble(), 3)));
        var bytes = new byte[size];
        random.NextBytes(bytes);
        start.CopyTo(bytes, 0);
        return bytes;
    }
}
