using System.Buffers.Binary;

namespace Cutover.Mapi.Messages.Rtf;

/// <summary>
/// Reads RTF out of its compressed form, holding no more than the dictionary. The CRC is checked when the compressed bytes end: what was
/// read before may be damaged. Every read may throw <see cref="MapiProtocolException"/>. Source: [MS-OXRTFCP] 3.1.3.1.
/// </summary>
public sealed class CompressedRtfStream : Stream
{
    private readonly BufferedStream source;
    private readonly byte[] dictionary = new byte[CompressedRtf.DictionarySize];
    private int written = CompressedRtf.Dictionary.Length;
    private Header? header;
    private uint crc;
    private long compressedLeft;
    private long perhapsLeft;
    private int control;
    private int tokensLeft;
    private int referenceAt;
    private int referenceLeft;
    private bool ended;

    public CompressedRtfStream(Stream source)
    {
        this.source = new BufferedStream(source);
        CompressedRtf.Dictionary.CopyTo(dictionary, 0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        header ??= ReadHeader();
        var count = 0;
        while (count < buffer.Length && !ended)
        {
            if (Next() is { } b) buffer[count++] = b;
        }
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    // Source: [MS-OXRTFCP] 2.1.3.1.1.
    private Header ReadHeader()
    {
        Span<byte> bytes = stackalloc byte[CompressedRtf.HeaderSize];
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw CompressedRtf.Broken("its header is cut");
        var compressedSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var read = new Header(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        if (compressedSize < CompressedRtf.HeaderSize - 4) throw CompressedRtf.Broken($"a size of {compressedSize} bytes does not hold its header");
        if (read.Kind is not (CompressedRtf.Compressed or CompressedRtf.Uncompressed)) throw CompressedRtf.Broken($"0x{read.Kind:X8} is no kind of it");
        var rawSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        compressedLeft = compressedSize - (CompressedRtf.HeaderSize - 4);
        // Writers disagree which of the two sizes of what isn't compressed counts the header: what both promise must be there.
        if (read.Kind == CompressedRtf.Uncompressed)
            (compressedLeft, perhapsLeft) = (Math.Min(rawSize, compressedLeft), Math.Max(0, rawSize - compressedLeft));
        return read;
    }

    private byte? Next()
    {
        if (header?.Kind == CompressedRtf.Uncompressed) return NextUncompressed();
        if (referenceLeft > 0) return FromReference();
        if (tokensLeft == 0) StartControlByte();
        if (ended) return null;
        var isReference = (control & 1) != 0;
        control >>= 1;
        tokensLeft--;
        if (!isReference) return Put(Take());
        StartReference();
        return null;
    }

    private byte? NextUncompressed()
    {
        if (compressedLeft > 0) return Take();
        var b = perhapsLeft-- > 0 ? source.ReadByte() : -1;
        ended = b < 0;
        return ended ? null : (byte)b;
    }

    // Without the reference that should end it, it ends with its bytes.
    private void StartControlByte()
    {
        if (compressedLeft == 0) End();
        else (control, tokensLeft) = (Take(), 8);
    }

    private void StartReference()
    {
        var token = Take() << 8 | Take();
        referenceAt = token >> 4;
        if (referenceAt == written % CompressedRtf.DictionarySize) End();
        else referenceLeft = (token & 0xF) + CompressedRtf.ShortestReference;
    }

    private byte FromReference()
    {
        referenceLeft--;
        return Put(dictionary[referenceAt++ % CompressedRtf.DictionarySize]);
    }

    private byte Put(byte b)
    {
        dictionary[written % CompressedRtf.DictionarySize] = b;
        written = (written + 1) % CompressedRtf.DictionarySize;
        return b;
    }

    private byte Take()
    {
        var b = compressedLeft > 0 ? source.ReadByte() : -1;
        if (b < 0) throw CompressedRtf.Broken("it is cut");
        compressedLeft--;
        crc = RtfCrc.Add(crc, (byte)b);
        return (byte)b;
    }

    private void End()
    {
        while (compressedLeft > 0) Take();
        ended = true;
        if (header?.Crc != crc) throw CompressedRtf.Broken($"its CRC is 0x{crc:X8}, its header says 0x{header?.Crc:X8}");
    }

    private sealed record Header(uint Kind, uint Crc);
}
