using System.Text;
using MimeKit.Text;

namespace Cutover.Mapi.Messages;

/// <summary>The text of HTML, for readers that show no HTML.</summary>
internal static class HtmlText
{
    private const int MostLineBreaks = 2;

    public static string Of(string html)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        var unseen = 0;
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag) unseen = Tag(tag, text, unseen);
            else if (token is HtmlDataToken data && token.Kind is HtmlTokenKind.Data or HtmlTokenKind.CData && unseen == 0) Words(data.Data, text);
        }
        return text.ToString().Trim();
    }

    private static int Tag(HtmlTagToken tag, StringBuilder text, int unseen)
    {
        switch (tag.Id)
        {
            case HtmlTagId.Head or HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title:
                return tag.IsEndTag ? Math.Max(0, unseen - 1) : tag.IsEmptyElement ? unseen : unseen + 1;
            case HtmlTagId.Body:
                return 0;
            case HtmlTagId.Br:
                text.Append("\r\n");
                break;
            case HtmlTagId.TD or HtmlTagId.TH when tag.IsEndTag:
                text.Append('\t');
                break;
            case HtmlTagId.LI when !tag.IsEndTag:
                Break(text, 1);
                text.Append("* ");
                break;
            case HtmlTagId.P or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.BlockQuote or HtmlTagId.Table or HtmlTagId.UL or HtmlTagId.OL:
                Break(text, MostLineBreaks);
                break;
            case HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.HR or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 or HtmlTagId.LI:
                Break(text, 1);
                break;
        }
        return unseen;
    }

    private static void Break(StringBuilder text, int lines)
    {
        while (text.Length > 0 && text[^1] is ' ') text.Length--;
        if (text.Length == 0) return;
        var present = 0;
        for (var at = text.Length - 1; at > 0 && text[at] == '\n' && present < lines; at -= 2) present++;
        for (; present < lines; present++) text.Append("\r\n");
    }

    // White space of HTML is one blank, however long.
    private static void Words(string data, StringBuilder text)
    {
        foreach (var c in data)
        {
            if (c is not (' ' or '\t' or '\r' or '\n' or '\f')) text.Append(c);
            else if (text.Length > 0 && text[^1] is not (' ' or '\n' or '\t')) text.Append(' ');
        }
    }
}
