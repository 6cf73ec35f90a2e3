using System.Buffers.Binary;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tracing;

/// <summary>An RPC or RTS PDU in a line: kind, call, operation, authentication level, size. Stubs stay unread.</summary>
public static class PduTrace
{
    private const int OpnumOffset = 22;
    private const int FaultStatusOffset = 24;
    private const int TrailerSize = 8;
    private const int LevelOffset = 1;

    /// <param name="port">The port in the proxy's URL, which tells whose operations these are.</param>
    public static string Describe(ReadOnlySpan<byte> pdu, int port)
    {
        try
        {
            var header = RpcPduHeader.Read(pdu);
            return header.Type == RpcPacketType.Rts ? $"{RtsPdu.Read(pdu)} {pdu.Length} B" : DescribeRpc(header, pdu, port);
        }
        catch (MapiProtocolException e)
        {
            return $"{pdu.Length} B that are no PDU: {e.Message}";
        }
    }

    private static string DescribeRpc(RpcPduHeader header, ReadOnlySpan<byte> pdu, int port)
    {
        var detail = header.Type switch
        {
            RpcPacketType.Request when pdu.Length >= OpnumOffset + 2 => $" {OperationName(port, BinaryPrimitives.ReadUInt16LittleEndian(pdu[OpnumOffset..]))}",
            RpcPacketType.Fault when pdu.Length >= FaultStatusOffset + 4 => $" 0x{BinaryPrimitives.ReadUInt32LittleEndian(pdu[FaultStatusOffset..]):X8}",
            _ => "",
        };
        return $"RPC {header.Type} {header.CallId}{detail}{Fragment(header.Flags)}{Protection(header, pdu)} {pdu.Length} B";
    }

    private static string Fragment(RpcPacketFlags flags) => (flags & RpcPacketFlags.Whole) switch
    {
        RpcPacketFlags.Whole => "",
        RpcPacketFlags.FirstFragment => " first",
        RpcPacketFlags.LastFragment => " last",
        _ => " middle",
    };

    private static string Protection(RpcPduHeader header, ReadOnlySpan<byte> pdu)
    {
        var trailer = header.FragmentLength - header.AuthLength - TrailerSize;
        if (header.AuthLength == 0 || trailer < RpcPduHeader.Size || trailer + LevelOffset >= pdu.Length) return "";
        return pdu[trailer + LevelOffset] switch { 2 => " connect", 5 => " signed", 6 => " sealed", var level => $" level {level}" };
    }

    private static string OperationName(int port, ushort opnum) => (port, opnum) switch
    {
        (EmsmdbInterface.Port, EmsmdbInterface.EcDoConnectEx) => nameof(EmsmdbInterface.EcDoConnectEx),
        (EmsmdbInterface.Port, EmsmdbInterface.EcDoRpcExt2) => nameof(EmsmdbInterface.EcDoRpcExt2),
        (EmsmdbInterface.Port, EmsmdbInterface.EcDoDisconnect) => nameof(EmsmdbInterface.EcDoDisconnect),
        (EmsmdbInterface.Port, EmsmdbInterface.EcDummyRpc) => nameof(EmsmdbInterface.EcDummyRpc),
        (NspiInterface.Port, _) => $"Nspi{(NspiOperation)opnum}",
        (RfrInterface.Port, 0) => "RfrGetNewDSA",
        (RfrInterface.Port, 1) => "RfrGetFQDNFromServerDN",
        _ => $"operation {opnum}",
    };
}
