using System.Buffers.Binary;

namespace Cutover.Mapi.Messages.Msg;

/// <summary>
/// A compound file: a file system in a file, read only. What it holds of the file is the tables, never the contents. Not for several threads
/// at once. Source: [MS-CFB].
/// </summary>
public sealed class CompoundFile
{
    internal const uint EndOfChain = 0xFFFFFFFE;
    private const uint LargestRegularSector = 0xFFFFFFFA;
    private const int HeaderSize = 512;
    private const int HeaderDifatEntries = 109;
    private const int DirectoryEntrySize = 128;
    private const int MiniSectorSize = 64;
    private const uint MiniStreamCutoff = 4096;

    private readonly Stream file;
    private readonly int sectorSize;
    private readonly uint sectorCount;
    private readonly uint[] fat;
    private readonly uint[] miniFat;
    private readonly CompoundSectors miniStream;
    private readonly HashSet<uint> claimed = [];

    private CompoundFile(Stream file, Header header)
    {
        this.file = file;
        sectorSize = header.SectorSize;
        sectorCount = (uint)Math.Min(LargestRegularSector, (file.Length - header.FirstSectorOffset + sectorSize - 1) / sectorSize);
        fat = ReadFat(header);
        miniFat = ReadTable(Chain(header.FirstMiniFatSector));
        Entries = ReadDirectory(header);
        miniStream = new CompoundSectors(this, Chain(Entries[0].StartSector, Entries[0].Size), sectorSize);
        CheckSizes();
    }

    /// <summary>The root storage.</summary>
    public CompoundEntry Root => Entries[0];

    internal IReadOnlyList<CompoundEntry> Entries { get; }

    /// <summary>Opens a compound file of a stream that can seek and stays open as long as this is used.</summary>
    /// <exception cref="MapiProtocolException">The bytes are no compound file, or a damaged one.</exception>
    public static CompoundFile Open(Stream file) => new(file, Header.Read(file));

    /// <summary>True the first time: an entry of the directory lies in one storage only.</summary>
    internal bool Claim(uint entry) => claimed.Add(entry);

    internal Stream OpenStream(CompoundEntry entry)
    {
        if (entry.Size >= MiniStreamCutoff)
            return new CompoundStream(new CompoundSectors(this, Chain(entry.StartSector, entry.Size), sectorSize), entry.Size);
        var chain = Chain(miniFat, entry.StartSector, (entry.Size + MiniSectorSize - 1) / MiniSectorSize);
        return new CompoundStream(new CompoundSectors(miniStream, chain, MiniSectorSize), entry.Size);
    }

    /// <summary>Reads from a sector of the file; bytes behind the end of the file are zero, since writers cut the last sector short.</summary>
    internal void Read(uint sector, int offset, Span<byte> buffer)
    {
        if (sector >= sectorCount) throw Broken($"sector {sector} lies outside of it");
        file.Position = (sector + 1L) * sectorSize + offset;
        buffer[file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)..].Clear();
    }

    internal static MapiProtocolException Broken(string what) => new($"The compound file is broken: {what}.");

    // The first sectors of the FAT stand in the header, the others in a chain of sectors of their own. Source: [MS-CFB] 2.5.
    private uint[] ReadFat(Header header)
    {
        var sectors = header.Difat.TakeWhile(sector => sector < LargestRegularSector).ToList();
        var next = header.FirstDifatSector;
        for (var left = sectorCount; next < LargestRegularSector; left--)
        {
            if (left == 0) throw Broken("the list of its FAT sectors goes round in a circle");
            var entries = ReadTable([next]);
            sectors.AddRange(entries[..^1].TakeWhile(sector => sector < LargestRegularSector));
            next = entries[^1];
        }
        if (sectors.Count > sectorCount) throw Broken("it has more FAT sectors than sectors");
        return ReadTable(sectors);
    }

    private uint[] ReadTable(IReadOnlyList<uint> sectors)
    {
        var entries = new uint[sectors.Count * (sectorSize / 4)];
        var buffer = new byte[sectorSize];
        for (var i = 0; i < sectors.Count; i++)
        {
            Read(sectors[i], 0, buffer);
            for (var at = 0; at < sectorSize; at += 4)
                entries[(i * sectorSize + at) / 4] = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at));
        }
        return entries;
    }

    private List<CompoundEntry> ReadDirectory(Header header)
    {
        var entries = new List<CompoundEntry>();
        var buffer = new byte[sectorSize];
        foreach (var sector in Chain(header.FirstDirectorySector))
        {
            Read(sector, 0, buffer);
            for (var at = 0; at < sectorSize; at += DirectoryEntrySize)
                entries.Add(CompoundEntry.Read(this, buffer.AsSpan(at, DirectoryEntrySize), header.IsVersion3));
        }
        return entries is [{ Kind: CompoundEntryKind.Root }, ..] ? entries : throw Broken("its directory does not begin with the root");
    }

    // Streams share no sectors, so together they are no longer than the file.
    private void CheckSizes()
    {
        var total = 0L;
        foreach (var entry in Entries.Where(entry => entry.Kind == CompoundEntryKind.Stream))
            if (entry.Size > file.Length || (total += entry.Size) > file.Length) throw Broken("its streams are longer than the file");
    }

    private List<uint> Chain(uint first) => Chain(fat, first, null);

    private List<uint> Chain(uint first, long size) => Chain(fat, first, (size + sectorSize - 1) / sectorSize);

    private static List<uint> Chain(uint[] table, uint first, long? length)
    {
        var chain = new List<uint>();
        for (var sector = first; sector != EndOfChain && chain.Count != length; sector = table[sector])
        {
            if (sector >= table.Length) throw Broken($"a chain leads to sector {sector}, which is none");
            if (chain.Count > table.Length) throw Broken("a chain goes round in a circle");
            chain.Add(sector);
        }
        return length is null || chain.Count == length ? chain : throw Broken($"a chain of {length} sectors ends after {chain.Count}");
    }

    /// <summary>What the first sector says. Source: [MS-CFB] 2.2.</summary>
    private sealed record Header(bool IsVersion3, int SectorSize, uint FirstDirectorySector, uint FirstMiniFatSector, uint FirstDifatSector, uint[] Difat)
    {
        private const ulong Signature = 0xE11AB1A1E011CFD0;

        public int FirstSectorOffset => SectorSize;

        public static Header Read(Stream file)
        {
            Span<byte> bytes = stackalloc byte[HeaderSize];
            file.Position = 0;
            if (file.ReadAtLeast(bytes, HeaderSize, throwOnEndOfStream: false) < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Signature)
                throw new MapiProtocolException("The bytes do not begin as a compound file.");
            var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x1A..]);
            var sectorShift = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x1E..]);
            if ((version, sectorShift) is not ((3, 9) or (4, 12))) throw Broken($"version {version} has no sectors of 2^{sectorShift} bytes");
            return new Header(version == 3, 1 << sectorShift, UInt32(bytes, 0x30), UInt32(bytes, 0x3C), UInt32(bytes, 0x44), ReadDifat(bytes));
        }

        private static uint[] ReadDifat(ReadOnlySpan<byte> bytes)
        {
            var difat = new uint[HeaderDifatEntries];
            for (var i = 0; i < difat.Length; i++) difat[i] = UInt32(bytes, 0x4C + 4 * i);
            return difat;
        }

        private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    }
}
