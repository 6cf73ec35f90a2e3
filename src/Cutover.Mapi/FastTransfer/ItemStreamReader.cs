using System.Buffers;
using System.Buffers.Binary;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Reads an item stream fed in pieces cut anywhere, checks the order and constants of its records and raises the events of its messageContent.
/// docs/formats/item-stream.md
/// </summary>
public sealed class ItemStreamReader(IFastTransferHandler handler)
{
    private const int ReadSize = 64 * 1024;

    private readonly FastTransferLexer lexer = new(handler);
    private readonly byte[] held = new byte[ItemStream.RecordHeaderSize + 24];
    private int heldCount;
    private uint payloadLeft;
    private ItemStreamOpcode last;

    /// <summary>Who made the stream, once that record has been read.</summary>
    public PartnerVersion? Version { get; private set; }

    /// <summary>Reads a whole item stream.</summary>
    /// <exception cref="MapiProtocolException">It is broken or ends early.</exception>
    public static async Task ReadAsync(Stream stream, IFastTransferHandler handler, CancellationToken ct)
    {
        var reader = new ItemStreamReader(handler);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (await stream.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var count) reader.Feed(buffer.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        reader.Complete();
    }

    /// <exception cref="MapiProtocolException">The bytes are no item stream.</exception>
    public void Feed(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (payloadLeft > 0) PassOn(ref data);
            else Hold(ref data);
        }
    }

    /// <summary>Tells that the stream has ended.</summary>
    /// <exception cref="MapiProtocolException">It ended inside a record or a property, or holds no content.</exception>
    public void Complete()
    {
        if (payloadLeft > 0 || heldCount > 0) throw new MapiProtocolException($"The item stream ends inside its record {last}.");
        if (last != ItemStreamOpcode.TransferBuffer) throw new MapiProtocolException("The item stream holds no TransferBuffer.");
        lexer.Complete();
    }

    private void PassOn(ref ReadOnlySpan<byte> data)
    {
        var count = (int)Math.Min(payloadLeft, data.Length);
        lexer.Feed(data[..count]);
        data = data[count..];
        payloadLeft -= (uint)count;
    }

    /// <summary>Gathers a record's header, and the payload too where it is a constant.</summary>
    private void Hold(ref ReadOnlySpan<byte> data)
    {
        var count = Math.Min(Needed() - heldCount, data.Length);
        data[..count].CopyTo(held.AsSpan(heldCount));
        data = data[count..];
        heldCount += count;
        if (heldCount < Needed()) return;
        Accept(Opcode, held.AsSpan(ItemStream.RecordHeaderSize, heldCount - ItemStream.RecordHeaderSize));
        heldCount = 0;
    }

    private ItemStreamOpcode Opcode => (ItemStreamOpcode)BinaryPrimitives.ReadUInt32LittleEndian(held);

    private uint PayloadLength => BinaryPrimitives.ReadUInt32LittleEndian(held.AsSpan(4));

    private int Needed()
    {
        if (heldCount < ItemStream.RecordHeaderSize) return ItemStream.RecordHeaderSize;
        var expectedLength = Opcode switch
        {
            ItemStreamOpcode.Config => ItemStream.Config.Length,
            ItemStreamOpcode.IsInterfaceOk => ItemStream.IsInterfaceOk.Length,
            ItemStreamOpcode.TellPartnerVersion => PartnerVersion.Size,
            ItemStreamOpcode.TransferBuffer => 0,
            _ => throw new MapiProtocolException($"The item stream has a record with the unknown opcode {(uint)Opcode}."),
        };
        if (expectedLength > 0 && PayloadLength != expectedLength)
            throw new MapiProtocolException($"The item stream's record {Opcode} has {PayloadLength} bytes instead of {expectedLength}.");
        return ItemStream.RecordHeaderSize + expectedLength;
    }

    private void Accept(ItemStreamOpcode opcode, ReadOnlySpan<byte> payload)
    {
        CheckOrder(opcode);
        switch (opcode)
        {
            case ItemStreamOpcode.Config: CheckConstant(payload, ItemStream.Config, opcode); break;
            case ItemStreamOpcode.IsInterfaceOk: CheckConstant(payload, ItemStream.IsInterfaceOk, opcode); break;
            case ItemStreamOpcode.TellPartnerVersion: AcceptVersion(PartnerVersion.Read(payload)); break;
            default: payloadLeft = PayloadLength; break;
        }
        last = opcode;
    }

    // A sample from Exchange Online has no IsInterfaceOk, so it may be left out.
    private void CheckOrder(ItemStreamOpcode opcode)
    {
        var inOrder = opcode switch
        {
            ItemStreamOpcode.Config => last == default,
            ItemStreamOpcode.IsInterfaceOk => last == ItemStreamOpcode.Config,
            ItemStreamOpcode.TellPartnerVersion => last is ItemStreamOpcode.Config or ItemStreamOpcode.IsInterfaceOk,
            _ => last is ItemStreamOpcode.TellPartnerVersion or ItemStreamOpcode.TransferBuffer,
        };
        if (!inOrder) throw new MapiProtocolException($"The item stream's record {opcode} comes out of order.");
    }

    private static void CheckConstant(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> expected, ItemStreamOpcode opcode)
    {
        if (!payload.SequenceEqual(expected)) throw new MapiProtocolException($"The item stream's record {opcode} does not hold what it always holds.");
    }

    private void AcceptVersion(PartnerVersion version)
    {
        if (version.Major < ItemStream.OldestMajorVersion)
            throw new MapiProtocolException($"The item stream was made by version {version}; Exchange 2010 (14.0) is the oldest that can be imported.");
        Version = version;
    }
}
