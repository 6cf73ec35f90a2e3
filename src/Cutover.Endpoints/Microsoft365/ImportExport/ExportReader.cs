using System.Buffers;
using System.Text;

namespace Cutover.Endpoints.Microsoft365.ImportExport;

/// <summary>
/// Reads the answer of exportItems as it arrives: each item's <c>data</c> string is decoded and digested on the way and left out of the JSON, which is
/// then small enough to keep. No item is ever held whole.
/// </summary>
internal sealed class ExportReader
{
    /// <summary>What remains of an answer without its data: some hundred bytes for each of at most 20 items.</summary>
    private const int MaxJsonLength = 1024 * 1024;

    private static readonly SearchValues<byte> DataEnds = SearchValues.Create("\"\\"u8);

    private readonly ArrayBufferWriter<byte> json = new();
    private readonly List<ExportedContent?> contents = [];
    private readonly StringBuilder text = new();
    private State state;
    private string property = "";
    private bool isValue;
    private int depth;
    private ExportedContent? content;
    private int escapeLeft;
    private int escaped;

    private enum State
    {
        Structure,
        Text,
        TextEscape,
        Data,
        DataEscape,
        DataUnicode,
    }

    /// <summary>The answer with each data string empty.</summary>
    public ReadOnlySpan<byte> Json => json.WrittenSpan;

    /// <summary>What the n-th object of the list held as data; null when it held none.</summary>
    public ExportedContent? ContentOf(int index) => index < contents.Count ? contents[index] : null;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (state == State.Data) FeedData(ref bytes);
            else
            {
                Accept(bytes[0]);
                bytes = bytes[1..];
            }
        }
    }

    private void FeedData(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny(DataEnds);
        content!.Decode(end < 0 ? bytes : bytes[..end]);
        if (end < 0)
        {
            bytes = [];
            return;
        }

        if (bytes[end] == '\\') state = State.DataEscape;
        else EndData();
        bytes = bytes[(end + 1)..];
    }

    private void Accept(byte next)
    {
        switch (state)
        {
            case State.Structure: AcceptStructure(next); break;
            case State.Text: AcceptText(next); break;
            case State.TextEscape: Keep(next); text.Append('\\'); state = State.Text; break;
            // Some writers escape the / and + of base64.
            case State.DataEscape when next == 'u': (state, escapeLeft, escaped) = (State.DataUnicode, 4, 0); break;
            case State.DataEscape: content!.Decode([next]); state = State.Data; break;
            case State.DataUnicode: AcceptHex(next); break;
            default: throw new InvalidOperationException($"{state} takes whole spans.");
        }
    }

    private void AcceptStructure(byte next)
    {
        Keep(next);
        switch (next)
        {
            case (byte)'"' when isValue && property == "data" && depth == 3: BeginData(); break;
            case (byte)'"': text.Clear(); state = State.Text; break;
            case (byte)':': (property, isValue) = (text.ToString(), true); break;
            case (byte)',': isValue = false; break;
            case (byte)'{' or (byte)'[': Open(next); break;
            case (byte)'}' or (byte)']': (depth, isValue) = (depth - 1, false); break;
            default: break;
        }
    }

    // { "value": [ { … } ] }: the objects at depth 3 are the items.
    private void Open(byte next)
    {
        if (++depth == 3 && next == '{') contents.Add(null);
        isValue = false;
    }

    private void AcceptText(byte next)
    {
        Keep(next);
        if (next == '"') state = State.Structure;
        else if (next == '\\') state = State.TextEscape;
        else if (text.Length < 64) text.Append((char)next);
    }

    private void AcceptHex(byte next)
    {
        escaped = (escaped << 4) | Convert.ToInt32(((char)next).ToString(), 16);
        if (--escapeLeft > 0) return;
        content!.Decode([(byte)escaped]);
        state = State.Data;
    }

    private void BeginData()
    {
        content = contents[^1] = new ExportedContent();
        state = State.Data;
    }

    private void EndData()
    {
        content!.Complete();
        content = null;
        Keep((byte)'"');
        (state, isValue) = (State.Structure, false);
    }

    private void Keep(byte next)
    {
        if (json.WrittenCount == MaxJsonLength) throw new InvalidDataException("The answer of exportItems is far longer than 20 items explain.");
        json.GetSpan(1)[0] = next;
        json.Advance(1);
    }
}
