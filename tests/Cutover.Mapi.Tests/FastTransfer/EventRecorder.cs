using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

/// <summary>Writes down what a lexer raises, one line per marker or property, whatever way a long value is cut.</summary>
internal sealed class EventRecorder : IFastTransferHandler
{
    private readonly List<byte> data = [];
    private string open = "";

    public List<string> Events { get; } = [];

    public SortedDictionary<string, int> Markers { get; } = [];

    /// <summary>Properties by the type that their tag claims on the wire.</summary>
    public SortedDictionary<string, int> Types { get; } = [];

    public void Marker(FastTransferMarker marker)
    {
        Markers[marker.ToString()] = Markers.GetValueOrDefault(marker.ToString()) + 1;
        Events.Add(marker.ToString());
    }

    public void Property(PropertyValue property)
    {
        Count(property.Tag);
        Events.Add($"{property.Tag} {property.Name} {Text(property.Value)}");
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        Count(tag);
        open = $"{tag} {name} {length}:";
    }

    public void PropertyData(ReadOnlySpan<byte> data) => this.data.AddRange(data);

    public void EndProperty()
    {
        Events.Add(open + Convert.ToHexString(data.ToArray()));
        data.Clear();
    }

    public static EventRecorder Of(ReadOnlySpan<byte> stream, int pieceSize = int.MaxValue)
    {
        var recorder = new EventRecorder();
        var lexer = new FastTransferLexer(recorder);
        while (!stream.IsEmpty)
        {
            var piece = stream[..Math.Min(pieceSize, stream.Length)];
            lexer.Feed(piece);
            stream = stream[piece.Length..];
        }
        lexer.Complete();
        return recorder;
    }

    private void Count(PropertyTag tag)
    {
        var type = tag.Id == 0x4017 ? "0003" : $"{(ushort)tag.Type:x4}";
        Types[type] = Types.GetValueOrDefault(type) + 1;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        Array array => string.Join('|', array.Cast<object>().Select(Text)),
        DateTime time => time.ToString("O"),
        _ => value.ToString()!,
    };
}
