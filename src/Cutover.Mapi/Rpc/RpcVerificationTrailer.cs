namespace Cutover.Mapi.Rpc;

/// <summary>
/// Repeats at the end of a request's stub what its headers say, for servers whose signatures do not cover headers. Source: [MS-RPCE] 2.2.2.13.
/// </summary>
/// <param name="SupportsHeaderSigning">BITMASK_1; null when the command is absent.</param>
/// <param name="Context">PCONTEXT: interface and transfer syntax.</param>
/// <param name="Header">HEADER2: what the fragment's header says.</param>
public sealed record RpcVerificationTrailer(bool? SupportsHeaderSigning, RpcVerifiedContext? Context, RpcVerifiedHeader? Header)
{
    private const ushort Bitmask1 = 1;
    private const ushort PContext = 2;
    private const ushort Header2 = 3;
    private const ushort CommandMask = 0x3FFF;
    private const ushort End = 0x4000;
    private const ushort MustProcess = 0x8000;
    private const int PContextSize = 40;
    private const int Header2Size = 16;

    private static ReadOnlySpan<byte> Signature => [0x8A, 0xE3, 0x13, 0x71, 0x02, 0xF4, 0x36, 0x71];

    /// <summary>The stub with the trailer behind it.</summary>
    public byte[] AppendTo(ReadOnlySpan<byte> stub)
    {
        var writer = new NdrWriter();
        writer.WriteBytes(stub);
        writer.Align(4);
        writer.WriteBytes(Signature);
        if (SupportsHeaderSigning is { } supports)
        {
            WriteCommand(writer, Bitmask1, 4, isLast: Context is null && Header is null);
            writer.WriteUInt32(supports ? 1u : 0);
        }
        if (Context is { } context)
        {
            WriteCommand(writer, PContext, PContextSize, isLast: Header is null);
            TransferSyntax.Write(writer, context.Interface);
            TransferSyntax.Write(writer, context.TransferSyntax);
        }
        if (Header is { } header) WriteHeader(writer, header);
        return writer.WrittenMemory.ToArray();
    }

    /// <summary>The trailer of a stub; null when it has none.</summary>
    /// <exception cref="MapiProtocolException">The trailer is broken, or has a command that must be understood and is not.</exception>
    public static RpcVerificationTrailer? Find(ReadOnlySpan<byte> stub)
    {
        var start = stub.LastIndexOf(Signature);
        if (start < 0 || start % 4 != 0) return null;

        var reader = new NdrReader(stub[(start + Signature.Length)..]);
        var trailer = new RpcVerificationTrailer(null, null, null);
        for (var isLast = false; !isLast;)
        {
            var command = reader.ReadUInt16();
            var length = reader.ReadUInt16();
            isLast = (command & End) != 0;
            trailer = trailer.WithCommand(command, new NdrReader(reader.ReadBytes(length)));
        }
        return trailer;
    }

    private RpcVerificationTrailer WithCommand(ushort command, NdrReader data) => (command & CommandMask) switch
    {
        Bitmask1 => this with { SupportsHeaderSigning = (data.ReadUInt32() & 1) != 0 },
        PContext => this with { Context = new RpcVerifiedContext(TransferSyntax.Read(ref data), TransferSyntax.Read(ref data)) },
        Header2 => this with { Header = ReadHeader(data) },
        _ when (command & MustProcess) != 0 => throw new MapiProtocolException($"RPC verification command {command & CommandMask} is not known"),
        _ => this,
    };

    private static RpcVerifiedHeader ReadHeader(NdrReader data)
    {
        var type = (RpcPacketType)data.ReadByte();
        data.ReadBytes(3);
        data.ReadUInt32(); // data representation
        return new RpcVerifiedHeader(type, data.ReadUInt32(), data.ReadUInt16(), data.ReadUInt16());
    }

    private static void WriteHeader(NdrWriter writer, RpcVerifiedHeader header)
    {
        WriteCommand(writer, Header2, Header2Size, isLast: true);
        writer.WriteByte((byte)header.Type);
        writer.WriteBytes([0, 0, 0]);
        writer.WriteUInt32(RpcPduHeader.DataRepresentation);
        writer.WriteUInt32(header.CallId);
        writer.WriteUInt16(header.ContextId);
        writer.WriteUInt16(header.Opnum);
    }

    private static void WriteCommand(NdrWriter writer, ushort command, ushort length, bool isLast)
    {
        writer.WriteUInt16((ushort)(isLast ? command | End : command));
        writer.WriteUInt16(length);
    }
}

/// <summary>Source: [MS-RPCE] 2.2.2.13.4.</summary>
public sealed record RpcVerifiedContext(RpcInterfaceId Interface, RpcInterfaceId TransferSyntax);

/// <summary>Source: [MS-RPCE] 2.2.2.13.3.</summary>
public sealed record RpcVerifiedHeader(RpcPacketType Type, uint CallId, ushort ContextId, ushort Opnum);
