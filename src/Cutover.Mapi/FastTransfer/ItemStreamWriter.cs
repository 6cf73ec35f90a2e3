using System.Buffers;
using System.Buffers.Binary;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Writes a messageContent as an item stream: the handler at the end of a chain. Transfer buffers are cut between atoms or inside the bytes of a
/// variable-size value, nowhere else. docs/formats/item-stream.md. Source of the cutting rule: [MS-OXCFXICS] 2.2.4.1.
/// </summary>
public sealed class ItemStreamWriter : IFastTransferHandler
{
    private readonly Stream output;
    private readonly byte[] buffer = new byte[ItemStream.RecordHeaderSize + ItemStream.TransferBufferLimit];
    private readonly ArrayBufferWriter<byte> atom = new(256);
    private readonly FastTransferWriter atoms;
    private int used = ItemStream.RecordHeaderSize;
    private PropertyTag longTag;
    private long left;

    /// <summary>Starts the stream. It stays open when the writer is done.</summary>
    /// <param name="version">Who is said to have made the stream; <see cref="PartnerVersion.Ours"/> if not given.</param>
    public ItemStreamWriter(Stream output, PartnerVersion? version = null)
    {
        this.output = output;
        atoms = new FastTransferWriter(atom);
        Span<byte> words = stackalloc byte[PartnerVersion.Size];
        (version ?? PartnerVersion.Ours).Write(words);
        Record(ItemStreamOpcode.Config, ItemStream.Config);
        Record(ItemStreamOpcode.IsInterfaceOk, ItemStream.IsInterfaceOk);
        Record(ItemStreamOpcode.TellPartnerVersion, words);
    }

    /// <summary>Bytes written to the stream so far.</summary>
    public long Length { get; private set; }

    public void Marker(FastTransferMarker marker)
    {
        atoms.Marker(marker);
        WriteAtom();
    }

    public void Property(PropertyValue property)
    {
        if (FastTransferLexis.FixedSize(property.Tag.Type) > 0)
        {
            atoms.Property(property);
            WriteAtom();
            return;
        }
        var bytes = Bytes(property);
        BeginProperty(property.Tag, property.Name, bytes.Length);
        PropertyData(bytes);
        EndProperty();
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        (longTag, left) = (tag, length);
        atoms.BeginProperty(tag, name, length);
        // The eight bytes of a time that is out of range stay with their tag.
        if (FastTransferLexis.FixedSize(tag.Type) == 0) WriteAtom();
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        left -= data.Length;
        if (FastTransferLexis.IsMultiple(longTag.Type)) WriteMultiple(data);
        else if (FastTransferLexis.IsVariable(longTag.Type)) WriteBytes(data);
        else atom.Write(data);
    }

    public void EndProperty()
    {
        if (left != 0) throw new InvalidOperationException($"Property {longTag} has {left} bytes less than announced.");
        if (atom.WrittenCount > 0) WriteAtom();
    }

    /// <summary>Writes one buffer as a server gave it for upload, which need not keep to the grammar. Not to be mixed with the handler's methods.</summary>
    public void TransferBuffer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ItemStream.TransferBufferLimit)
            throw new ArgumentException($"A transfer buffer has {ItemStream.TransferBufferLimit} bytes at most.", nameof(bytes));
        WriteAtom(bytes);
        Flush();
    }

    /// <summary>Writes the last transfer buffer; nothing may follow.</summary>
    public void Complete()
    {
        if (used > ItemStream.RecordHeaderSize) Flush();
        output.Flush();
    }

    private static byte[] Bytes(PropertyValue property)
    {
        if (!FastTransferLexis.IsMultiple(property.Tag.Type)) return PropertyCodec.ToBytes(property.Tag.Type, property.Value);
        var bytes = new ArrayBufferWriter<byte>();
        MultipleValue.Write(property.Tag.Type, property.Value, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A multiple-value property comes whole; its count, its lengths and its fixed-size elements are atoms.</summary>
    private void WriteMultiple(ReadOnlySpan<byte> data)
    {
        var size = FastTransferLexis.FixedSize(longTag.Type.ElementType());
        WriteAtom(Take(4, ref data));
        while (!data.IsEmpty)
        {
            if (size > 0)
            {
                WriteAtom(Take(size, ref data));
                continue;
            }
            var length = Take(4, ref data);
            WriteAtom(length);
            WriteBytes(Take(BinaryPrimitives.ReadInt32LittleEndian(length), ref data));
        }
    }

    private static ReadOnlySpan<byte> Take(int count, ref ReadOnlySpan<byte> data)
    {
        var taken = data[..count];
        data = data[count..];
        return taken;
    }

    private void WriteAtom()
    {
        WriteAtom(atom.WrittenSpan);
        atom.ResetWrittenCount();
    }

    private void WriteAtom(ReadOnlySpan<byte> bytes)
    {
        if (used + bytes.Length > buffer.Length) Flush();
        bytes.CopyTo(buffer.AsSpan(used));
        used += bytes.Length;
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (used == buffer.Length) Flush();
            var count = Math.Min(bytes.Length, buffer.Length - used);
            bytes[..count].CopyTo(buffer.AsSpan(used));
            used += count;
            bytes = bytes[count..];
        }
    }

    private void Flush()
    {
        WriteRecordHeader(buffer, ItemStreamOpcode.TransferBuffer, used - ItemStream.RecordHeaderSize);
        output.Write(buffer, 0, used);
        Length += used;
        used = ItemStream.RecordHeaderSize;
    }

    private void Record(ItemStreamOpcode opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[ItemStream.RecordHeaderSize];
        WriteRecordHeader(header, opcode, payload.Length);
        output.Write(header);
        output.Write(payload);
        Length += header.Length + payload.Length;
    }

    private static void WriteRecordHeader(Span<byte> header, ItemStreamOpcode opcode, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)opcode);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], length);
    }
}
