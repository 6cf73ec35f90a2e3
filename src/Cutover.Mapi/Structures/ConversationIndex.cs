using System.Buffers.Binary;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>One answer in a conversation. Source: [MS-OXOMSG] 2.2.1.3.</summary>
/// <param name="DeltaCode">0: the delta's unit is 2^18 times 100 ns; 1: 2^23.</param>
/// <param name="TimeDelta">31 bits of the time since the header's.</param>
public sealed record ResponseLevel(int DeltaCode, uint TimeDelta, byte Random, byte Level);

/// <summary>PidTagConversationIndex: when a conversation began, which it is, and the answers up to this message. Source: [MS-OXOMSG] 2.2.1.3.</summary>
/// <param name="Reserved">1, which is also the highest byte of every time from 1829 to 2057.</param>
/// <param name="FileTime">The time without its two lowest bytes.</param>
public sealed record ConversationIndex(byte Reserved, ulong FileTime, Guid Conversation, IReadOnlyList<ResponseLevel> Responses)
{
    public DateTime Time => Properties.FileTime.ToDateTime(FileTime > long.MaxValue ? long.MaxValue : (long)FileTime);

    /// <exception cref="MapiProtocolException">The header of 22 bytes is cut. A last answer that isn't whole is passed over.</exception>
    public static ConversationIndex Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var reserved = reader.ReadByte();
        var time = (ulong)reserved << 56 | (ulong)BigEndian(reader.ReadBytes(5).Span) << 16;
        var conversation = new Guid(reader.ReadBytes(16).Span, bigEndian: true);
        var responses = new List<ResponseLevel>();
        while (reader.Remaining >= 5) responses.Add(ReadResponse(reader));
        return new ConversationIndex(reserved, time, conversation, responses);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteByte(Reserved);
        for (var shift = 48; shift >= 16; shift -= 8) writer.WriteByte((byte)(FileTime >> shift));
        writer.WriteBytes(Conversation.ToByteArray(bigEndian: true));
        foreach (var response in Responses)
        {
            var delta = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(delta, (uint)response.DeltaCode << 31 | response.TimeDelta);
            writer.WriteBytes(delta).WriteByte((byte)(response.Random << 4 | response.Level));
        }
        return writer.ToArray();
    }

    public override string ToString() => $"conversation {Conversation} of {Time:yyyy-MM-dd HH:mm}, {Responses.Count} answers";

    private static ResponseLevel ReadResponse(RopReader reader)
    {
        var delta = BinaryPrimitives.ReadUInt32BigEndian(reader.ReadBytes(4).Span);
        var random = reader.ReadByte();
        return new ResponseLevel((int)(delta >> 31), delta & 0x7FFFFFFF, (byte)(random >> 4), (byte)(random & 0xF));
    }

    private static long BigEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes) value = value << 8 | b;
        return value;
    }
}
