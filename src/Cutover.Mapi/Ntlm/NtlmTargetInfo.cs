using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Ntlm;

/// <summary>What an AV pair tells. Source: [MS-NLMP] 2.2.2.1.</summary>
public enum NtlmAvId : ushort
{
    EndOfList = 0,
    NetBiosComputerName = 1,
    NetBiosDomainName = 2,
    DnsComputerName = 3,
    DnsDomainName = 4,
    DnsTreeName = 5,
    Flags = 6,
    Timestamp = 7,
    SingleHost = 8,
    TargetName = 9,
    ChannelBindings = 10,
}

/// <summary>What the server tells about itself, and what the client adds to it. Source: [MS-NLMP] 2.2.2.1 AV_PAIR.</summary>
public sealed record NtlmTargetInfo(IReadOnlyList<KeyValuePair<NtlmAvId, ReadOnlyMemory<byte>>> Pairs)
{
    /// <summary>In <see cref="NtlmAvId.Flags"/>: the AUTHENTICATE message has a MIC.</summary>
    public const uint HasMic = 2;

    public static readonly NtlmTargetInfo Empty = new([]);

    /// <summary>Reads pairs up to the end of the list; what follows it is not looked at.</summary>
    public static NtlmTargetInfo Read(ReadOnlyMemory<byte> bytes)
    {
        var pairs = new List<KeyValuePair<NtlmAvId, ReadOnlyMemory<byte>>>();
        for (var rest = bytes; rest.Length > 0;)
        {
            if (rest.Length < 4) throw new MapiProtocolException("NTLM target information ends inside a pair");
            var id = (NtlmAvId)BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span[2..]);
            if (id == NtlmAvId.EndOfList) break;
            if (length > rest.Length - 4) throw new MapiProtocolException($"NTLM target information has no {length} bytes for pair {id}");
            pairs.Add(new(id, rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }
        return new NtlmTargetInfo(pairs);
    }

    public byte[] ToArray()
    {
        var writer = new NdrWriter();
        foreach (var (id, value) in Pairs) Write(writer, id, value.Span);
        Write(writer, NtlmAvId.EndOfList, default);
        return writer.WrittenMemory.ToArray();
    }

    /// <summary>The pair's value; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(NtlmAvId id)
    {
        foreach (var pair in Pairs)
            if (pair.Key == id)
                return pair.Value;
        return null;
    }

    public uint Flags => Find(NtlmAvId.Flags) is { Length: 4 } flags ? BinaryPrimitives.ReadUInt32LittleEndian(flags.Span) : 0;

    /// <summary>The same with this pair, in place of the one of its kind.</summary>
    public NtlmTargetInfo With(NtlmAvId id, ReadOnlyMemory<byte> value) =>
        new([.. Pairs.Where(pair => pair.Key != id), KeyValuePair.Create(id, value)]);

    public NtlmTargetInfo With(NtlmAvId id, string value) => With(id, Encoding.Unicode.GetBytes(value));

    public NtlmTargetInfo WithFlags(uint flags)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Flags | flags);
        return With(NtlmAvId.Flags, value);
    }

    private static void Write(NdrWriter writer, NtlmAvId id, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)id);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], checked((ushort)value.Length));
        writer.WriteBytes(head);
        writer.WriteBytes(value);
    }
}
