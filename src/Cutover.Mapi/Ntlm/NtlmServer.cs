using System.Buffers.Binary;
using System.Security.Cryptography;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.Ntlm;

/// <summary>Who may sign in, and how strictly. The password is null for an unknown account.</summary>
/// <param name="PasswordOf">From domain (may be empty) and user name to the password.</param>
/// <param name="Binding">The server's own channel binding; null without TLS.</param>
/// <param name="RequiresBinding">Refuses clients without channel binding: Extended Protection.</param>
public sealed record NtlmServerOptions(
    string NetBiosDomain, string DnsDomain, string ComputerName, Func<string, string, string?> PasswordOf, ChannelBinding? Binding = null,
    bool RequiresBinding = false)
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Takes away from what the server can do, to be like an old one.</summary>
    public NtlmFlags Without { get; init; }

    /// <summary>Tells the time, as servers since Vista do; clients then add a MIC.</summary>
    public bool TellsTime { get; init; } = true;
}

/// <summary>Who signed in.</summary>
/// <param name="SessionKey">The key that both ends share from now on.</param>
public sealed record NtlmIdentity(string Domain, string UserName, byte[] SessionKey, NtlmFlags Flags)
{
    public NtlmSession OpenSession() => NtlmSession.ForServer(SessionKey, Flags);
}

/// <summary>A client did not prove who it is.</summary>
public sealed class NtlmRefusedException(string reason) : MapiProtocolException($"The NTLM sign-in was refused: {reason}");

/// <summary>The server's side of an NTLMv2 sign-in. Cutover itself signs in nobody: this is for the lab and for tests. Source: [MS-NLMP] 3.2.5.</summary>
public sealed class NtlmServer(NtlmServerOptions options) : ISecurityServer
{
    /// <summary>6.1.7601, NTLM revision 15: some clients go by its presence. Source: [MS-NLMP] 2.2.2.10.</summary>
    private const ulong Windows = 0x0F000000_1DB10106;

    private byte[] negotiate = [];
    private byte[] challenge = [];
    private byte[] serverChallenge = [];

    public byte[] Challenge(ReadOnlyMemory<byte> negotiateMessage)
    {
        negotiate = negotiateMessage.ToArray();
        serverChallenge = RandomNumberGenerator.GetBytes(8);
        var flags = NtlmNegotiateMessage.Read(negotiateMessage).Flags & (NtlmClient.Wanted | NtlmFlags.Version) & ~options.Without;
        challenge = new NtlmChallengeMessage(
            flags | NtlmFlags.TargetTypeDomain | NtlmFlags.TargetInfo, serverChallenge, options.NetBiosDomain, TargetInfo(), Windows).ToArray();
        return challenge;
    }

    public SecurityServerAnswer Accept(ReadOnlyMemory<byte> authenticateMessage) => new(Verify(authenticateMessage), null);

    private NtlmIdentity Verify(ReadOnlyMemory<byte> authenticateMessage)
    {
        if (challenge.Length == 0) throw new NtlmRefusedException("no challenge was asked for");
        var message = NtlmAuthenticateMessage.Read(authenticateMessage);
        var response = NtlmV2Response.TryRead(message.NtResponse) ?? throw new NtlmRefusedException("NTLMv2 is needed");
        var password = options.PasswordOf(message.DomainName, message.UserName) ?? throw new NtlmRefusedException("unknown account");
        var responseKey = NtlmV2Response.ResponseKey(message.UserName, message.DomainName, password);
        if (!response.IsFor(responseKey, serverChallenge)) throw new NtlmRefusedException("wrong password");

        CheckBinding(response.TargetInfo);
        var sessionKey = response.SessionBaseKey(responseKey);
        if (message.Flags.HasFlag(NtlmFlags.KeyExchange)) sessionKey = NtlmKeys.Crypt(sessionKey, message.EncryptedSessionKey.Span);
        CheckMic(message, authenticateMessage, sessionKey);
        return new NtlmIdentity(message.DomainName, message.UserName, sessionKey, message.Flags);
    }

    private void CheckBinding(NtlmTargetInfo info)
    {
        if (options.Binding is not { } binding) return;
        var sent = info.Find(NtlmAvId.ChannelBindings);
        var isAbsent = sent is null || sent.Value.Span.IndexOfAnyExcept((byte)0) < 0;
        if (isAbsent && options.RequiresBinding) throw new NtlmRefusedException("Extended Protection needs a channel binding");
        if (!isAbsent && !sent.GetValueOrDefault().Span.SequenceEqual(binding.Hash()))
            throw new NtlmRefusedException("the sign-in is bound to another TLS channel");
    }

    private void CheckMic(NtlmAuthenticateMessage message, ReadOnlyMemory<byte> bytes, byte[] sessionKey)
    {
        if (message.Mic is not { } mic) return;
        var expected = bytes.ToArray();
        expected.AsSpan(NtlmAuthenticateMessage.MicOffset, NtlmAuthenticateMessage.MicSize).Clear();
        NtlmKeys.WriteMic(expected, sessionKey, negotiate, challenge);
        if (!CryptographicOperations.FixedTimeEquals(expected.AsSpan(NtlmAuthenticateMessage.MicOffset, NtlmAuthenticateMessage.MicSize), mic.Span))
            throw new NtlmRefusedException("the messages were changed on their way (MIC)");
    }

    private NtlmTargetInfo TargetInfo()
    {
        var info = NtlmTargetInfo.Empty
            .With(NtlmAvId.NetBiosDomainName, options.NetBiosDomain)
            .With(NtlmAvId.NetBiosComputerName, options.ComputerName)
            .With(NtlmAvId.DnsDomainName, options.DnsDomain)
            .With(NtlmAvId.DnsComputerName, $"{options.ComputerName}.{options.DnsDomain}");
        if (!options.TellsTime) return info;
        var time = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(time, options.Clock.GetUtcNow().ToFileTime());
        return info.With(NtlmAvId.Timestamp, time);
    }
}
