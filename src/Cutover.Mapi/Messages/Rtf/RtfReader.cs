using System.Runtime.InteropServices;
using System.Text;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>
/// Reads the text of RTF: groups and their state, destinations, code pages, Unicode. Nothing nests too deep for it and nothing is looked at
/// twice. Source: [MSFT-RTF], [MS-OXRTFEX] 2.2.3.2.
/// </summary>
internal sealed class RtfReader(IRtfOutput output)
{
    /// <summary>Groups within groups beyond this depth share their state.</summary>
    private const int DeepestGroup = 1000;

    private const int LongestFieldInstruction = 4096;

    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal)
    {
        "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "nonshppict",
        "objdata", "filetbl", "listtable", "listoverridetable", "revtbl", "xe", "tc", "tcn", "rxe", "txe", "private", "template", "annotation", "atnid",
        "atnauthor", "comment", "mhtmltag", "generator", "pnseclvl", "datafield", "bkmkstart", "bkmkend",
    };

    private readonly RtfFonts fonts = new();
    private readonly List<byte> run = [];
    private readonly StringBuilder fieldInstruction = new();
    private readonly Stack<State> outer = new();
    private State state = new() { FallbackLength = 1 };
    private int runCodePage;
    private int tooDeep;
    private int fallbackLeft;
    private int fontInTable;
    private bool ignorable;

    private enum Destination
    {
        Body,
        HtmlTag,
        FontTable,
        FieldInstruction,
        FieldResult,
        Unseen,
    }

    public void Read(ReadOnlySpan<byte> rtf)
    {
        var tokens = new RtfTokenizer(rtf);
        while (tokens.Read())
        {
            if (tokens.Kind == RtfTokenKind.GroupEnd && outer.Count + tooDeep <= 1) break;
            Take(ref tokens);
        }
        EndRun();
    }

    private void Take(ref RtfTokenizer token)
    {
        switch (token.Kind)
        {
            case RtfTokenKind.GroupStart: StartGroup(); break;
            case RtfTokenKind.GroupEnd: EndGroup(); break;
            case RtfTokenKind.Byte: Byte(token.Value); break;
            case RtfTokenKind.Symbol: Symbol((char)token.Value); break;
            default: Word(Encoding.ASCII.GetString(token.Word), token.Parameter); break;
        }
    }

    private void StartGroup()
    {
        EndRun();
        fallbackLeft = 0;
        if (outer.Count < DeepestGroup) outer.Push(state);
        else tooDeep++;
    }

    private void EndGroup()
    {
        EndRun();
        fallbackLeft = 0;
        ignorable = false;
        var ended = state;
        if (tooDeep > 0) tooDeep--;
        else state = outer.Pop();
        if (ended.Destination == Destination.FieldResult && state.Destination != Destination.FieldResult) output.Link(null);
    }

    // What stands in for \u in old readers is passed over.
    private bool IsFallback()
    {
        if (fallbackLeft == 0) return false;
        fallbackLeft--;
        return true;
    }

    private void Byte(byte value)
    {
        if (IsFallback() || !IsRead) return;
        var codePage = state.Destination == Destination.HtmlTag ? fonts.DefaultCodePage : fonts.CodePageOfFont(state.Font);
        if (codePage != runCodePage) EndRun();
        runCodePage = codePage;
        run.Add(value);
    }

    private void Symbol(char symbol)
    {
        if (symbol == '*') ignorable = true;
        else if (!IsFallback()) Special(symbol.ToString());
    }

    private void Word(string word, int? parameter)
    {
        var startsIgnorable = ignorable;
        ignorable = false;
        if (word == "u") Unicode(parameter ?? 0);
        else if (word == "bin") IsFallback();
        else if (!StartsDestination(word, startsIgnorable) && !SetsState(word, parameter) && !SetsDocument(word, parameter)) Special(word);
    }

    private bool StartsDestination(string word, bool startsIgnorable)
    {
        Destination? destination = word switch
        {
            "htmltag" => Destination.HtmlTag,
            "fonttbl" => Destination.FontTable,
            "fldinst" => Destination.FieldInstruction,
            "fldrslt" => Destination.FieldResult,
            "shppict" or "pntext" => null,
            _ => startsIgnorable || Unseen.Contains(word) ? Destination.Unseen : null,
        };
        if (destination is not { } started) return false;
        EndRun();
        if (state.Destination == Destination.Unseen) return true;
        state.Destination = started;
        if (started == Destination.FieldInstruction) fieldInstruction.Clear();
        if (started == Destination.FieldResult) output.Link(RtfField.HyperlinkOf(fieldInstruction.ToString()));
        return true;
    }

    private bool SetsState(string word, int? parameter)
    {
        switch (word)
        {
            case "htmlrtf": EndRun(); state.IsRenderedRtf = parameter != 0; return true;
            case "f": SetFont(parameter ?? 0); return true;
            case "fcharset": fonts.SetCharset(fontInTable, parameter ?? 1); return true;
            case "cpg": fonts.SetCodePage(fontInTable, parameter ?? 0); return true;
            case "uc": state.FallbackLength = Math.Clamp(parameter ?? 1, 0, 255); return true;
            case "b": EndRun(); state.Format = state.Format with { Bold = parameter != 0 }; return true;
            case "i": EndRun(); state.Format = state.Format with { Italic = parameter != 0 }; return true;
            case "ul": EndRun(); state.Format = state.Format with { Underline = parameter != 0 }; return true;
            case "ulnone": EndRun(); state.Format = state.Format with { Underline = false }; return true;
            case "v": EndRun(); state.IsHidden = parameter != 0; return true;
            case "plain": SetPlain(); return true;
            default: return false;
        }
    }

    private bool SetsDocument(string word, int? parameter)
    {
        switch (word)
        {
            case "ansicpg": fonts.DefaultCodePage = parameter ?? fonts.DefaultCodePage; return true;
            case "mac": fonts.DefaultCodePage = 10000; return true;
            case "pc": fonts.DefaultCodePage = 437; return true;
            case "pca": fonts.DefaultCodePage = 850; return true;
            case "deff": state.Font = fonts.DefaultFont = parameter ?? 0; return true;
            default: return false;
        }
    }

    private void SetFont(int font)
    {
        EndRun();
        if (state.Destination == Destination.FontTable) fontInTable = font;
        else state.Font = font;
    }

    private void SetPlain()
    {
        EndRun();
        state.Font = fonts.DefaultFont;
        state.Format = default;
        state.IsHidden = false;
    }

    private void Unicode(int value)
    {
        EndRun();
        if (IsRead) Emit(((char)(ushort)value).ToString());
        fallbackLeft = state.FallbackLength;
    }

    private void Special(string word)
    {
        if (!IsRead) return;
        EndRun();
        if (state.Destination == Destination.FieldInstruction) Emit(RtfCharacters.InText(word));
        else output.Special(word, Format);
    }

    private bool IsRead => state.Destination is not (Destination.Unseen or Destination.FontTable)
        && !(state.IsRenderedRtf && output.SkipsRenderedRtf) && !(state.IsHidden && !output.SkipsRenderedRtf);

    private RtfFormat Format => state.Format with { IsTag = state.Destination == Destination.HtmlTag };

    private void EndRun()
    {
        if (run.Count == 0) return;
        var text = fonts.Encoding(runCodePage).GetString(CollectionsMarshal.AsSpan(run));
        run.Clear();
        Emit(text);
    }

    private void Emit(string text)
    {
        if (state.Destination != Destination.FieldInstruction) output.Text(text, Format);
        else if (fieldInstruction.Length + text.Length <= LongestFieldInstruction) fieldInstruction.Append(text);
    }

    private struct State
    {
        public Destination Destination;
        public RtfFormat Format;
        public bool IsRenderedRtf;
        public bool IsHidden;
        public int Font;
        public int FallbackLength;
    }
}
