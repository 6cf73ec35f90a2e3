using Cutover.Mapi.Ntlm;

namespace Cutover.Mapi.Tests.Ntlm;

/// <summary>The worked example of NTLMv2. Source: [MS-NLMP] 4.2.1 and 4.2.4.</summary>
public sealed class NtlmGoldenTests
{
    private static readonly byte[] ServerChallenge = Convert.FromHexString("0123456789abcdef");
    private static readonly byte[] ClientChallenge = [.. Enumerable.Repeat((byte)0xAA, 8)];
    private static readonly byte[] RandomSessionKey = [.. Enumerable.Repeat((byte)0x55, 16)];
    private static readonly byte[] ResponseKey = NtlmV2Response.ResponseKey("User", "Domain", "Password");
    private static readonly NtlmTargetInfo TargetInfo =
        NtlmTargetInfo.Empty.With(NtlmAvId.NetBiosDomainName, "Domain").With(NtlmAvId.NetBiosComputerName, "Server");

    private const string Challenge =
        "4e544c4d53535000020000000c000c0038000000338 28ae20123456789abcdef00000000000000002400240044000000060070170000000f"
        + "53006500720076006500720002000c0044006f006d00610069006e0001000c0053006500720076006500720000000000";

    private const string Authenticate =
        "4e544c4d535350000300000018001800 6c00000054005400840000000c000c00480000000800080054000000100010005c00000010001000d8000000"
        + "358288e20501280a0000000f44006f006d00610069006e005500730065007200 43004f004d005000550054004500520086c35097ac9cec102554764a57cccc19"
        + "aaaaaaaaaaaaaaaa68cd0ab851e51c96aabc927bebef6a1c01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d006100"
        + "69006e0001000c005300650072007600650072000000000000000000c5dad2544fc9799094ce1ce90bc9d03e";

    [Fact]
    public void The_response_key_is_the_published_one() => Assert.Equal("0c868a403bfd7a93a3001ef22ef02e3f", Hex(ResponseKey));

    [Fact]
    public void The_responses_are_the_published_ones()
    {
        var response = NtlmV2Response.Create(ResponseKey, ServerChallenge, 0, ClientChallenge, TargetInfo);

        Assert.Equal("68cd0ab851e51c96aabc927bebef6a1c", Hex(response.Proof.ToArray()));
        Assert.Equal("8de40ccadbc14a82f15cb0ad0de95ca3", Hex(response.SessionBaseKey(ResponseKey)));
        Assert.Equal("c5dad2544fc9799094ce1ce90bc9d03e", Hex(NtlmKeys.Crypt(response.SessionBaseKey(ResponseKey), RandomSessionKey)));
        Assert.Equal("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa", Hex(NtlmV2Response.LmResponse(ResponseKey, ServerChallenge, ClientChallenge)));
        Assert.True(response.IsFor(ResponseKey, ServerChallenge));
    }

    [Fact]
    public void The_challenge_message_is_read_and_written_as_published()
    {
        var message = NtlmChallengeMessage.Read(Bytes(Challenge));

        Assert.Equal("Server", message.TargetName);
        Assert.Equal(ServerChallenge, message.ServerChallenge.ToArray());
        Assert.Equal(TargetInfo.ToArray(), message.TargetInfo.ToArray());
        Assert.Equal(Bytes(Challenge), message.ToArray());
    }

    [Fact]
    public void The_authenticate_message_is_read_and_written_as_published()
    {
        var message = NtlmAuthenticateMessage.Read(Bytes(Authenticate));

        Assert.Equal(("Domain", "User", "COMPUTER"), (message.DomainName, message.UserName, message.Workstation));
        Assert.Null(message.Mic);
        Assert.Equal("c5dad2544fc9799094ce1ce90bc9d03e", Hex(message.EncryptedSessionKey.ToArray()));
        Assert.True(NtlmV2Response.TryRead(message.NtResponse)!.IsFor(ResponseKey, ServerChallenge));
        Assert.Equal(Bytes(Authenticate), message.ToArray());
    }

    [Fact]
    public void GSS_WrapEx_seals_and_signs_as_published()
    {
        using var client = NtlmSession.ForClient(RandomSessionKey, (NtlmFlags)0xE28A8233);
        var message = "P\0l\0a\0i\0n\0t\0e\0x\0t\0"u8.ToArray();
        var signature = new byte[NtlmSession.SignatureSize];

        client.Protect(message, .., signature);

        Assert.Equal("54e50165bf1936dc996020c1811b0f06fb5f", Hex(message));
        Assert.Equal("010000007fb38ec5c55d497600000000", Hex(signature));
        using var server = NtlmSession.ForServer(RandomSessionKey, (NtlmFlags)0xE28A8233);
        Assert.True(server.Unprotect(message, .., signature));
        Assert.Equal("P\0l\0a\0i\0n\0t\0e\0x\0t\0"u8.ToArray(), message);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
