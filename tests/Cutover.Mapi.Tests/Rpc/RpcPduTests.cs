using CsCheck;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tests.Rpc;

public class RpcPduTests
{
    private static readonly RpcInterfaceId Emsmdb = new(new Guid("A4F1DB00-CA47-1067-B31F-00DD010662DA"), 0, 81);

    // What impacket 0.10 sends to bind EMSMDB 0.81, with our larger max_recv_frag set to its 0x10B8.
    [Fact]
    public void Bind_is_written_as_impacket_writes_it()
    {
        var bind = new BindPdu(1, [new PresentationContext(0, Emsmdb, [TransferSyntax.Ndr])]) { MaxTransmitFragment = 0x10B8, MaxReceiveFragment = 0x10B8 };

        Assert.Equal(
            "05000b03100000004800000001000000b810b81000000000010000000000010000dbf1a447ca6710b31f00dd010662da00005100045d888aeb1cc9119fe808002b10486002000000",
            Convert.ToHexStringLower(bind.ToArray()));
    }

    [Fact]
    public void A_request_is_written_as_impacket_writes_it() => Assert.Equal(
        "05000003100000001c000000070000000400000000000b0061626364",
        Convert.ToHexStringLower(new RequestPdu(7, 4, 0, 11, "abcd"u8.ToArray()).ToArray()));

    [Fact]
    public void Bind_with_feature_negotiation_is_read_back()
    {
        var feature = new RpcInterfaceId(new Guid("6CB71C2C-9812-4540-0300-000000000000"), 1, 0);
        var bind = new BindPdu(2, [new PresentationContext(0, Emsmdb, [TransferSyntax.Ndr]), new PresentationContext(1, Emsmdb, [feature])])
        {
            Flags = RpcPacketFlags.Whole | RpcPacketFlags.SupportHeaderSign,
            AssociationGroup = 7,
        };

        var read = Assert.IsType<BindPdu>(RpcPdu.Read(bind.ToArray()));

        Assert.Equal(bind.Flags, read.Flags);
        Assert.Equal(RpcPduHeader.MaxFragment, read.MaxReceiveFragment);
        Assert.Equal(7u, read.AssociationGroup);
        Assert.Equal(Emsmdb, read.Contexts[0].Interface);
        Assert.Equal([TransferSyntax.Ndr], read.Contexts[0].TransferSyntaxes);
        Assert.True(TransferSyntax.IsFeatureNegotiation(read.Contexts[1].TransferSyntaxes[0]));
        Assert.False(TransferSyntax.IsFeatureNegotiation(TransferSyntax.Ndr));
    }

    // Windows' bind_ack to a client on port 6001: address "6001", padding to 4, one accepted context. Layout of C706 12.6.4.4.
    [Fact]
    public void Bind_ack_with_its_address_and_padding_is_read_and_written_back()
    {
        var recorded = Convert.FromHexString(
            "05000c03100000003c00000001000000" + "f80ff80f" + "53010000" + "0500" + "3630303100" + "00" + "01000000" + "00000000"
            + "045d888aeb1cc9119fe808002b10486002000000");

        var ack = Assert.IsType<BindAckPdu>(RpcPdu.Read(recorded));

        Assert.Equal((0x0FF8, 0x0FF8, 0x153u, "6001"), (ack.MaxTransmitFragment, ack.MaxReceiveFragment, ack.AssociationGroup, ack.SecondaryAddress));
        Assert.Equal([new PresentationResult(PresentationResultCode.Accepted, 0, TransferSyntax.Ndr)], ack.Results);
        Assert.Equal(recorded, ack.ToArray());
    }

    [Fact]
    public void A_fault_carries_its_status_at_offset_24()
    {
        var bytes = new FaultPdu(9, 0, RpcStatus.ContextMismatch).ToArray();

        Assert.Equal(32, bytes.Length);
        Assert.Equal([0x1A, 0x00, 0x00, 0x1C], bytes[24..28]);
        Assert.Equal(new FaultPdu(9, 0, RpcStatus.ContextMismatch), RpcPdu.Read(bytes));
    }

    [Fact]
    public void Bind_nak_is_read_back() => Assert.Equal(new BindNakPdu(1, 8), RpcPdu.Read(new BindNakPdu(1, 8).ToArray()));

    [Fact]
    public void An_authentication_token_is_kept_apart_from_the_stub()
    {
        var auth = new RpcAuthVerifier(0x0A, 6, 2, 0, new byte[] { 1, 2, 3, 4 });
        var read = Assert.IsType<ResponsePdu>(RpcPdu.Read(new ResponsePdu(1, 6, 0, "stub!!"u8.ToArray()) { Auth = auth }.ToArray()));

        Assert.Equal("stub!!"u8.ToArray(), read.Stub.ToArray());
        Assert.Equal((0x0A, 6, 2), (read.Auth!.Type, read.Auth.Level, read.Auth.PadLength));
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, read.Auth.Token.ToArray());
    }

    [Fact]
    public void Auth3_is_four_idle_bytes_and_a_token()
    {
        var auth3 = new Auth3Pdu(1) { Auth = new RpcAuthVerifier(0x0A, 6, 0, 0, new byte[] { 9 }) };

        Assert.Equal("05001003100000001d00010001000000" + "00000000" + "0a06000000000000" + "09", Convert.ToHexStringLower(auth3.ToArray()));
        Assert.IsType<Auth3Pdu>(RpcPdu.Read(auth3.ToArray()));
    }

    [Fact]
    public void A_stub_cut_into_fragments_comes_together_again() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[64, RpcPduHeader.MaxFragment]).Sample((length, maxFragment) =>
        {
            var stub = new byte[length];
            Random.Shared.NextBytes(stub);
            var assembler = new RpcStubAssembler(1 << 20);
            ReadOnlyMemory<byte>? whole = null;
            foreach (var fragment in RequestPdu.Fragments(5, 0, 11, stub, maxFragment))
            {
                var bytes = fragment.ToArray();
                var read = (RequestPdu)RpcPdu.Read(bytes);
                if (whole is not null || bytes.Length > maxFragment) return false;
                whole = assembler.Add(read.Flags, read.AllocHint, read.Stub);
            }

            return whole is { } memory && memory.Span.SequenceEqual(stub);
        });

    [Fact]
    public void A_lying_allocation_hint_costs_no_memory()
    {
        var assembler = new RpcStubAssembler(100);

        Assert.Null(assembler.Add(RpcPacketFlags.FirstFragment, uint.MaxValue, new byte[60]));
        Assert.Throws<MapiProtocolException>(() => assembler.Add(RpcPacketFlags.LastFragment, 0, new byte[60]));
    }

    [Fact]
    public void A_fragment_without_a_first_one_is_out_of_step() =>
        Assert.Throws<MapiProtocolException>(() => new RpcStubAssembler(100).Add(RpcPacketFlags.LastFragment, 0, default));

    [Fact]
    public void Broken_PDUs_throw_a_protocol_exception_and_nothing_else() =>
        Gen.Select(Gen.Byte[0, 21], Gen.Byte.Array[0, 80], Gen.UShort[0, 40]).Sample((type, body, authLength) =>
        {
            byte[] pdu = [5, 0, type, 3, 0x10, 0, 0, 0, 0, 0, (byte)authLength, (byte)(authLength >> 8), 1, 0, 0, 0, .. body];
            (pdu[8], pdu[9]) = ((byte)pdu.Length, (byte)(pdu.Length >> 8));
            try
            {
                RpcPdu.Read(pdu);
                return true;
            }
            catch (MapiProtocolException)
            {
                return true;
            }
        });
}
