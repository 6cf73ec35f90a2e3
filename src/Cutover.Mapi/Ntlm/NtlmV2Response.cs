using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace Cutover.Mapi.Ntlm;

/// <summary>
/// The proof of an NTLMv2 sign-in. NTLMv1 is not offered: its DES keys are found in hours, and every Windows since NT 4 SP4 takes NTLMv2.
/// Source: [MS-NLMP] 2.2.2.7, 2.2.2.8, 3.3.2.
/// </summary>
/// <param name="Proof">NTProofStr: 16 bytes.</param>
/// <param name="ClientPart">What the proof is about besides the server's challenge: NTLMv2_CLIENT_CHALLENGE.</param>
internal sealed record NtlmV2Response(ReadOnlyMemory<byte> Proof, ReadOnlyMemory<byte> ClientPart)
{
    private const int ProofSize = 16;
    private const int TargetInfoOffset = 28;

    public NtlmTargetInfo TargetInfo => NtlmTargetInfo.Read(ClientPart[TargetInfoOffset..]);

    /// <summary>Null when the response is of another kind: NTLMv1's has 24 bytes.</summary>
    public static NtlmV2Response? TryRead(ReadOnlyMemory<byte> response) =>
        response.Length > ProofSize + TargetInfoOffset ? new(response[..ProofSize], response[ProofSize..]) : null;

    /// <param name="time">A FILETIME.</param>
    public static NtlmV2Response Create(
        byte[] responseKey, ReadOnlySpan<byte> serverChallenge, long time, ReadOnlySpan<byte> clientChallenge, NtlmTargetInfo targetInfo)
    {
        // RespType 1, HiRespType 1; the rest of the first 8 bytes, and the 4 after the challenge, are reserved.
        var pairs = targetInfo.ToArray();
        var clientPart = new byte[TargetInfoOffset + pairs.Length + 4];
        clientPart[0] = clientPart[1] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(clientPart.AsSpan(8), time);
        clientChallenge.CopyTo(clientPart.AsSpan(16));
        pairs.CopyTo(clientPart.AsSpan(TargetInfoOffset));
        return new NtlmV2Response(ProofOf(responseKey, serverChallenge, clientPart), clientPart);
    }

    /// <summary>NTOWFv2. Source: [MS-NLMP] 3.3.2.</summary>
    public static byte[] ResponseKey(string userName, string domain, string password)
    {
        var md4 = new MD4Digest();
        var hash = new byte[md4.GetDigestSize()];
        md4.BlockUpdate(Encoding.Unicode.GetBytes(password));
        md4.DoFinal(hash);
        return HMACMD5.HashData(hash, Encoding.Unicode.GetBytes(userName.ToUpperInvariant() + domain));
    }

    /// <summary>LMv2, for servers that tell no time.</summary>
    public static byte[] LmResponse(byte[] responseKey, ReadOnlySpan<byte> serverChallenge, ReadOnlySpan<byte> clientChallenge) =>
        [.. ProofOf(responseKey, serverChallenge, clientChallenge), .. clientChallenge];

    public bool IsFor(byte[] responseKey, ReadOnlySpan<byte> serverChallenge) =>
        CryptographicOperations.FixedTimeEquals(Proof.Span, ProofOf(responseKey, serverChallenge, ClientPart.Span));

    public byte[] SessionBaseKey(byte[] responseKey) => HMACMD5.HashData(responseKey, Proof.Span);

    public byte[] ToArray() => [.. Proof.Span, .. ClientPart.Span];

    private static byte[] ProofOf(byte[] responseKey, ReadOnlySpan<byte> serverChallenge, ReadOnlySpan<byte> rest) =>
        HMACMD5.HashData(responseKey, (byte[])[.. serverChallenge, .. rest]);
}
