using System.Buffers.Binary;

namespace Cutover.Mapi.Rops;

/// <summary>
/// The payload that EcDoRpcExt2 carries: a 16-bit size that counts itself, ROPs one after the other, then the server object handle table
/// whose indexes the
/// ROPs use. Source: [MS-OXCROPS] 2.2.1.
/// </summary>
public sealed record RopBuffer(ReadOnlyMemory<byte> Rops, IReadOnlyList<uint> Handles)
{
    /// <summary>A place in the handle table that a ROP of the same buffer fills.</summary>
    public const uint NoHandle = 0xFFFFFFFF;

    public byte[] Serialize()
    {
        var buffer = new byte[2 + Rops.Length + 4 * Handles.Count];
        BinaryPrimitives.WriteUInt16LittleEndian(buffer, checked((ushort)(2 + Rops.Length)));
        Rops.Span.CopyTo(buffer.AsSpan(2));
        for (var i = 0; i < Handles.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(2 + Rops.Length + 4 * i), Handles[i]);
        return buffer;
    }

    /// <exception cref="MapiProtocolException">The size is wrong or the handle table is cut.</exception>
    public static RopBuffer Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < 2) throw new MapiProtocolException($"ROP buffer of {payload.Length} bytes");
        int size = BinaryPrimitives.ReadUInt16LittleEndian(payload.Span);
        if (size < 2 || size > payload.Length || (payload.Length - size) % 4 != 0)
            throw new MapiProtocolException($"ROP buffer: RopSize {size} in {payload.Length} bytes");
        var handles = new uint[(payload.Length - size) / 4];
        for (var i = 0; i < handles.Length; i++) handles[i] = BinaryPrimitives.ReadUInt32LittleEndian(payload.Span[(size + 4 * i)..]);
        return new RopBuffer(payload[2..size], handles);
    }

    /// <summary>The buffer of these requests.</summary>
    public static RopBuffer Of(IEnumerable<RopRequest> requests, IReadOnlyList<uint> handles)
    {
        var writer = new RopWriter();
        foreach (var request in requests) request.Write(writer);
        return new RopBuffer(writer.Written, handles);
    }

    /// <summary>The buffer of these responses.</summary>
    public static RopBuffer Of(IEnumerable<RopResponse> responses, IReadOnlyList<uint> handles)
    {
        var writer = new RopWriter();
        foreach (var response in responses) response.Write(writer);
        return new RopBuffer(writer.Written, handles);
    }

    /// <summary>The requests in it, as a server reads them.</summary>
    public IReadOnlyList<RopRequest> ReadRequests()
    {
        var reader = new RopReader(Rops);
        var requests = new List<RopRequest>();
        while (!reader.AtEnd) requests.Add(RopRequest.Read(reader));
        return requests;
    }
}
