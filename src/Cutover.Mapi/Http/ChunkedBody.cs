using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Cutover.Mapi.Http;

/// <summary>Takes the chunks off a body: TMG, ISA, F5 and ARR send the OUT channel like this. Source: RFC 9112 7.1.</summary>
internal sealed class ChunkedBody(PipeReader input) : Stream
{
    private const int LongestSizeLine = 1024;
    private long left;
    private bool isFirst = true;
    private bool hasEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (left == 0 && !hasEnded) await BeginChunkAsync(cancellationToken);
        if (hasEnded || buffer.IsEmpty) return 0;

        var result = await input.ReadAsync(cancellationToken);
        if (result.Buffer.IsEmpty) throw new MapiProtocolException($"The connection ended {left} bytes before the end of an HTTP chunk");
        var taken = result.Buffer.Slice(0, Math.Min(Math.Min(left, buffer.Length), result.Buffer.Length));
        var count = (int)taken.Length;
        taken.CopyTo(buffer.Span);
        input.AdvanceTo(taken.End);
        left -= count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously");

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask BeginChunkAsync(CancellationToken ct)
    {
        if (!isFirst && await ReadLineAsync(ct) is not "")
            throw new MapiProtocolException("HTTP chunk without its line end: the stream is out of step");
        isFirst = false;
        var line = await ReadLineAsync(ct);
        hasEnded = line is null;
        if (line is null) return;

        if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out left) || left < 0)
            throw new MapiProtocolException("HTTP chunk without a size: the stream is out of step");
        hasEnded = left == 0;
    }

    /// <summary>Null when the stream ended.</summary>
    private async ValueTask<string?> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var result = await input.ReadAsync(ct);
            var reader = new SequenceReader<byte>(result.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            {
                var text = Encoding.ASCII.GetString(line);
                input.AdvanceTo(reader.Position);
                return text;
            }

            if (result.Buffer.Length > LongestSizeLine) throw new MapiProtocolException("HTTP chunk without a size: the stream is out of step");
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted) return null;
        }
    }
}
