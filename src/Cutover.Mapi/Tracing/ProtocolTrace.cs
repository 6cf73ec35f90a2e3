using System.Globalization;

namespace Cutover.Mapi.Tracing;

/// <summary>
/// What goes over the wire, for a person to read: a line for each PDU, HTTP request and ROP, with time, connection, direction, kind and size. Never
/// a credential, a token, a property's value or anything of an item's content. Safe for many connections at once.
/// </summary>
public sealed class ProtocolTrace(TextWriter output, TimeProvider clock)
{
    private readonly Lock gate = new();
    private int lastConnection;

    /// <summary>A name for a connection in the lines that follow, such as <c>rpc3</c>, with a line that says where it leads.</summary>
    public string Open(string kind, string to)
    {
        var name = $"{kind}{Interlocked.Increment(ref lastConnection)}";
        Write(name, "==", to);
        return name;
    }

    public void Sent(string connection, string what) => Write(connection, "->", what);

    public void Received(string connection, string what) => Write(connection, "<-", what);

    /// <summary>Something that was decided rather than sent.</summary>
    public void Note(string connection, string what) => Write(connection, "==", what);

    private void Write(string connection, string direction, string what)
    {
        var time = clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (gate) output.WriteLine($"{time} {connection,-7} {direction} {OneLine(what)}");
    }

    // Some of it comes from servers: a line must stay a line.
    private static string OneLine(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0
        ? text
        : string.Create(text.Length, text, static (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
}
