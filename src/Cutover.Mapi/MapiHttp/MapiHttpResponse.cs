using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Cutover.Mapi.MapiHttp;

/// <summary>
/// What stands inside an answer: meta-tags line by line, after DONE additional headers, an empty line, the body. Source: [MS-OXCMAPIHTTP]
/// 2.2.2.2, 2.2.7, 3.1.5.6.
/// </summary>
public sealed record MapiHttpResponse(IReadOnlyDictionary<string, string> AdditionalHeaders, ReadOnlyMemory<byte> Body)
{
    /// <summary>The longest line, and the most additional headers.</summary>
    private const int LongestLine = 8 * 1024;

    private const int MostHeaders = 64;

    /// <summary>The longest body that we take.</summary>
    public const int LongestBody = 64 << 20;

    /// <summary>X-ResponseCode after DONE: the server failed after it had begun to answer. Null when it stays as in the head.</summary>
    public MapiHttpResponseCode? ResponseCode => AdditionalHeaders.TryGetValue(MapiHttpHeaders.ResponseCode, out var text) ? ParseCode(text) : null;

    /// <summary>Reads an answer to its end.</summary>
    /// <param name="onAlive">Hears of PROCESSING and each PENDING.</param>
    /// <exception cref="MapiProtocolException">It is none, or ends too early.</exception>
    public static async Task<MapiHttpResponse> ReadAsync(Stream content, Action? onAlive, CancellationToken ct)
    {
        var reader = PipeReader.Create(content, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: 64 * 1024));
        try
        {
            while (await ReadLineAsync(reader, ct) is var line && line != MetaTag.Done)
            {
                if (line is not (MetaTag.Processing or MetaTag.Pending)) throw new MapiProtocolException("An answer over HTTP has a line that is no meta-tag");
                onAlive?.Invoke();
            }
            return new MapiHttpResponse(await ReadHeadersAsync(reader, ct), await ReadBodyAsync(reader, ct));
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>The number in X-ResponseCode.</summary>
    /// <exception cref="MapiProtocolException">It is none.</exception>
    internal static MapiHttpResponseCode ParseCode(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? (MapiHttpResponseCode)code
            : throw new MapiProtocolException($"{MapiHttpHeaders.ResponseCode} is not a number");

    private static async Task<Dictionary<string, string>> ReadHeadersAsync(PipeReader reader, CancellationToken ct)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(reader, ct) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || headers.Count == MostHeaders) throw new MapiProtocolException("An answer over HTTP has broken additional headers");
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return headers;
    }

    private static async Task<string> ReadLineAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (TryReadLine(read.Buffer, out var line, out var next))
            {
                reader.AdvanceTo(next);
                return line;
            }
            if (read.IsCompleted || read.Buffer.Length > LongestLine)
                throw new MapiProtocolException(read.IsCompleted ? "An answer over HTTP ends before its body" : "An answer over HTTP has no meta-tags");
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool TryReadLine(ReadOnlySequence<byte> buffer, out string line, out SequencePosition next)
    {
        var sequence = new SequenceReader<byte>(buffer);
        var found = sequence.TryReadTo(out ReadOnlySequence<byte> text, "\r\n"u8);
        line = found && text.Length <= LongestLine ? Encoding.Latin1.GetString(text) : "";
        next = sequence.Position;
        return found && text.Length <= LongestLine;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(PipeReader reader, CancellationToken ct)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (body.WrittenCount + read.Buffer.Length > LongestBody) throw new MapiProtocolException($"An answer over HTTP is longer than {LongestBody} bytes");
            foreach (var part in read.Buffer) body.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.WrittenMemory;
        }
    }
}
