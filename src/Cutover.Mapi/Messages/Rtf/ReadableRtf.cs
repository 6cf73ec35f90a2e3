using System.Net;
using System.Text;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>RTF that was written as such, as text and as HTML with paragraphs, bold, italic, underline and links.</summary>
internal sealed class ReadableRtf : IRtfOutput
{
    private static readonly string[] LinkSchemes = ["http:", "https:", "mailto:", "ftp:", "tel:", "file:"];

    private readonly StringBuilder text = new();
    private readonly StringBuilder html = new();
    private RtfFormat shown;
    private bool inLink;

    public bool SkipsRenderedRtf => false;

    public string Text => text.ToString();

    public string Html
    {
        get
        {
            var body = new StringBuilder("<html><body><p>").Append(html).Append(Closing(shown));
            if (inLink) body.Append("</a>");
            return body.Append("</p></body></html>").ToString();
        }
    }

    void IRtfOutput.Text(string run, RtfFormat format)
    {
        text.Append(run);
        Show(format);
        html.Append(WebUtility.HtmlEncode(run));
    }

    public void Special(string word, RtfFormat format)
    {
        text.Append(RtfCharacters.InText(word));
        Show(format);
        html.Append(word switch
        {
            "par" or "sect" or "page" or "row" => Closing(shown) + "</p>\r\n<p>" + Opening(shown),
            "line" => "<br>\r\n",
            "tab" or "cell" or "nestcell" => "&emsp;",
            _ => RtfCharacters.InHtml(word),
        });
    }

    public void Link(string? address)
    {
        Show(default);
        if (inLink) html.Append("</a>");
        inLink = address is not null && LinkSchemes.Any(scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        if (inLink) html.Append("<a href=\"").Append(WebUtility.HtmlEncode(address)).Append("\">");
    }

    private void Show(RtfFormat format)
    {
        if (format == shown) return;
        html.Append(Closing(shown)).Append(Opening(format));
        shown = format;
    }

    private static string Opening(RtfFormat format) => (format.Bold ? "<b>" : "") + (format.Italic ? "<i>" : "") + (format.Underline ? "<u>" : "");

    private static string Closing(RtfFormat format) => (format.Underline ? "</u>" : "") + (format.Italic ? "</i>" : "") + (format.Bold ? "</b>" : "");
}
