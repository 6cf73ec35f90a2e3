using CsCheck;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tests.Rpc;

public class NdrTests
{
    [Fact]
    public void Scalars_are_aligned_to_their_own_size()
    {
        var writer = new NdrWriter();
        writer.WriteByte(0x11);
        writer.WriteUInt16(0x2233);
        writer.WriteByte(0x44);
        writer.WriteUInt32(0x55667788);
        writer.WriteUInt64(0x1122334455667788);

        Assert.Equal("11003322" + "44000000" + "88776655" + "00000000" + "8877665544332211", Hex(writer));
    }

    // The szUserDN of an EcDoConnectEx request: max, offset, actual count with the NUL, characters, padding before the next long.
    [Fact]
    public void A_string_is_conformant_and_varying_and_ends_in_NUL()
    {
        var writer = new NdrWriter();
        writer.WriteAsciiString("/o=A");
        writer.WriteUInt32(1);

        Assert.Equal("05000000" + "00000000" + "05000000" + "2f6f3d4100" + "000000" + "01000000", Hex(writer));
    }

    [Fact]
    public void A_unicode_string_counts_characters_not_bytes()
    {
        var writer = new NdrWriter();
        writer.WriteUnicodeString("é!");

        Assert.Equal("03000000" + "00000000" + "03000000" + "e90021000000", Hex(writer));
    }

    [Fact]
    public void Unique_pointers_get_fresh_referents_and_null_is_zero()
    {
        var writer = new NdrWriter();
        writer.WritePointer(present: true);
        writer.WritePointer(present: false);
        writer.WritePointer(present: true);

        Assert.Equal("00000200" + "00000000" + "04000200", Hex(writer));
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.UInt, Gen.Byte.Array[0, 40], Gen.String[Gen.Char['a', 'z'], 0, 20], Gen.ULong, Gen.UInt.Array[0, 9]).Sample((number, bytes, text, big, numbers) =>
        {
            var handle = new RpcContextHandle(0, Guid.NewGuid());
            var writer = new NdrWriter();
            writer.WriteContextHandle(handle);
            writer.WriteConformantBytes(bytes);
            writer.WriteUInt32(number);
            writer.WriteAsciiString(text);
            writer.WriteConformantVaryingBytes(bytes, bytes.Length + 7);
            writer.WriteUnicodeString(text);
            writer.WriteUInt64(big);
            writer.WriteConformantUInt32s(numbers);

            var reader = new NdrReader(writer.WrittenMemory.Span);
            return reader.ReadContextHandle() == handle
                && reader.ReadConformantBytes().SequenceEqual(bytes)
                && reader.ReadUInt32() == number
                && reader.ReadAsciiString() == text
                && reader.ReadConformantVaryingBytes().SequenceEqual(bytes)
                && reader.ReadUnicodeString() == text
                && reader.ReadUInt64() == big
                && reader.ReadConformantUInt32s().SequenceEqual(numbers)
                && reader.Remaining == 0;
        });

    [Fact]
    public void Broken_stubs_throw_a_protocol_exception_and_nothing_else() => Gen.Byte.Array[0, 64].Sample(stub =>
    {
        try
        {
            var reader = new NdrReader(stub);
            reader.ReadByte();
            reader.ReadAsciiString();
            reader.ReadConformantVaryingBytes();
            reader.ReadConformantUInt32s();
            reader.ReadUnicodeString();
            reader.ReadContextHandle();
            return true;
        }
        catch (MapiProtocolException)
        {
            return true;
        }
    });

    [Fact]
    public void An_array_larger_than_the_stub_is_refused_before_anything_is_allocated()
    {
        var error = Assert.Throws<MapiProtocolException>(() => new NdrReader([0xFF, 0xFF, 0xFF, 0x7F]).ReadConformantUInt32s());

        Assert.Contains("2147483647 elements", error.Message);
    }

    private static string Hex(NdrWriter writer) => Convert.ToHexStringLower(writer.WrittenMemory.Span);
}
