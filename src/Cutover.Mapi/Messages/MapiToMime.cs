using System.Text;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>
/// Makes Internet messages of MAPI messages. Any message converts; docs/protocols/mime.md tells what MIME can't hold. Source: [MS-OXCMAIL] 2.1.
/// </summary>
public static class MapiToMime
{
    /// <summary>Messages in messages beyond this depth are named, not written.</summary>
    public const int MostEmbeddings = 64;

    private static readonly FormatOptions OnTheWire = MakeOnTheWire();

    // MimeKit asks .NET for charsets, which knows few without its provider.
    static MapiToMime() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// Writes a message as .eml with CRLF, asking <paramref name="resolver"/> for the addresses that the message doesn't tell. Attachments
    /// are streamed from <see cref="MapiAttachment.Content"/>.
    /// </summary>
    public static async Task WriteAsync(MapiMessage message, Stream output, IAddressResolver resolver, CancellationToken ct)
    {
        var addresses = await SmtpAddresses.ResolveAsync(message, resolver, ct);
        using var mime = Convert(message, addresses);
        await mime.WriteToAsync(OnTheWire, output, ct);
    }

    /// <summary>Writes a message as .eml with CRLF.</summary>
    public static void Write(MapiMessage message, Stream output, SmtpAddresses? addresses = null)
    {
        using var mime = Convert(message, addresses);
        mime.WriteTo(OnTheWire, output);
    }

    /// <summary>Converts a message. People whose SMTP address neither the message nor <paramref name="addresses"/> tells get an encapsulated one.</summary>
    public static MimeMessage Convert(MapiMessage message, SmtpAddresses? addresses = null) =>
        Convert(message, addresses ?? SmtpAddresses.None, depth: 0);

    internal static MimeMessage Convert(MapiMessage message, SmtpAddresses addresses, int depth)
    {
        var mime = new MimeMessage();
        mime.Headers.Clear();
        foreach (var header in new MapiHeaders(message, addresses).Build()) mime.Headers.Add(header);
        mime.Body = MapiSmime.Body(message) ?? MapiReport.Body(message, addresses, depth) ?? new MapiContent(message, addresses, depth).Body();
        mime.Headers.Replace(HeaderId.MimeVersion, "1.0");
        return mime;
    }

    /// <summary>The message class, IPM.Note where none is set.</summary>
    internal static string ClassOf(MapiMessage message) =>
        message.Properties.GetString(PropertyTags.MessageClass) is { Length: > 0 } messageClass ? messageClass : "IPM.Note";

    private static FormatOptions MakeOnTheWire()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }
}
