using System.Buffers;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Bytes of a FastTransfer stream that wait to be sent, with the places where the stream may be cut: between two atoms and anywhere inside a
/// variable-size value. Source: [MS-OXCFXICS] 2.2.4.1.
/// </summary>
internal sealed class SegmentBuffer : IBufferWriter<byte>
{
    private const int KeepCapacity = 1 << 20;
    private readonly Queue<Segment> segments = new();
    private byte[] bytes = new byte[64 * 1024];
    private int start;
    private int end;
    private int recorded;

    // Of the first segment, when it was cut.
    private int sent;

    /// <summary>Bytes that wait.</summary>
    public int Length => end - start;

    /// <summary>The bytes written since the last <see cref="Atom"/> or <see cref="Value"/>.</summary>
    public ReadOnlySpan<byte> Unrecorded => bytes.AsSpan(recorded, end - recorded);

    public void Advance(int count) => end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return bytes.AsMemory(end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>The next <paramref name="length"/> unrecorded bytes are one atom.</summary>
    public void Atom(int length) => Record(new Segment(length, IsSplittable: false));

    /// <summary>The next <paramref name="length"/> unrecorded bytes are a variable-size value.</summary>
    public void Value(int length) => Record(new Segment(length, IsSplittable: true));

    /// <summary>Takes as much as fits, cut at a legal place. Nothing when not even the first atom fits.</summary>
    public byte[] Take(int room)
    {
        var taken = 0;
        while (segments.TryPeek(out var segment) && taken + segment.Length - sent <= room)
        {
            segments.Dequeue();
            taken += segment.Length - sent;
            sent = 0;
        }
        taken += TakePart(room - taken);
        var part = bytes.AsSpan(start, taken).ToArray();
        start += taken;
        if (start == end) Reset();
        return part;
    }

    private int TakePart(int room)
    {
        if (!segments.TryPeek(out var segment) || !segment.IsSplittable) return 0;
        sent += room;
        return room;
    }

    private void Record(Segment segment)
    {
        if (segment.Length == 0) return;
        segments.Enqueue(segment);
        recorded += segment.Length;
    }

    private void EnsureRoom(int room)
    {
        if (bytes.Length - end >= room) return;
        var size = bytes.Length;
        while (size - Length < room) size *= 2;
        var larger = new byte[size];
        bytes.AsSpan(start, Length).CopyTo(larger);
        (bytes, end, recorded, start) = (larger, end - start, recorded - start, 0);
    }

    private void Reset()
    {
        (start, end, recorded) = (0, 0, 0);
        if (bytes.Length > KeepCapacity) bytes = new byte[KeepCapacity];
    }

    private readonly record struct Segment(int Length, bool IsSplittable);
}
