using CsCheck;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Mapi.Tests.FastTransfer;

public sealed class IdSetTests
{
    private static readonly Guid Replica = new("7b18a501-bc6f-dcea-1ed0-3c5657000000");

    private static readonly Gen<ulong> Counter = Gen.OneOf(Gen.ULong[0, 40], Gen.ULong[0x10_0000, 0x10_0200], Gen.ULong[0, IdSet.MaxCounter]);

    private static readonly Gen<(Guid Replica, ulong Low, ulong High)> Range =
        Gen.Select(Gen.OneOf(Replica, Guid.Empty), Counter, Gen.ULong[0, 12], (replica, low, length) =>
            (replica, low, Math.Min(low + length, IdSet.MaxCounter)));

    private static readonly Gen<IdSet> Sets = Range.Array[0, 30].Select(SetOf);

    // Each of these was worked out by hand from the command table of [MS-OXCFXICS] 2.2.2.6.
    [Theory]
    [InlineData("06 000000000001 00", "1-1")]
    [InlineData("52 000000000001 0000000001D1 00", "1-465")]
    [InlineData("05 0000000000 42 04 03 50 00", "4-6")]
    [InlineData("05 0000000000 42 04 81 50 00", "4-5 12-12")]
    [InlineData("04 00000003 52 0000 00EA 50 00", "196608-196842")]
    [InlineData("02 0000 02 0001 02 0005 50 52 00020000 00020003 50 00", "65541-65541 131072-131075")]
    [InlineData("00", "")]
    public void A_globset_is_read_as_its_commands_say(string hex, string expected)
    {
        byte[] bytes = [.. Replica.ToByteArray(), .. Bytes(hex)];
        Assert.Equal(expected, string.Join(' ', IdSet.Parse(bytes).Ranges.Select(range => $"{range.Low}-{range.High}")));
    }

    [Theory]
    [InlineData("50 00")] // pops nothing
    [InlineData("05 0000000000 02 0001 00")] // pushes seven bytes
    [InlineData("42 01 01 00")] // a bit mask without five bytes before it
    [InlineData("52 000000000002 000000000001 00")] // a range upside down
    [InlineData("07 00")] // an unknown command
    [InlineData("05 FFFFFFFFFF 42 FF 01 50 00")] // beyond the highest counter
    [InlineData("06 0000")] // cut
    [InlineData("")] // no End
    public void A_broken_globset_is_refused(string hex)
    {
        byte[] bytes = [.. Replica.ToByteArray(), .. Bytes(hex)];
        Assert.Throws<MapiProtocolException>(() => IdSet.Parse(bytes));
    }

    [Fact]
    public void Neighbours_are_written_as_one_bit_mask()
    {
        var set = new IdSet();
        foreach (var counter in new ulong[] { 4, 5, 7, 12 }) set.Add(Replica, counter);
        Assert.Equal(Bytes("05 0000000000 42 04 85 50 00"), set.Serialize()[16..]);
    }

    [Fact]
    public void A_set_written_is_read_again() => Sets.Sample(set => IdSet.Parse(set.Serialize()).Equals(set));

    [Fact]
    public void A_set_written_with_replica_ids_is_read_again() => Sets.Sample(set =>
        IdSet.ParseReplIds(set.SerializeReplIds(replica => replica == Replica ? (ushort)1 : (ushort)2), id => id == 1 ? Replica : Guid.Empty)
            .Equals(set));

    [Fact]
    public void A_set_contains_what_was_added_and_nothing_else() => Gen.Select(Range.Array[0, 20], Counter).Sample((ranges, counter) =>
        SetOf(ranges).Contains(Replica, counter) == ranges.Any(range => range.Replica == Replica && range.Low <= counter && counter <= range.High));

    [Fact]
    public void Ranges_are_sorted_and_apart() => Sets.Sample(set => set.Ranges.Zip(set.Ranges.Skip(1)).All(pair =>
        pair.First.Replica != pair.Second.Replica || pair.First.High + 1 < pair.Second.Low));

    [Fact]
    public void A_union_has_both() => Gen.Select(Sets, Sets).Sample((a, b) =>
    {
        var union = a.Clone();
        union.UnionWith(b);
        return union.Equals(SetOf([.. a.Ranges.Concat(b.Ranges).Select(range => (range.Replica, range.Low, range.High))]));
    });

    [Fact]
    public async Task The_oracle_reads_the_same_ranges()
    {
        var state = new ContentsSyncState();
        foreach (var (low, high) in new (ulong, ulong)[] { (10, 23), (25, 29), (1900544, 1900544), (1966080, 1966080) })
            state.Given.AddRange(Replica, low, high);
        var output = await Oracle.RunAsync("fasttransfer.py", state.Serialize());
        Assert.Contains("state 4017", output);
        Assert.Contains("[(10, 23), (25, 29), (1900544, 1900544), (1966080, 1966080)]", output);
    }

    [Fact]
    public void A_source_key_names_replica_and_counter()
    {
        var xid = IdSet.WriteXid(Replica, 0x0102_0304_0506);
        Assert.Equal("010203040506", Convert.ToHexString(xid[16..]));
        var set = new IdSet();
        set.Add(xid);
        Assert.True(set.Contains(Replica, 0x0102_0304_0506));
        Assert.True(set.Contains(xid));
        Assert.Throws<MapiProtocolException>(() => set.Contains(xid.AsSpan(1)));
    }

    [Fact]
    public void Random_bytes_only_break_the_protocol() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            IdSet.ParseReplIds(bytes, _ => Replica);
        }
        catch (MapiProtocolException)
        {
        }
    });

    private static IdSet SetOf((Guid Replica, ulong Low, ulong High)[] ranges)
    {
        var set = new IdSet();
        foreach (var range in ranges) set.AddRange(range.Replica, range.Low, range.High);
        return set;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
