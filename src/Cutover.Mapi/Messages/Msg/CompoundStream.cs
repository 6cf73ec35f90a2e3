namespace Cutover.Mapi.Messages.Msg;

/// <summary>The sectors of one chain, of the file or of the stream that holds the small ones.</summary>
internal sealed class CompoundSectors
{
    private readonly IReadOnlyList<uint> chain;
    private readonly int sectorSize;
    private readonly Action<uint, int, Memory<byte>> read;

    public CompoundSectors(CompoundFile file, IReadOnlyList<uint> chain, int sectorSize)
    {
        (this.chain, this.sectorSize) = (chain, sectorSize);
        read = (sector, offset, buffer) => file.Read(sector, offset, buffer.Span);
    }

    public CompoundSectors(CompoundSectors container, IReadOnlyList<uint> chain, int sectorSize)
    {
        (this.chain, this.sectorSize) = (chain, sectorSize);
        read = (sector, offset, buffer) => container.Read((long)sector * sectorSize + offset, buffer);
    }

    /// <summary>Fills the buffer from a position on.</summary>
    /// <exception cref="MapiProtocolException">The chain is shorter.</exception>
    public void Read(long position, Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var (index, offset) = Math.DivRem(position, sectorSize);
            if (index >= chain.Count) throw CompoundFile.Broken("a stream is shorter than it says");
            var count = (int)Math.Min(buffer.Length, sectorSize - offset);
            read(chain[(int)index], (int)offset, buffer[..count]);
            buffer = buffer[count..];
            position += count;
        }
    }
}

/// <summary>A stream of a compound file.</summary>
internal sealed class CompoundStream(CompoundSectors sectors, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Min(count, Math.Max(0, length - Position));
        sectors.Read(Position, buffer.AsMemory(offset, read));
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
