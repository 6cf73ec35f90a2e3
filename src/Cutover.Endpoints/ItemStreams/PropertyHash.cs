using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// The hash of one property: its name, type and value in one form, whatever form the stream has. A long value is hashed as it passes.
/// docs/formats/content-digest.md
/// </summary>
internal sealed class PropertyHash
{
    private const byte ByTag = 0;
    private const byte ByLid = 1;
    private const byte ByString = 2;

    private readonly ArrayBufferWriter<byte> small = new(512);
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly char[] chars = new char[4096];
    private LongForm form;
    private Decoder? decoder;
    private byte[] heldBack = [];

    private enum LongForm
    {
        Bytes,
        Utf16,
        CodePage,
    }

    /// <summary>The hash of a property whose value is at hand, and the bytes of that value.</summary>
    public byte[] Of(PropertyValue property, out int size)
    {
        small.ResetWrittenCount();
        WriteName(property.Tag, property.Name);
        var start = small.WrittenCount;
        WriteValue(property.Tag.Type, property.Value);
        size = small.WrittenCount - start;
        return SHA256.HashData(small.WrittenSpan);
    }

    public void Begin(PropertyTag tag, PropertyName? name)
    {
        small.ResetWrittenCount();
        WriteName(tag, name);
        sha.AppendData(small.WrittenSpan);
        heldBack = [];
        decoder = null;
        form = !PropertyCodec.IsString(tag.Type) ? LongForm.Bytes
            : CodePages.Of(tag.Type) == CodePages.Utf16 ? LongForm.Utf16 : LongForm.CodePage;
        if (form == LongForm.CodePage) decoder = (CodePages.Find(CodePages.Of(tag.Type)) ?? Encoding.Latin1).GetDecoder();
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        switch (form)
        {
            case LongForm.Utf16: AppendUtf16(data); break;
            case LongForm.CodePage: AppendDecoded(data, flush: false); break;
            default: sha.AppendData(data); break;
        }
    }

    public byte[] End()
    {
        if (form == LongForm.CodePage) AppendDecoded([], flush: true);
        // A terminating NUL is no part of the string; it can be told from other characters only at the end.
        if (heldBack is not [0, 0]) sha.AppendData(heldBack);
        return sha.GetHashAndReset();
    }

    private void AppendDecoded(ReadOnlySpan<byte> data, bool flush)
    {
        bool completed;
        do
        {
            decoder!.Convert(data, chars, flush, out var used, out var count, out completed);
            data = data[used..];
            AppendUtf16(MemoryMarshal.AsBytes(chars.AsSpan(0, count)));
        }
        while (!completed);
    }

    /// <summary>Hashes all but the last character, which may be the terminating NUL.</summary>
    private void AppendUtf16(ReadOnlySpan<byte> data)
    {
        if (heldBack.Length + data.Length <= sizeof(char))
        {
            heldBack = [.. heldBack, .. data];
            return;
        }
        // An odd number of bytes ends with half a character, which is then all that is kept.
        var keep = sizeof(char) - ((heldBack.Length + data.Length) & 1);
        sha.AppendData(heldBack);
        sha.AppendData(data[..^keep]);
        heldBack = data[^keep..].ToArray();
    }

    private void WriteName(PropertyTag tag, PropertyName? name)
    {
        switch (name)
        {
            case null:
                WriteByte(ByTag);
                WriteUInt16(tag.Id);
                break;
            case { Lid: { } lid }:
                WriteByte(ByLid);
                WriteGuid(name.PropertySet);
                WriteUInt32(lid);
                break;
            default:
                WriteByte(ByString);
                WriteGuid(name.PropertySet);
                WriteText(Normalised(name));
                break;
        }
        WriteUInt16((ushort)Normalised(tag.Type));
    }

    // Exchange keeps the names of internet headers in lower case. Source: [MS-OXCPRPT] 3.2.5.9.
    private static string Normalised(PropertyName name) =>
        name.PropertySet == PropertySets.InternetHeaders ? name.Name!.ToLowerInvariant() : name.Name!;

    private static PropertyType Normalised(PropertyType type)
    {
        if (PropertyCodec.IsString(type)) return PropertyType.String;
        return type switch
        {
            PropertyType.Object => PropertyType.Binary,
            PropertyType.MultipleString8 => PropertyType.MultipleString,
            _ => type,
        };
    }

    private void WriteValue(PropertyType type, object value)
    {
        switch (value)
        {
            case string text: small.Write(MemoryMarshal.AsBytes(text.AsSpan())); break;
            case byte[] bytes: small.Write(bytes); break;
            case string[] texts: WriteEach(texts, WriteText); break;
            case byte[][] binaries: WriteEach(binaries, WriteBinary); break;
            case Array array: WriteFixed(type.ElementType(), array); break;
            default: WriteFixed(type, value); break;
        }
    }

    private void WriteEach<T>(T[] values, Action<T> write)
    {
        WriteUInt32((uint)values.Length);
        foreach (var value in values) write(value);
    }

    private void WriteFixed(PropertyType elementType, Array values)
    {
        WriteUInt32((uint)values.Length);
        foreach (var value in values) WriteFixed(elementType, value);
    }

    private void WriteFixed(PropertyType type, object value)
    {
        var size = PropertyCodec.FixedSize(type);
        PropertyCodec.WriteFixed(type, value, small.GetSpan(size));
        small.Advance(size);
    }

    private void WriteText(string text)
    {
        WriteUInt32((uint)text.Length);
        small.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void WriteBinary(byte[] bytes)
    {
        WriteUInt32((uint)bytes.Length);
        small.Write(bytes);
    }

    private void WriteGuid(Guid guid)
    {
        guid.TryWriteBytes(small.GetSpan(16));
        small.Advance(16);
    }

    private void WriteByte(byte value) => small.Write([value]);

    private void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(small.GetSpan(2), value);
        small.Advance(2);
    }

    private void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(small.GetSpan(4), value);
        small.Advance(4);
    }
}
