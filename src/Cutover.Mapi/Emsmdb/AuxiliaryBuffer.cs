using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Cutover.Mapi.Emsmdb;

/// <summary>What an auxiliary block of version 1 holds. Source: [MS-OXCRPC] 2.2.2.2.</summary>
public enum AuxiliaryType : byte
{
    PerfClientInfo = 0x02,
    ClientControl = 0x0A,
    OsVersionInfo = 0x16,
    ExOrgInfo = 0x17,
    ServerCapabilities = 0x46,
    EndpointCapabilities = 0x48,
    ClientConnectionInfo = 0x4A,
    ServerSessionInfo = 0x4B,
}

/// <summary>Source: [MS-OXCRPC] 2.2.2.2.19 AUX_SERVER_CAPABILITIES.</summary>
[Flags]
public enum ServerCapabilities : uint
{
    None = 0,
    PackedFastTransferUploadBuffers = 0x00000001,
    PackedWriteStreamUploadBuffers = 0x00000002,

    /// <summary>An answer may have 1 MiB in place of 256 KiB.</summary>
    UltraLargePackedDownloadBuffers = 0x00000008,
}

/// <summary>One block: what it is and the bytes behind its header. Kinds that we don't know are passed over. Source: [MS-OXCRPC] 2.2.2.2 AUX_HEADER.</summary>
public sealed record AuxiliaryBlock(byte Version, AuxiliaryType Type, ReadOnlyMemory<byte> Data)
{
    internal const int HeaderSize = 4;

    public static AuxiliaryBlock Of(ServerCapabilities capabilities)
    {
        var data = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(data, (uint)capabilities);
        return new AuxiliaryBlock(1, AuxiliaryType.ServerCapabilities, data);
    }

    /// <summary>
    /// AUX_PERF_CLIENTINFO, by which the server's logs tell this client from others; addresses and adapter are left empty. Source: [MS-OXCRPC]
    /// 2.2.2.2.4.
    /// </summary>
    public static AuxiliaryBlock OfClient(string machineName, string userName)
    {
        const int machineNameOffset = 6, userNameOffset = 8, clientModeOffset = 24, fixedSize = 28;
        const ushort classicMode = 1;
        var (machine, user) = (Encoding.Unicode.GetBytes(machineName + '\0'), Encoding.Unicode.GetBytes(userName + '\0'));
        var data = new byte[fixedSize + machine.Length + user.Length];
        // Offsets count from the block's header.
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(machineNameOffset), HeaderSize + fixedSize);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(userNameOffset), (ushort)(HeaderSize + fixedSize + machine.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(clientModeOffset), classicMode);
        machine.CopyTo(data, fixedSize);
        user.CopyTo(data, fixedSize + machine.Length);
        return new AuxiliaryBlock(1, AuxiliaryType.PerfClientInfo, data);
    }
}

/// <summary>Auxiliary blocks as they travel beside ROPs: behind one another in one extended buffer. Source: [MS-OXCRPC] 3.1.4.1.2.</summary>
public static class AuxiliaryBuffer
{
    /// <summary>An extended buffer that holds the blocks; nothing for none.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<AuxiliaryBlock> blocks, RpcExt2Flags flags)
    {
        if (blocks.Count == 0) return default;
        var payload = new ArrayBufferWriter<byte>();
        foreach (var block in blocks)
        {
            var header = payload.GetSpan(AuxiliaryBlock.HeaderSize);
            BinaryPrimitives.WriteUInt16LittleEndian(header, checked((ushort)(AuxiliaryBlock.HeaderSize + block.Data.Length)));
            header[2] = block.Version;
            header[3] = (byte)block.Type;
            payload.Advance(AuxiliaryBlock.HeaderSize);
            payload.Write(block.Data.Span);
        }
        return ExtendedBuffer.Pack(payload.WrittenSpan, flags);
    }

    /// <exception cref="MapiProtocolException">A block is cut, or the extended buffer is broken.</exception>
    public static IReadOnlyList<AuxiliaryBlock> Read(ReadOnlyMemory<byte> buffer)
    {
        var blocks = new List<AuxiliaryBlock>();
        foreach (var payload in ExtendedBuffer.Read(buffer))
        {
            for (var rest = payload; !rest.IsEmpty;) blocks.Add(ReadOne(ref rest));
        }
        return blocks;
    }

    /// <summary>What the server says it can do; nothing where it says nothing.</summary>
    /// <exception cref="MapiProtocolException">The blocks are broken.</exception>
    public static ServerCapabilities CapabilitiesIn(ReadOnlyMemory<byte> buffer)
    {
        var block = Read(buffer).FirstOrDefault(block => block is { Version: 1, Type: AuxiliaryType.ServerCapabilities, Data.Length: >= sizeof(uint) });
        return block is null ? ServerCapabilities.None : (ServerCapabilities)BinaryPrimitives.ReadUInt32LittleEndian(block.Data.Span);
    }

    private static AuxiliaryBlock ReadOne(ref ReadOnlyMemory<byte> rest)
    {
        var size = rest.Length < AuxiliaryBlock.HeaderSize ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
        if (size < AuxiliaryBlock.HeaderSize || size > rest.Length)
            throw new MapiProtocolException($"An auxiliary block says that it has {size} bytes; {rest.Length} are there");
        var block = new AuxiliaryBlock(rest.Span[2], (AuxiliaryType)rest.Span[3], rest[AuxiliaryBlock.HeaderSize..size]);
        rest = rest[size..];
        return block;
    }
}
