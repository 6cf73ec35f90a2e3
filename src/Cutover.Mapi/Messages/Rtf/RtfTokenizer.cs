using System.Globalization;

namespace Cutover.Mapi.Messages.Rtf;

internal enum RtfTokenKind
{
    End,
    GroupStart,
    GroupEnd,
    /// <summary>Letters and perhaps a number: \par, \u8364.</summary>
    Word,
    /// <summary>One other character: \~, \{, \*.</summary>
    Symbol,
    /// <summary>A byte of text, plain or as \'hh.</summary>
    Byte,
}

/// <summary>Cuts RTF into tokens. Source: [MSFT-RTF], "Conventions of an RTF Reader".</summary>
internal ref struct RtfTokenizer(ReadOnlySpan<byte> rtf)
{
    private const int LongestWord = 32;

    private readonly ReadOnlySpan<byte> rtf = rtf;
    private int at;

    public RtfTokenKind Kind { get; private set; }

    /// <summary>The letters of a control word.</summary>
    public ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>The number behind a control word, null without one.</summary>
    public int? Parameter { get; private set; }

    /// <summary>The byte of text, or the character of a control symbol.</summary>
    public byte Value { get; private set; }

    public bool Read()
    {
        while (at < rtf.Length)
        {
            var b = rtf[at++];
            switch (b)
            {
                case (byte)'{': return Found(RtfTokenKind.GroupStart);
                case (byte)'}': return Found(RtfTokenKind.GroupEnd);
                case (byte)'\\': return ReadControl();
                case (byte)'\r' or (byte)'\n' or 0: continue;
                case (byte)'\t': return FoundWord("tab"u8);
                default: return Found(RtfTokenKind.Byte, b);
            }
        }
        return Found(RtfTokenKind.End);
    }

    private bool ReadControl()
    {
        if (at == rtf.Length) return Found(RtfTokenKind.End);
        var b = rtf[at];
        if (char.IsAsciiLetter((char)b)) return ReadWord();
        at++;
        return b switch
        {
            (byte)'\'' => ReadHex(),
            (byte)'\r' or (byte)'\n' => FoundWord("par"u8),
            (byte)'\t' => FoundWord("tab"u8),
            _ => Found(RtfTokenKind.Symbol, b),
        };
    }

    private bool ReadWord()
    {
        var start = at;
        while (at < rtf.Length && at - start < LongestWord && char.IsAsciiLetter((char)rtf[at])) at++;
        Word = rtf[start..at];
        Parameter = ReadParameter();
        if (at < rtf.Length && rtf[at] == ' ') at++;
        if (Word.SequenceEqual("bin"u8)) at = (int)Math.Min(rtf.Length, (long)at + Math.Max(0, Parameter ?? 0));
        return Found(RtfTokenKind.Word);
    }

    private int? ReadParameter()
    {
        var start = at;
        if (at + 1 < rtf.Length && rtf[at] == '-' && char.IsAsciiDigit((char)rtf[at + 1])) at++;
        while (at < rtf.Length && char.IsAsciiDigit((char)rtf[at])) at++;
        return at > start && int.TryParse(rtf[start..at], CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // Digits that are none stand for nothing; readers pass over them.
    private bool ReadHex()
    {
        if (at + 2 > rtf.Length) return Found(RtfTokenKind.End);
        var isHex = byte.TryParse(rtf.Slice(at, 2), NumberStyles.AllowHexSpecifier, null, out var value);
        if (!isHex) return Found(RtfTokenKind.Symbol, (byte)'\'');
        at += 2;
        return Found(RtfTokenKind.Byte, value);
    }

    private bool FoundWord(ReadOnlySpan<byte> word)
    {
        Word = word;
        Parameter = null;
        return Found(RtfTokenKind.Word);
    }

    private bool Found(RtfTokenKind kind, byte value = 0)
    {
        (Kind, Value) = (kind, value);
        return kind != RtfTokenKind.End;
    }
}
