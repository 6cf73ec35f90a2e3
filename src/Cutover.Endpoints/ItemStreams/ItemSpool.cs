using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Holds one item between the source's connection and the target's: in memory up to 256 KiB, in an unlinked temporary file beyond. It is
/// written once, then
/// opened for reading as often as need be. What it holds is freed when it and its readers are disposed.
/// </summary>
internal sealed class ItemSpool(string directory) : Stream
{
    /// <summary>Bytes that stay in memory.</summary>
    public const int MemoryLimit = 256 * 1024;

    private const int FirstBuffer = 16 * 1024;

    private readonly Lock gate = new();
    private byte[] memory = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private SafeFileHandle? file;
    private long length;
    private int users = 1;
    private bool isDisposed;

    public override long Length => length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Position { get => length; set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The directory can't be written: missing, forbidden or full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (file is null && length + buffer.Length > MemoryLimit) MoveToFile();
        if (file is null) WriteToMemory(buffer);
        else RandomAccess.Write(file, buffer, length);
        length += buffer.Length;
    }

    /// <summary>Opens what was written, from its first byte.</summary>
    public Stream OpenRead()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            users++;
        }
        return new Reader(this);
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
        }
        Leave();
        base.Dispose(disposing);
    }

    private void WriteToMemory(ReadOnlySpan<byte> buffer)
    {
        var needed = (int)length + buffer.Length;
        if (needed > memory.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(needed, 2 * memory.Length), MemoryLimit));
            memory.AsSpan(0, (int)length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(memory);
            memory = larger;
        }
        buffer.CopyTo(memory.AsSpan((int)length));
    }

    private void MoveToFile()
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, $"{Guid.NewGuid():N}.item");
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // Nameless from the start, so that a killed process leaves nothing behind.
        File.Delete(path);
        RandomAccess.Write(file, memory.AsSpan(0, (int)length), 0);
    }

    private int ReadAt(long position, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - position);
        if (file is not null) return RandomAccess.Read(file, buffer[..count], position);
        memory.AsSpan((int)position, count).CopyTo(buffer);
        return count;
    }

    /// <summary>The last to leave frees: a pooled buffer must not go back while an upload may still read it.</summary>
    private void Leave()
    {
        lock (gate)
        {
            if (--users > 0) return;
        }
        file?.Dispose();
        ArrayPool<byte>.Shared.Return(memory);
        memory = [];
    }

    private sealed class Reader(ItemSpool spool) : Stream
    {
        private long position;
        private int isDisposed;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => spool.length;

        public override long Position { get => position; set => Seek(value, SeekOrigin.Begin); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            ObjectDisposedException.ThrowIf(isDisposed != 0, this);
            var count = spool.ReadAt(position, buffer);
            position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

        public override long Seek(long offset, SeekOrigin origin)
        {
            var target = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => position, _ => spool.length };
            if (target < 0 || target > spool.length)
                throw new IOException($"Position {target} is outside the {spool.length} bytes of the item");
            return position = target;
        }

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref isDisposed, 1) == 0) spool.Leave();
            base.Dispose(disposing);
        }
    }
}
