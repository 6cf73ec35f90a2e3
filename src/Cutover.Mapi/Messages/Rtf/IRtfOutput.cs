namespace Cutover.Mapi.Messages.Rtf;

/// <summary>Takes what <see cref="RtfReader"/> reads, in order.</summary>
internal interface IRtfOutput
{
    /// <summary>True when text between \htmlrtf and \htmlrtf0 is not part of the document.</summary>
    bool SkipsRenderedRtf { get; }

    /// <summary>Text as it stands.</summary>
    void Text(string text, RtfFormat format);

    /// <summary>A control word or symbol that stands for characters, such as par, tab, emdash, ~; unknown ones mean nothing.</summary>
    void Special(string word, RtfFormat format);

    /// <summary>The result of a hyperlink field begins or, with null, ends.</summary>
    void Link(string? address);
}

/// <summary>How a run of text looks.</summary>
/// <param name="IsTag">Inside an HTMLTAG destination: markup rather than text.</param>
internal readonly record struct RtfFormat(bool IsTag, bool Bold, bool Italic, bool Underline);
