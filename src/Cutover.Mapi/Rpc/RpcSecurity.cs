using Cutover.Mapi.Ntlm;

namespace Cutover.Mapi.Rpc;

/// <summary>How far RPC protects a call. Source: [MS-RPCE] 2.2.1.1.8.</summary>
public enum RpcAuthenticationLevel : byte
{
    /// <summary>The RPC level knows nobody: the HTTP legs say who we are.</summary>
    None = 1,

    /// <summary>Who we are is proved when the connection is bound.</summary>
    Connect = 2,

    /// <summary>Every fragment is signed.</summary>
    Integrity = 5,

    /// <summary>Every fragment is signed and encrypted.</summary>
    Privacy = 6,
}

/// <summary>The security provider. Source: [MS-RPCE] 2.2.1.1.7.</summary>
public enum RpcAuthenticationType : byte
{
    None = 0,
    Negotiate = 9,
    Ntlm = 10,
}

/// <summary>The security context of an association: signs and seals fragments on their way out, checks and opens them on their way in.</summary>
/// <remarks>
/// NTLM with extended session security signs the whole PDU up to the end of the security trailer, whether header signing was agreed on or not:
/// [MS-NLMP] 3.4.6.1 takes in all buffers. Only stub and padding are encrypted.
/// </remarks>
/// <param name="contextId">What the client calls this context.</param>
public sealed class RpcSecurity(RpcAuthenticationType type, RpcAuthenticationLevel level, uint contextId, NtlmSession session) : IDisposable
{
    /// <summary>Windows pads what it encrypts to so many bytes. Source: [MS-RPCE] 2.2.2.11, behaviour note.</summary>
    private const int Alignment = 16;

    private const int StubOffset = 24;
    private const int Overhead = RpcAuthVerifier.TrailerSize + NtlmSession.SignatureSize;
    private byte[] received = new byte[RpcPduHeader.MaxFragment];

    public RpcAuthenticationLevel Level => level;

    /// <summary>Whether every fragment is signed; at level connect none is.</summary>
    public bool ProtectsFragments => level >= RpcAuthenticationLevel.Integrity;

    /// <summary>How long a fragment may be so that padding and signature still fit.</summary>
    public int FragmentLimit(int maxFragment) =>
        ProtectsFragments ? StubOffset + (maxFragment - StubOffset - Overhead) / Alignment * Alignment : maxFragment;

    /// <summary>The PDU's bytes, signed and sealed: to be sent in the order in which this is called.</summary>
    internal byte[] Protect(RpcPdu pdu)
    {
        if (!ProtectsFragments) return pdu.Encode();
        var padding = (byte)(-pdu.StubLength & (Alignment - 1));
        var verifier = new RpcAuthVerifier((byte)type, (byte)level, padding, contextId, new byte[NtlmSession.SignatureSize]);
        var bytes = (pdu with { Auth = verifier }).Encode();
        var message = bytes.AsSpan(..^NtlmSession.SignatureSize);
        session.Protect(message, Secret(StubOffset, message.Length), bytes.AsSpan(message.Length));
        return bytes;
    }

    /// <summary>Checks, opens and reads a PDU; its stub is valid until the next call.</summary>
    /// <exception cref="MapiProtocolException">It is not signed, or its signature is wrong.</exception>
    public RpcPdu Read(ReadOnlyMemory<byte> pdu)
    {
        var header = RpcPduHeader.Read(pdu.Span);
        var isCall = header.Type is RpcPacketType.Request or RpcPacketType.Response;
        // A fault may come unsigned: the runtime sends it before it knows the security context. Source: [MS-RPCE] 3.3.2.5.3.
        if (!ProtectsFragments || !(isCall || (header.Type == RpcPacketType.Fault && header.AuthLength > 0))) return RpcPdu.Read(pdu);

        var verifier = RpcAuthVerifier.Read(pdu, header.AuthLength);
        if (verifier?.Token.Length != NtlmSession.SignatureSize || verifier.Level != (byte)level || verifier.ContextId != contextId)
            throw new MapiProtocolException($"An RPC {header.Type} came without the signature that was agreed on: somebody on the way may have changed it");
        Open(pdu, StubOffsetOf(header));
        return RpcPdu.Read(received.AsMemory(0, pdu.Length));
    }

    public void Dispose() => session.Dispose();

    private void Open(ReadOnlyMemory<byte> pdu, int stubOffset)
    {
        if (received.Length < pdu.Length) received = new byte[pdu.Length];
        pdu.CopyTo(received);
        var bytes = received.AsSpan(0, pdu.Length);
        var message = bytes[..^NtlmSession.SignatureSize];
        if (stubOffset > message.Length - RpcAuthVerifier.TrailerSize) throw new MapiProtocolException("An RPC fragment is too short for its signature");
        if (!session.Unprotect(message, Secret(stubOffset, message.Length), bytes[^NtlmSession.SignatureSize..]))
            throw new MapiProtocolException("The signature of an RPC fragment is wrong: it was changed on its way, or a fragment was lost or repeated");
    }

    private static int StubOffsetOf(RpcPduHeader header) =>
        header.Type == RpcPacketType.Fault ? StubOffset + 8 : header.Flags.HasFlag(RpcPacketFlags.ObjectUuid) ? StubOffset + 16 : StubOffset;

    private Range Secret(int stubOffset, int messageLength) =>
        level == RpcAuthenticationLevel.Privacy ? stubOffset..(messageLength - RpcAuthVerifier.TrailerSize) : default;
}
