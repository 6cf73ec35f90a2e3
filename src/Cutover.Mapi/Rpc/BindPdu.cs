using System.Text;

namespace Cutover.Mapi.Rpc;

/// <summary>An interface offered with the encodings that the client can speak. Source: C706 12.6.3.1 p_cont_elem_t.</summary>
public sealed record PresentationContext(ushort Id, RpcInterfaceId Interface, IReadOnlyList<RpcInterfaceId> TransferSyntaxes);

/// <summary>The transfer syntaxes that we know.</summary>
public static class TransferSyntax
{
    /// <summary>NDR, 32 bits. Source: C706 14, [MS-RPCE] 2.2.4.12.</summary>
    public static readonly RpcInterfaceId Ndr = new(new Guid("8A885D04-1CEB-11C9-9FE8-08002B104860"), 2, 0);

    /// <summary>True for a bind-time feature offer, which looks like a transfer syntax. Source: [MS-RPCE] 3.3.1.5.3.</summary>
    public static bool IsFeatureNegotiation(RpcInterfaceId syntax) =>
        syntax.Uuid.ToString("D").StartsWith("6cb71c2c-9812-4540", StringComparison.Ordinal);

    internal static RpcInterfaceId Read(ref NdrReader reader) => new(reader.ReadGuid(), reader.ReadUInt16(), reader.ReadUInt16());

    internal static void Write(NdrWriter writer, RpcInterfaceId syntax)
    {
        writer.WriteGuid(syntax.Uuid);
        writer.WriteUInt16(syntax.MajorVersion);
        writer.WriteUInt16(syntax.MinorVersion);
    }
}

/// <summary>bind, and alter_context, which has the same shape. Source: C706 12.6.4.3.</summary>
public sealed record BindPdu(uint CallId, IReadOnlyList<PresentationContext> Contexts) : RpcPdu(CallId)
{
    public ushort MaxTransmitFragment { get; init; } = RpcPduHeader.MaxFragment;

    public ushort MaxReceiveFragment { get; init; } = RpcPduHeader.MaxFragment;

    public uint AssociationGroup { get; init; }

    /// <summary>True for alter_context: more contexts on a connection that is already bound.</summary>
    public bool Alters { get; init; }

    protected override RpcPacketType Type => Alters ? RpcPacketType.AlterContext : RpcPacketType.Bind;

    internal static BindPdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        var maxTransmit = reader.ReadUInt16();
        var maxReceive = reader.ReadUInt16();
        var associationGroup = reader.ReadUInt32();
        var contexts = new PresentationContext[reader.ReadByte()];
        reader.ReadByte();
        reader.ReadUInt16();
        for (var i = 0; i < contexts.Length; i++) contexts[i] = ReadContext(ref reader);
        return new BindPdu(header.CallId, contexts)
        {
            MaxTransmitFragment = maxTransmit,
            MaxReceiveFragment = maxReceive,
            AssociationGroup = associationGroup,
            Alters = header.Type == RpcPacketType.AlterContext,
        };
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt16(MaxTransmitFragment);
        writer.WriteUInt16(MaxReceiveFragment);
        writer.WriteUInt32(AssociationGroup);
        writer.WriteByte((byte)Contexts.Count);
        writer.WriteByte(0);
        writer.WriteUInt16(0);
        foreach (var context in Contexts) WriteContext(writer, context);
    }

    private static PresentationContext ReadContext(ref NdrReader reader)
    {
        reader.Align(4);
        var id = reader.ReadUInt16();
        var syntaxes = new RpcInterfaceId[reader.ReadByte()];
        reader.ReadByte();
        var offered = TransferSyntax.Read(ref reader);
        for (var i = 0; i < syntaxes.Length; i++) syntaxes[i] = TransferSyntax.Read(ref reader);
        return new PresentationContext(id, offered, syntaxes);
    }

    private static void WriteContext(NdrWriter writer, PresentationContext context)
    {
        writer.WriteUInt16(context.Id);
        writer.WriteByte((byte)context.TransferSyntaxes.Count);
        writer.WriteByte(0);
        TransferSyntax.Write(writer, context.Interface);
        foreach (var syntax in context.TransferSyntaxes) TransferSyntax.Write(writer, syntax);
    }
}

/// <summary>The answer to one offered context. Source: C706 12.6.3.1 p_result_t; 3 from [MS-RPCE] 2.2.2.4.</summary>
public enum PresentationResultCode : ushort
{
    Accepted = 0,
    UserRejection = 1,
    ProviderRejection = 2,
    NegotiateAck = 3,
}

/// <param name="Reason">Why it was rejected: 1 abstract syntax not supported, 2 transfer syntaxes not supported; or the features agreed on.</param>
public sealed record PresentationResult(PresentationResultCode Code, ushort Reason, RpcInterfaceId TransferSyntax);

/// <summary>bind_ack, and alter_context_resp. Source: C706 12.6.4.4.</summary>
public sealed record BindAckPdu(uint CallId, IReadOnlyList<PresentationResult> Results) : RpcPdu(CallId)
{
    public ushort MaxTransmitFragment { get; init; } = RpcPduHeader.MaxFragment;

    public ushort MaxReceiveFragment { get; init; } = RpcPduHeader.MaxFragment;

    public uint AssociationGroup { get; init; }

    /// <summary>The server's endpoint, such as 6001.</summary>
    public string SecondaryAddress { get; init; } = "";

    public bool Alters { get; init; }

    protected override RpcPacketType Type => Alters ? RpcPacketType.AlterContextResponse : RpcPacketType.BindAck;

    internal static BindAckPdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        var maxTransmit = reader.ReadUInt16();
        var maxReceive = reader.ReadUInt16();
        var associationGroup = reader.ReadUInt32();
        var address = Encoding.ASCII.GetString(reader.ReadBytes(reader.ReadUInt16())).TrimEnd('\0');
        reader.Align(4);
        var results = new PresentationResult[reader.ReadByte()];
        reader.ReadByte();
        reader.ReadUInt16();
        for (var i = 0; i < results.Length; i++)
            results[i] = new PresentationResult((PresentationResultCode)reader.ReadUInt16(), reader.ReadUInt16(), TransferSyntax.Read(ref reader));
        return new BindAckPdu(header.CallId, results)
        {
            MaxTransmitFragment = maxTransmit,
            MaxReceiveFragment = maxReceive,
            AssociationGroup = associationGroup,
            SecondaryAddress = address,
            Alters = header.Type == RpcPacketType.AlterContextResponse,
        };
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt16(MaxTransmitFragment);
        writer.WriteUInt16(MaxReceiveFragment);
        writer.WriteUInt32(AssociationGroup);
        writer.WriteUInt16((ushort)(SecondaryAddress.Length + 1));
        writer.WriteBytes(Encoding.ASCII.GetBytes(SecondaryAddress + "\0"));
        writer.Align(4);
        writer.WriteByte((byte)Results.Count);
        writer.WriteByte(0);
        writer.WriteUInt16(0);
        foreach (var result in Results)
        {
            writer.WriteUInt16((ushort)result.Code);
            writer.WriteUInt16(result.Reason);
            TransferSyntax.Write(writer, result.TransferSyntax);
        }
    }
}

/// <summary>bind_nak: the server takes no binding at all. Source: C706 12.6.4.5.</summary>
/// <param name="Reason">
/// 0 not specified, 1 congestion, 2 limit exceeded, 4 protocol version; 8 authentication type, 9 invalid checksum ([MS-RPCE] 2.2.2.5).
/// </param>
public sealed record BindNakPdu(uint CallId, ushort Reason) : RpcPdu(CallId)
{
    protected override RpcPacketType Type => RpcPacketType.BindNak;

    internal static BindNakPdu ReadBody(RpcPduHeader header, ReadOnlyMemory<byte> pdu)
    {
        var reader = BodyReader(pdu);
        return new BindNakPdu(header.CallId, reader.ReadUInt16());
    }

    protected override void WriteBody(NdrWriter writer)
    {
        writer.WriteUInt16(Reason);
        writer.WriteByte(1); // one protocol version: 5.0
        writer.WriteByte(5);
        writer.WriteByte(0);
    }
}

/// <summary>rpc_auth_3: the client's last token, to which no answer comes. Source: [MS-RPCE] 2.2.2.5.</summary>
public sealed record Auth3Pdu(uint CallId) : RpcPdu(CallId)
{
    protected override RpcPacketType Type => RpcPacketType.Auth3;

    // Four bytes that mean nothing, before the trailer.
    protected override void WriteBody(NdrWriter writer) => writer.WriteUInt32(0);
}
