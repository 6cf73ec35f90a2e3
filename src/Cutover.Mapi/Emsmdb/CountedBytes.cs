using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>The byte arrays of EMSMDB stubs: each is followed by its size as an argument of its own.</summary>
internal static class CountedBytes
{
    /// <summary>[size_is(cb)] bytes, then cb.</summary>
    public static byte[] Read(ref NdrReader reader) => Checked(reader.ReadConformantBytes().ToArray(), ref reader);

    /// <summary>[length_is(*pcb), size_is(*pcb)] bytes, then *pcb.</summary>
    public static byte[] ReadVarying(ref NdrReader reader) => Checked(reader.ReadConformantVaryingBytes().ToArray(), ref reader);

    private static byte[] Checked(byte[] bytes, ref NdrReader reader)
    {
        var size = reader.ReadUInt32();
        if (size != bytes.Length) throw new MapiProtocolException($"EMSMDB stub: {bytes.Length} bytes, {size} announced");
        return bytes;
    }
}
