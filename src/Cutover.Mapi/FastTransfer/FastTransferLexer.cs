using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Turns the bytes of a FastTransfer stream into markers and properties. It is fed the stream in pieces cut anywhere and holds no more than one
/// small value at a time. Source: [MS-OXCFXICS] 2.2.4.1. After an exception it can't go on.
/// </summary>
public sealed class FastTransferLexer(IFastTransferHandler handler)
{
    /// <summary>Bytes up to which a value comes whole.</summary>
    public const int InlineLimit = 8 * 1024;

    /// <summary>Bytes that one multiple-value property may take; a stream with a longer one is taken to be broken.</summary>
    public const int MultipleValueLimit = 16 * 1024 * 1024;

    /// <summary>Characters that a property's name may have. Source: [MS-OXCPRPT] 2.2.12 allows 254 bytes with the NUL.</summary>
    public const int NameLimit = 512;

    private const int TagSize = 4;
    private const int PropertySetAndKindSize = 17;

    private readonly StringBuilder nameText = new();
    private readonly ArrayBufferWriter<byte> multiple = new();
    private byte[] held = new byte[64];
    private int heldCount;
    private Expected expected = Expected.Tag;
    private int needed = TagSize;
    private long streamed;
    private long offset;

    private PropertyTag tag;
    private PropertyName? name;
    private Guid propertySet;
    private uint elementsLeft;

    private enum Expected
    {
        Tag,
        PropertySetAndKind,
        Lid,
        NameCharacter,
        FixedValue,
        Length,
        Value,
        StreamedValue,
        Count,
        FixedElements,
        ElementLength,
        Element,
    }

    /// <summary>Bytes fed so far.</summary>
    public long Offset => offset;

    /// <summary>Reads on. Raises an event for everything that is complete.</summary>
    /// <exception cref="MapiProtocolException">The bytes are no FastTransfer stream.</exception>
    public void Feed(ReadOnlySpan<byte> data)
    {
        while (needed == 0 || !data.IsEmpty)
        {
            if (expected == Expected.StreamedValue) PassOn(ref data);
            else if (TryTake(ref data, out var bytes)) Accept(bytes);
        }
    }

    /// <summary>Tells that the stream has ended.</summary>
    /// <exception cref="MapiProtocolException">It ended inside a property.</exception>
    public void Complete()
    {
        if (expected != Expected.Tag || heldCount > 0)
            throw new MapiProtocolException($"The FastTransfer stream ends at offset {offset} inside {What()}.");
    }

    private bool TryTake(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(needed - heldCount, data.Length);
        offset += count;
        bytes = data[..count];
        data = data[count..];
        if (heldCount == 0 && count == needed) return true;

        if (held.Length < heldCount + count) Array.Resize(ref held, Math.Max(heldCount + count, held.Length * 2));
        bytes.CopyTo(held.AsSpan(heldCount));
        heldCount += count;
        bytes = held.AsSpan(0, heldCount);
        if (heldCount < needed) return false;
        heldCount = 0;
        return true;
    }

    private void PassOn(ref ReadOnlySpan<byte> data)
    {
        var count = (int)Math.Min(streamed, data.Length);
        handler.PropertyData(data[..count]);
        data = data[count..];
        offset += count;
        streamed -= count;
        if (streamed > 0) return;
        handler.EndProperty();
        Expect(Expected.Tag, TagSize);
    }

    private void Accept(ReadOnlySpan<byte> bytes)
    {
        switch (expected)
        {
            case Expected.Tag: AcceptTag(BinaryPrimitives.ReadUInt32LittleEndian(bytes)); break;
            case Expected.PropertySetAndKind: AcceptPropertySet(new Guid(bytes[..16]), bytes[16]); break;
            case Expected.Lid: AcceptName(PropertyName.Of(propertySet, BinaryPrimitives.ReadUInt32LittleEndian(bytes))); break;
            case Expected.NameCharacter: AcceptNameCharacter((char)BinaryPrimitives.ReadUInt16LittleEndian(bytes)); break;
            case Expected.FixedValue or Expected.Value: AcceptValue(bytes); break;
            case Expected.Length: AcceptLength(BinaryPrimitives.ReadUInt32LittleEndian(bytes)); break;
            case Expected.Count: AcceptCount(bytes); break;
            case Expected.FixedElements: AcceptElement(bytes, elementsLeft); break;
            case Expected.ElementLength: AcceptElementLength(bytes); break;
            case Expected.Element: AcceptElement(bytes, 1); break;
            default: throw new InvalidOperationException(expected.ToString());
        }
    }

    private void AcceptTag(uint word)
    {
        if (FastTransferLexis.IsMarker(word))
        {
            handler.Marker((FastTransferMarker)word);
            return;
        }

        // On the wire the type comes first, so a tag reads as one little-endian word with the type below.
        tag = new PropertyTag(word);
        name = null;
        if (tag.Id == FastTransferLexis.IdsetGivenId && tag.Type == PropertyType.Integer32) tag = tag.WithType(PropertyType.Binary);
        if (tag.IsNamed) Expect(Expected.PropertySetAndKind, PropertySetAndKindSize);
        else ExpectValue();
    }

    private void AcceptPropertySet(Guid set, byte kind)
    {
        propertySet = set;
        switch (kind)
        {
            case 0: Expect(Expected.Lid, 4); break;
            case 1: nameText.Clear(); Expect(Expected.NameCharacter, 2); break;
            default: throw Broken($"a named property has kind 0x{kind:X2}, which is neither a long id nor a string");
        }
    }

    private void AcceptNameCharacter(char character)
    {
        if (character == '\0') AcceptName(PropertyName.Of(propertySet, nameText.ToString()));
        else if (nameText.Append(character).Length > NameLimit) throw Broken($"a property's name has more than {NameLimit} characters");
    }

    private void AcceptName(PropertyName value)
    {
        name = value;
        ExpectValue();
    }

    private void ExpectValue()
    {
        if (FastTransferLexis.FixedSize(tag.Type) is > 0 and var size) Expect(Expected.FixedValue, size);
        else if (FastTransferLexis.IsVariable(tag.Type)) Expect(Expected.Length, 4);
        else if (FastTransferLexis.IsMultiple(tag.Type)) Expect(Expected.Count, 4);
        else throw Broken($"property {tag} has a type that can't occur in a stream");
    }

    private void AcceptLength(uint length)
    {
        if (length <= InlineLimit)
        {
            Expect(Expected.Value, (int)length);
            return;
        }
        handler.BeginProperty(tag, name, length);
        streamed = length;
        Expect(Expected.StreamedValue, 1);
    }

    private void AcceptValue(ReadOnlySpan<byte> bytes)
    {
        Expect(Expected.Tag, TagSize);
        if (PropertyCodec.TryRead(tag.Type, bytes, out var value)) handler.Property(new PropertyValue(tag, value, name));
        else Raw(bytes);
    }

    private void AcceptCount(ReadOnlySpan<byte> bytes)
    {
        elementsLeft = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        multiple.ResetWrittenCount();
        multiple.Write(bytes);
        var size = FastTransferLexis.FixedSize(tag.Type.ElementType());
        CheckMultiple(elementsLeft * (long)Math.Max(size, 4));
        if (elementsLeft == 0) FinishMultiple();
        else if (size > 0) Expect(Expected.FixedElements, (int)elementsLeft * size);
        else Expect(Expected.ElementLength, 4);
    }

    private void AcceptElementLength(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        CheckMultiple(multiple.WrittenCount + (long)length);
        multiple.Write(bytes);
        Expect(Expected.Element, (int)length);
    }

    private void AcceptElement(ReadOnlySpan<byte> bytes, uint elements)
    {
        multiple.Write(bytes);
        elementsLeft -= elements;
        if (elementsLeft == 0) FinishMultiple();
        else Expect(Expected.ElementLength, 4);
    }

    private void FinishMultiple()
    {
        Expect(Expected.Tag, TagSize);
        if (MultipleValue.TryRead(tag.Type, multiple.WrittenSpan, out var value)) handler.Property(new PropertyValue(tag, value, name));
        else Raw(multiple.WrittenSpan);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        handler.BeginProperty(tag, name, bytes.Length);
        handler.PropertyData(bytes);
        handler.EndProperty();
    }

    private void Expect(Expected what, int bytes)
    {
        expected = what;
        needed = bytes;
    }

    private void CheckMultiple(long bytes)
    {
        if (bytes > MultipleValueLimit) throw Broken($"the values of property {tag} take more than {MultipleValueLimit} bytes");
    }

    private string What() => expected == Expected.Tag ? "a property tag" : $"property {tag}";

    private MapiProtocolException Broken(string why) => new($"The FastTransfer stream is broken before offset {offset}: {why}.");
}
