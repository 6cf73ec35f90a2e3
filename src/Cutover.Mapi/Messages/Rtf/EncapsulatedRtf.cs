using System.Text;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>The HTML or text that RTF encapsulates, as it was. Source: [MS-OXRTFEX] 2.2.3.2 and 2.2.3.3.</summary>
internal sealed class EncapsulatedRtf(bool isHtml) : IRtfOutput
{
    private readonly StringBuilder output = new();

    public bool SkipsRenderedRtf => true;

    public void Text(string text, RtfFormat format) => output.Append(text);

    public void Special(string word, RtfFormat format) =>
        output.Append(isHtml && !format.IsTag ? RtfCharacters.InHtml(word) : RtfCharacters.InText(word));

    public void Link(string? address) { }

    public override string ToString() => output.ToString();
}
