using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Cutover.Mapi.Http;

/// <summary>Status line and headers of an answer on a raw channel. Source: RFC 9112.</summary>
internal sealed record HttpResponseHead(HttpStatusCode StatusCode, string Reason, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private const int Limit = 64 * 1024;

    public long? ContentLength =>
        long.TryParse(Find("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    public bool IsChunked => Find("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>The values of WWW-Authenticate.</summary>
    public IReadOnlyList<string> Challenges =>
        [.. Headers.Where(header => header.Key.Equals("WWW-Authenticate", StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    /// <summary>The schemes that the server offers, without their parameters.</summary>
    public string Schemes => string.Join(", ", Challenges.Select(challenge => challenge.Split(' ')[0]));

    /// <summary>Reads one head, passing over 1xx answers.</summary>
    /// <returns>Null when the stream ended before any answer.</returns>
    public static async Task<HttpResponseHead?> ReadAsync(PipeReader input, CancellationToken ct)
    {
        while (true)
        {
            var head = await ReadOneAsync(input, ct);
            if (head is null || (int)head.StatusCode >= 200) return head;
        }
    }

    /// <summary>Reads past the answer's body, so that the connection can be used on.</summary>
    public async Task SkipBodyAsync(PipeReader input, CancellationToken ct)
    {
        if (IsChunked)
        {
            await new ChunkedBody(input).CopyToAsync(Stream.Null, ct);
            await SkipAsync(input, "\r\n".Length, ct);
        }
        else
        {
            await SkipAsync(input, ContentLength ?? 0, ct);
        }
    }

    private static async Task SkipAsync(PipeReader input, long bytes, CancellationToken ct)
    {
        while (bytes > 0)
        {
            var result = await input.ReadAsync(ct);
            if (result.Buffer.IsEmpty) throw new MapiProtocolException("The connection ended inside the body of an HTTP answer");
            var skipped = result.Buffer.Slice(0, Math.Min(bytes, result.Buffer.Length));
            bytes -= skipped.Length;
            input.AdvanceTo(skipped.End);
        }
    }

    private static async Task<HttpResponseHead?> ReadOneAsync(PipeReader input, CancellationToken ct)
    {
        while (true)
        {
            var result = await input.ReadAsync(ct);
            var reader = new SequenceReader<byte>(result.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            {
                // Parsed before the pipe may reuse the bytes.
                var parsed = Parse(Encoding.UTF8.GetString(head));
                input.AdvanceTo(reader.Position);
                return parsed;
            }

            if (result.Buffer.Length > Limit)
                throw new MapiProtocolException($"HTTP answer without an end of its headers in {Limit} bytes");
            var isEmpty = result.Buffer.IsEmpty;
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted) return isEmpty ? null : throw new MapiProtocolException("The connection ended inside the headers of an HTTP answer");
        }
    }

    private static HttpResponseHead Parse(string text)
    {
        var lines = text.Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (!status[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || status.Length < 2 || !int.TryParse(status[1], out var code))
            throw new MapiProtocolException("The server's answer is not HTTP/1.1");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2);
        return new HttpResponseHead(
            (HttpStatusCode)code,
            status.Length > 2 ? status[2] : "",
            [.. headers.Select(parts => KeyValuePair.Create(parts[0].Trim(), parts[1].Trim()))]);
    }

    private string? Find(string name) => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
