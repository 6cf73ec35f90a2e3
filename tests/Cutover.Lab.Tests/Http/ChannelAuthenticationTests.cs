using System.Net;
using System.Security.Cryptography.X509Certificates;
using Cutover.Lab.Certificates;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Http;

/// <summary>Legs before a channel's own request, with a scheme that only counts them.</summary>
public sealed class ChannelAuthenticationTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LabCertificateAuthority authority;

    public ChannelAuthenticationTests() => authority = LabCertificateAuthority.Open(directory.Path);

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nWWW-Authenticate: Counting next\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nwww-authenticate: counting next\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task Legs_come_before_the_request_on_the_same_connection(string challenge)
    {
        await using var proxy = Start(challenge);
        await using var client = await ConnectAsync(proxy, new CountingAuthentication(3));

        var heads = proxy.Heads.Where(head => head.StartsWith("RPC_OUT_DATA", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Counting leg 1 of ", "Counting leg 2 of next", "Counting leg 3 of next"], heads.Select(AuthorizationOf));
        Assert.Equal([true, true, false], heads.Select(head => head.Contains("Content-Length: 0\r\n", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", 401)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Counting\r\nContent-Length: 0\r\n\r\n", 401)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 403)]
    public async Task A_leg_without_a_challenge_is_a_refusal(string answer, int status)
    {
        await using var proxy = Start(answer);

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => ConnectAsync(proxy, new CountingAuthentication(2)));

        Assert.Equal((HttpStatusCode)status, refusal.StatusCode);
    }

    [Fact]
    public async Task Legs_without_an_end_are_given_up()
    {
        await using var proxy = Start("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Counting next\r\nContent-Length: 0\r\n\r\n");

        await Assert.ThrowsAnyAsync<Cutover.Mapi.MapiProtocolException>(() => ConnectAsync(proxy, new CountingAuthentication(int.MaxValue)));
        Assert.InRange(proxy.Heads.Count, 1, 10);
    }

    public void Dispose() => directory.Dispose();

    private static string AuthorizationOf(string head) =>
        head.Split("\r\n").Single(line => line.StartsWith("Authorization: ", StringComparison.Ordinal))["Authorization: ".Length..];

    private ScriptedProxy Start(string challenge) => ScriptedProxy.Start(
        authority.Issue("web", "mail.contoso.com"), (proxy, stream) => proxy.AcceptBindAsync(stream), challenge: challenge);

    private Task<IRpcClient> ConnectAsync(ScriptedProxy proxy, IChannelAuthentication authentication) => RpcHttpClient.ConnectAsync(
        new RpcHttpOptions
        {
            ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
            Server = "EX01.contoso.com",
            Port = 6001,
            Credential = new NetworkCredential("anna", "Secret-1"),
            Connector = new Connector { TrustedRoots = [authority.Root], ConnectTo = [proxy.ConnectTo] },
            Authentication = authentication,
        },
        EchoInterface.EchoId,
        default);

    private sealed class CountingAuthentication(int legs) : IChannelAuthentication
    {
        public string Scheme => "Counting";

        public IChannelConversation Begin(Uri url, X509Certificate2? server)
        {
            Assert.StartsWith("CN=mail.contoso.com", server?.Subject);
            return new Conversation(legs);
        }

        private sealed class Conversation(int legs) : IChannelConversation
        {
            private int leg;

            public ChannelLeg Next(string? challenge)
            {
                leg++;
                return new ChannelLeg($"Counting leg {leg} of {challenge}", leg == legs);
            }

            public void Dispose()
            {
            }
        }
    }
}
