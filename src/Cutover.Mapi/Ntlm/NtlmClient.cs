using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Ntlm;

/// <summary>The client's side of an NTLMv2 sign-in. Source: [MS-NLMP] 3.1.5.</summary>
/// <param name="targetName">Whom we mean to talk to, such as HTTP/mail.contoso.com; the server may check it.</param>
/// <param name="binding">The TLS channel that the sign-in happens on, when there is one.</param>
public sealed class NtlmClient(NetworkCredential credential, string targetName, ChannelBinding? binding = null, TimeProvider? clock = null) : ISecurityClient
{
    internal const NtlmFlags Wanted = NtlmFlags.Unicode | NtlmFlags.RequestTarget | NtlmFlags.Sign | NtlmFlags.Seal | NtlmFlags.Ntlm
        | NtlmFlags.AlwaysSign | NtlmFlags.ExtendedSessionSecurity | NtlmFlags.TargetInfo | NtlmFlags.Key128 | NtlmFlags.KeyExchange | NtlmFlags.Key56;

    private const NtlmFlags Required = NtlmFlags.Unicode | NtlmFlags.Ntlm | NtlmFlags.ExtendedSessionSecurity;
    private readonly byte[] negotiate = new NtlmNegotiateMessage(Wanted).ToArray();

    /// <summary>Where client challenge and session key come from.</summary>
    public Func<int, byte[]> Random { get; init; } = RandomNumberGenerator.GetBytes;

    public byte[] Begin() => negotiate;

    public SecurityClientAnswer Answer(ReadOnlyMemory<byte> challengeMessage)
    {
        var challenge = NtlmChallengeMessage.Read(challengeMessage);
        var flags = challenge.Flags & Wanted;
        if ((flags & Required) != Required)
            throw new MapiProtocolException($"The server's NTLM ({challenge.Flags}) is too old: it needs extended session security, as Windows has since 2000");
        var responseKey = NtlmV2Response.ResponseKey(credential.UserName, credential.Domain, credential.Password);
        var clientChallenge = Random(8);
        var time = TimeOf(challenge.TargetInfo);
        var response = NtlmV2Response.Create(
            responseKey, challenge.ServerChallenge.Span, time ?? Now(), clientChallenge, Complete(challenge.TargetInfo, hasMic: time is not null));

        var baseKey = response.SessionBaseKey(responseKey);
        var exchanges = flags.HasFlag(NtlmFlags.KeyExchange);
        var sessionKey = exchanges ? Random(16) : baseKey;
        var message = new NtlmAuthenticateMessage(
            flags, credential.Domain, credential.UserName, "",
            time is null ? NtlmV2Response.LmResponse(responseKey, challenge.ServerChallenge.Span, clientChallenge) : new byte[24],
            response.ToArray(),
            exchanges ? NtlmKeys.Crypt(baseKey, sessionKey) : default,
            time is null ? NtlmAuthenticateMessage.NoMic : new byte[NtlmAuthenticateMessage.MicSize]).ToArray();
        if (time is not null) NtlmKeys.WriteMic(message, sessionKey, negotiate, challengeMessage.Span);
        return new SecurityClientAnswer(message, IsLast: true, sessionKey, flags);
    }

    /// <summary>The server's time: with it comes the duty to protect the messages by a MIC. Source: [MS-NLMP] 3.1.5.1.2.</summary>
    private static long? TimeOf(NtlmTargetInfo info) =>
        info.Find(NtlmAvId.Timestamp) is { Length: 8 } time ? BinaryPrimitives.ReadInt64LittleEndian(time.Span) : null;

    private long Now() => (clock ?? TimeProvider.System).GetUtcNow().ToFileTime();

    private NtlmTargetInfo Complete(NtlmTargetInfo info, bool hasMic)
    {
        if (hasMic) info = info.WithFlags(NtlmTargetInfo.HasMic);
        // 16 zeros say that there is no channel to bind to. Source: [MS-NLMP] 2.2.2.1.
        return info.With(NtlmAvId.ChannelBindings, binding?.Hash() ?? new byte[16]).With(NtlmAvId.TargetName, targetName);
    }
}

/// <summary>What both ends do with keys. Source: [MS-NLMP] 3.1.5.1.2, 3.2.5.1.2.</summary>
internal static class NtlmKeys
{
    /// <summary>RC4 by itself, which encrypts and decrypts alike.</summary>
    public static byte[] Crypt(byte[] key, ReadOnlySpan<byte> bytes)
    {
        var cipher = new Org.BouncyCastle.Crypto.Engines.RC4Engine();
        cipher.Init(forEncryption: true, new Org.BouncyCastle.Crypto.Parameters.KeyParameter(key));
        var crypted = bytes.ToArray();
        cipher.ProcessBytes(crypted, crypted);
        return crypted;
    }

    /// <summary>Fills in the MIC of an AUTHENTICATE message whose MIC is zero.</summary>
    public static void WriteMic(Span<byte> authenticate, byte[] sessionKey, ReadOnlySpan<byte> negotiate, ReadOnlySpan<byte> challenge)
    {
        var mic = HMACMD5.HashData(sessionKey, (byte[])[.. negotiate, .. challenge, .. authenticate]);
        mic.CopyTo(authenticate[NtlmAuthenticateMessage.MicOffset..]);
    }
}
