namespace Cutover.Lab.Faults;

/// <summary>Lets so many bytes of an answer through, then cuts the connection.</summary>
internal sealed class CutStream(Stream answer, long bytes, Action cut) : Stream
{
    private long left = bytes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var allowed = (int)Math.Min(left, buffer.Length);
        left -= allowed;
        await answer.WriteAsync(buffer[..allowed], cancellationToken);
        if (allowed == buffer.Length) return;

        await answer.FlushAsync(cancellationToken);
        cut();
        throw new IOException("The fault switch cut this connection");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => answer.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously");

    public override void Flush() => throw new NotSupportedException("Flush asynchronously");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
