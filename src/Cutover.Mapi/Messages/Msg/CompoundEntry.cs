using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Messages.Msg;

public enum CompoundEntryKind : byte
{
    None = 0,
    Storage = 1,
    Stream = 2,
    Root = 5,
}

/// <summary>A storage or stream of a compound file. Source: [MS-CFB] 2.6.</summary>
public sealed class CompoundEntry
{
    private const uint NoEntry = 0xFFFFFFFF;

    private readonly CompoundFile file;
    private readonly uint left;
    private readonly uint right;
    private readonly uint child;
    private Dictionary<string, CompoundEntry>? children;

    private CompoundEntry(CompoundFile file, string name, CompoundEntryKind kind, (uint Left, uint Right, uint Child) tree, uint startSector, long size)
    {
        this.file = file;
        (Name, Kind, StartSector, Size) = (name, kind, startSector, size);
        (left, right, child) = tree;
    }

    public string Name { get; }

    public CompoundEntryKind Kind { get; }

    /// <summary>The length of a stream in bytes.</summary>
    public long Size { get; }

    internal uint StartSector { get; }

    /// <summary>The storages and streams of a storage by name, whatever its letters' case.</summary>
    /// <exception cref="MapiProtocolException">The directory is damaged.</exception>
    public IReadOnlyDictionary<string, CompoundEntry> Children => children ??= ReadChildren();

    /// <summary>Opens a stream for reading; it can seek.</summary>
    /// <exception cref="MapiProtocolException">Its chain of sectors is damaged.</exception>
    public Stream Open() => file.OpenStream(this);

    /// <summary>Everything that a stream holds.</summary>
    public byte[] ReadAll()
    {
        using var stream = Open();
        var bytes = new byte[Size];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal static CompoundEntry Read(CompoundFile file, ReadOnlySpan<byte> bytes, bool isVersion3)
    {
        const int longestName = 64;
        var nameSize = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(bytes[longestName..]) - 2, 0, longestName - 2);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x78..]);
        if (isVersion3) size &= uint.MaxValue; // its writers leave the high half undefined
        var tree = (UInt32(bytes, 0x44), UInt32(bytes, 0x48), UInt32(bytes, 0x4C));
        return new CompoundEntry(file, Encoding.Unicode.GetString(bytes[..(nameSize & ~1)]), (CompoundEntryKind)bytes[0x42], tree, UInt32(bytes, 0x74),
            (long)Math.Min(size, long.MaxValue));
    }

    // The children are a tree, whose colours and order don't matter to a reader.
    private Dictionary<string, CompoundEntry> ReadChildren()
    {
        var found = new Dictionary<string, CompoundEntry>(StringComparer.OrdinalIgnoreCase);
        var left = new Stack<uint>([child]);
        while (left.TryPop(out var id))
        {
            if (id == NoEntry) continue;
            if (id >= file.Entries.Count || !file.Claim(id)) throw CompoundFile.Broken("its directory is no tree");
            var entry = file.Entries[(int)id];
            if (entry.Kind is CompoundEntryKind.Storage or CompoundEntryKind.Stream) found.TryAdd(entry.Name, entry);
            left.Push(entry.left);
            left.Push(entry.right);
        }
        return found;
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
