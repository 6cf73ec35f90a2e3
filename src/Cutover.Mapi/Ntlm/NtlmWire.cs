using System.Text;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Ntlm;

/// <summary>What all NTLM messages have in common: signature, type, and fields that point into a payload. Source: [MS-NLMP] 2.2.1.</summary>
internal static class NtlmWire
{
    public const uint Negotiate = 1;
    public const uint Challenge = 2;
    public const uint Authenticate = 3;

    public static ReadOnlySpan<byte> Signature => "NTLMSSP\0"u8;

    /// <summary>A reader after signature and type.</summary>
    public static NdrReader Begin(ReadOnlyMemory<byte> message, uint type)
    {
        var reader = new NdrReader(message.Span);
        if (!message.Span.StartsWith(Signature)) throw new MapiProtocolException("NTLM message expected, something else received");
        reader.ReadBytes(Signature.Length);
        var received = reader.ReadUInt32();
        return received == type ? reader : throw new MapiProtocolException($"NTLM message of type {type} expected, type {received} received");
    }

    /// <summary>Length, maximum length and offset of a part of the payload; returns that part.</summary>
    public static ReadOnlyMemory<byte> ReadField(ref NdrReader reader, ReadOnlyMemory<byte> message)
    {
        var length = reader.ReadUInt16();
        reader.ReadUInt16();
        var offset = reader.ReadUInt32();
        if (length == 0) return default;
        if (offset > message.Length || length > message.Length - (int)offset)
            throw new MapiProtocolException($"NTLM field of {length} bytes at {offset} lies outside the message of {message.Length}");
        return message.Slice((int)offset, length);
    }

    public static string Text(ReadOnlyMemory<byte> field, NtlmFlags flags) =>
        (flags.HasFlag(NtlmFlags.Unicode) ? Encoding.Unicode : Encoding.Latin1).GetString(field.Span);
}

/// <summary>Writes a message's fixed part, and its fields into the payload after it.</summary>
/// <param name="size">The fixed part's bytes.</param>
internal sealed class NtlmWriter
{
    private readonly NdrWriter payload = new();
    private readonly int size;

    public NtlmWriter(uint type, int size)
    {
        this.size = size;
        Fixed.WriteBytes(NtlmWire.Signature);
        Fixed.WriteUInt32(type);
    }

    public NdrWriter Fixed { get; } = new();

    /// <summary>Puts a text into the payload now; its field is written when its turn comes. Windows keeps names before responses.</summary>
    public (int Length, int Offset) Add(string text) => Add(Encoding.Unicode.GetBytes(text));

    public void WriteField(ReadOnlySpan<byte> value) => WriteField(Add(value));

    public void WriteField((int Length, int Offset) place)
    {
        Fixed.WriteUInt16(checked((ushort)place.Length));
        Fixed.WriteUInt16((ushort)place.Length);
        Fixed.WriteInt32(place.Offset);
    }

    public byte[] ToArray() => [.. Fixed.WrittenMemory.Span, .. payload.WrittenMemory.Span];

    private (int Length, int Offset) Add(ReadOnlySpan<byte> value)
    {
        var offset = size + payload.Offset;
        payload.WriteBytes(value);
        return (value.Length, offset);
    }
}
