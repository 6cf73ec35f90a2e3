namespace Cutover.Mapi.Rpc;

/// <summary>How a stub is cut into fragments. Source: C706 12.6.2.</summary>
internal static class RpcFragments
{
    /// <summary>Flags, offset and length of each fragment; all but the last hold a multiple of 8 bytes.</summary>
    public static IEnumerable<(RpcPacketFlags Flags, int Offset, int Length)> Of(int length, int maxStub)
    {
        maxStub &= ~7;
        for (var offset = 0; ; offset += maxStub)
        {
            var isLast = length - offset <= maxStub;
            var flags = (offset == 0 ? RpcPacketFlags.FirstFragment : 0) | (isLast ? RpcPacketFlags.LastFragment : 0);
            yield return (flags, offset, isLast ? length - offset : maxStub);
            if (isLast) yield break;
        }
    }
}

/// <summary>Puts the fragments of one call together again.</summary>
/// <param name="limit">A stub longer than this is refused.</param>
public sealed class RpcStubAssembler(int limit)
{
    private const int LargestTrustedHint = 1 << 20;
    private byte[] stub = [];
    private int length;
    private bool isOpen;

    /// <summary>The whole stub when this was its last fragment, else null. The memory is the caller's to keep.</summary>
    public ReadOnlyMemory<byte>? Add(RpcPacketFlags flags, uint allocHint, ReadOnlyMemory<byte> fragment)
    {
        if (flags.HasFlag(RpcPacketFlags.FirstFragment)) Begin(allocHint);
        else if (!isOpen) throw new MapiProtocolException("RPC fragment without a first fragment before it");

        if (length + (long)fragment.Length > limit) throw new MapiProtocolException($"RPC stub is longer than {limit} bytes");
        Append(fragment);
        if (!flags.HasFlag(RpcPacketFlags.LastFragment)) return null;

        isOpen = false;
        return stub.AsMemory(0, length);
    }

    private void Begin(uint allocHint)
    {
        stub = new byte[Math.Min(allocHint, LargestTrustedHint)];
        length = 0;
        isOpen = true;
    }

    private void Append(ReadOnlyMemory<byte> fragment)
    {
        if (length + fragment.Length > stub.Length) Array.Resize(ref stub, Math.Max(length + fragment.Length, 2 * stub.Length));
        fragment.CopyTo(stub.AsMemory(length));
        length += fragment.Length;
    }
}
