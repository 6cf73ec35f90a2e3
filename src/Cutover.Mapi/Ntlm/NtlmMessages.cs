using System.Text;

namespace Cutover.Mapi.Ntlm;

/// <summary>What the client can do. Source: [MS-NLMP] 2.2.1.1.</summary>
public sealed record NtlmNegotiateMessage(NtlmFlags Flags)
{
    private const int Size = 40;

    public static NtlmNegotiateMessage Read(ReadOnlyMemory<byte> message)
    {
        var reader = NtlmWire.Begin(message, NtlmWire.Negotiate);
        return new NtlmNegotiateMessage((NtlmFlags)reader.ReadUInt32());
    }

    public byte[] ToArray()
    {
        var writer = new NtlmWriter(NtlmWire.Negotiate, Size);
        writer.Fixed.WriteUInt32((uint)Flags);
        writer.WriteField(""u8); // DomainName
        writer.WriteField(""u8); // Workstation
        writer.Fixed.WriteUInt64(0); // Version
        return writer.ToArray();
    }
}

/// <summary>The server's challenge, and what it is called. Source: [MS-NLMP] 2.2.1.2.</summary>
/// <param name="ServerChallenge">8 bytes.</param>
/// <param name="Version">For looking at only. Source: [MS-NLMP] 2.2.2.10.</param>
public sealed record NtlmChallengeMessage(
    NtlmFlags Flags, ReadOnlyMemory<byte> ServerChallenge, string TargetName, NtlmTargetInfo TargetInfo, ulong Version = 0)
{
    private const int Size = 56;

    public static NtlmChallengeMessage Read(ReadOnlyMemory<byte> message)
    {
        var reader = NtlmWire.Begin(message, NtlmWire.Challenge);
        var targetName = NtlmWire.ReadField(ref reader, message);
        var flags = (NtlmFlags)reader.ReadUInt32();
        var challenge = reader.ReadBytes(8).ToArray();
        // Servers older than NTLMv2 stop here.
        if (!flags.HasFlag(NtlmFlags.TargetInfo)) return new(flags, challenge, NtlmWire.Text(targetName, flags), NtlmTargetInfo.Empty);

        reader.ReadBytes(8); // Reserved
        var targetInfo = NtlmTargetInfo.Read(NtlmWire.ReadField(ref reader, message));
        return new(flags, challenge, NtlmWire.Text(targetName, flags), targetInfo, reader.Remaining >= 8 ? reader.ReadUInt64() : 0);
    }

    public byte[] ToArray()
    {
        var writer = new NtlmWriter(NtlmWire.Challenge, Size);
        writer.WriteField(Encoding.Unicode.GetBytes(TargetName));
        writer.Fixed.WriteUInt32((uint)Flags);
        writer.Fixed.WriteBytes(ServerChallenge.Span);
        writer.Fixed.WriteUInt64(0); // Reserved
        writer.WriteField(TargetInfo.ToArray());
        writer.Fixed.WriteUInt64(Version);
        return writer.ToArray();
    }
}

/// <summary>The client's answer. Source: [MS-NLMP] 2.2.1.3.</summary>
/// <param name="Mic">16 bytes over all three messages; null where the client sends none.</param>
public sealed record NtlmAuthenticateMessage(
    NtlmFlags Flags, string DomainName, string UserName, string Workstation, ReadOnlyMemory<byte> LmResponse, ReadOnlyMemory<byte> NtResponse,
    ReadOnlyMemory<byte> EncryptedSessionKey, ReadOnlyMemory<byte>? Mic, ulong Version = 0)
{
    internal const int MicOffset = 72;
    internal const int MicSize = 16;
    internal static readonly ReadOnlyMemory<byte>? NoMic;

    public static NtlmAuthenticateMessage Read(ReadOnlyMemory<byte> message)
    {
        var reader = NtlmWire.Begin(message, NtlmWire.Authenticate);
        var lmResponse = NtlmWire.ReadField(ref reader, message);
        var ntResponse = NtlmWire.ReadField(ref reader, message);
        var domain = NtlmWire.ReadField(ref reader, message);
        var user = NtlmWire.ReadField(ref reader, message);
        var workstation = NtlmWire.ReadField(ref reader, message);
        var sessionKey = NtlmWire.ReadField(ref reader, message);
        var flags = (NtlmFlags)reader.ReadUInt32();
        var hasMic = (NtlmV2Response.TryRead(ntResponse)?.TargetInfo.Flags & NtlmTargetInfo.HasMic) > 0;
        var version = reader.Remaining >= 8 ? reader.ReadUInt64() : 0;
        return new(
            flags, NtlmWire.Text(domain, flags), NtlmWire.Text(user, flags), NtlmWire.Text(workstation, flags), lmResponse, ntResponse, sessionKey,
            hasMic ? reader.ReadBytes(MicSize).ToArray() : NoMic, version);
    }

    public byte[] ToArray()
    {
        var writer = new NtlmWriter(NtlmWire.Authenticate, Mic is null ? MicOffset : MicOffset + MicSize);
        var (domain, user, workstation) = (writer.Add(DomainName), writer.Add(UserName), writer.Add(Workstation));
        writer.WriteField(LmResponse.Span);
        writer.WriteField(NtResponse.Span);
        writer.WriteField(domain);
        writer.WriteField(user);
        writer.WriteField(workstation);
        writer.WriteField(EncryptedSessionKey.Span);
        writer.Fixed.WriteUInt32((uint)Flags);
        writer.Fixed.WriteUInt64(Version);
        if (Mic is { } mic) writer.Fixed.WriteBytes(mic.Span);
        return writer.ToArray();
    }
}
