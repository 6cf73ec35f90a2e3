using System.Buffers.Binary;
using System.Text;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>
/// The lexis of a FastTransfer stream read a second time, apart from the product: where it may be cut and which property types it has. Source:
/// [MS-OXCFXICS] 2.2.4.1.
/// </summary>
internal sealed class StreamAtoms
{
    private static readonly Dictionary<int, int> FixedSizes = new()
    {
        [0x02] = 2,
        [0x03] = 4,
        [0x04] = 4,
        [0x05] = 8,
        [0x06] = 8,
        [0x07] = 8,
        [0x0A] = 4,
        [0x0B] = 2,
        [0x14] = 8,
        [0x40] = 8,
        [0x48] = 16,
    };

    private readonly byte[] stream;
    private readonly bool[] legal;
    private int offset;

    public StreamAtoms(byte[] stream)
    {
        this.stream = stream;
        legal = new bool[stream.Length + 1];
        while (offset < stream.Length) ReadElement();
        legal[offset] = true;
    }

    public List<(uint Tag, int Length)> Properties { get; } = [];

    public List<uint> Markers { get; } = [];

    public bool IsLegalCut(int position) => legal[position];

    private void ReadElement()
    {
        legal[offset] = true;
        var tag = BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(offset));
        offset += 4;
        if (IsMarker(tag))
        {
            Markers.Add(tag);
            return;
        }
        var start = offset;
        if (tag >> 16 >= 0x8000) SkipName();
        ReadValue(tag >> 16 == 0x4017 ? 0x102 : (int)(tag & 0xFFFF));
        Properties.Add((tag, offset - start));
    }

    private void SkipName()
    {
        offset += 16;
        if (stream[offset++] == 0) offset += 4;
        else offset += (Encoding.Unicode.GetString(stream.AsSpan(offset, Math.Min(600, (stream.Length - offset) & ~1))).IndexOf('\0') + 1) * 2;
    }

    private void ReadValue(int type)
    {
        legal[offset] = true;
        if ((type & 0x1000) == 0 || (type & 0x8000) != 0)
        {
            ReadSingle(type);
            return;
        }
        var count = ReadLength();
        for (var i = 0; i < count; i++) ReadSingle(type & ~0x1000);
    }

    private void ReadSingle(int type)
    {
        legal[offset] = true;
        if (FixedSizes.TryGetValue(type, out var size))
        {
            offset += size;
            return;
        }
        Assert.True(type is 0x1E or 0x1F or 0x102 or 0x0D or 0xFB || (type & 0x8000) != 0, $"type {type:X4} at {offset:X}");
        var length = ReadLength();
        legal.AsSpan(offset, length + 1).Fill(true);
        offset += length;
    }

    private int ReadLength()
    {
        legal[offset] = true;
        var length = BinaryPrimitives.ReadInt32LittleEndian(stream.AsSpan(offset));
        offset += 4;
        return length;
    }

    private static bool IsMarker(uint tag) => tag is 0x40090003 or 0x400A0003 or 0x400B0003 or 0x400C0003 or 0x400D0003 or 0x40100003 or 0x40010003
        or 0x40020003 or 0x40030003 or 0x40040003 or 0x40000003 or 0x400E0003 or 0x40120003 or 0x407D0003 or 0x40130003 or 0x40140003 or 0x402F0003
        or 0x403A0003 or 0x403B0003 or 0x4074000B or 0x4075000B or 0x40150003 or 0x407B0102 or 0x40180003;
}
