using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Cutover.Core.Recipients;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;
using Cutover.Mapi.Ntlm;

namespace Cutover.Interop.Tests;

/// <summary>Sign-in, signing and sealing against clients and servers that nobody here wrote: impacket, .NET's managed NTLM, curl.</summary>
public sealed class SecurityTests : IAsyncLifetime
{
    private const string Url = "/autodiscover/autodiscover.xml";
    private const string Request = "<Autodiscover><EMailAddress>nobody@contoso.com</EMailAddress></Autodiscover>";
    private static readonly LabAccount Administrator = new("migration", "migration@contoso.com", "Secret-1", "/o=Contoso/cn=migration", true);
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-interop-").FullName;
    private readonly List<Exception> errors = [];
    private readonly List<Exception> refusals = [];
    private ExchangeServer server = null!;

    public async ValueTask InitializeAsync() => await StartAsync(options => options);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Impacket_signs_in_by_NTLM_on_both_levels_and_calls_signed_or_sealed(int level)
    {
        await Python.RequireImpacketAsync();

        var facts = await Python.RunScriptAsync(
            "security.py", "", $"{server.Port}", "EX01.contoso.com", Administrator.UserName, Administrator.Password, $"{EchoInterface.EchoId.Uuid}", "1.0", $"{level}");

        Assert.Equal(
            [
                "bound", "echo 0 True", "echo 1 True", "echo 15 True", "echo 16 True", "echo 17 True", "echo 3000 True",
                $"large {Convert.ToHexStringLower(SHA256.HashData(EchoInterface.Pattern(300_000)))}", "fault nca_s_fault_context_mismatch", "after still here",
                "refused rpc_s_access_denied",
            ],
            facts);
        Assert.Empty(errors);
        Assert.Contains("wrong password", Assert.Single(refusals).Message);
    }

    [Theory]
    [InlineData("Secret-1", "status 0")]
    [InlineData("Secret-2", "status 3221225581")] // STATUS_LOGON_FAILURE
    public async Task Impackets_NTLM_server_judges_our_client(string password, string status)
    {
        await Python.RequireImpacketAsync();
        var client = new NtlmClient(new NetworkCredential("migration", password, "CONTOSO"), "HTTP/localhost", new ChannelBinding(new byte[16]));
        var negotiate = client.Begin();
        var challenge = Convert.FromHexString((await Python.RunScriptAsync("ntlm_server.py", "", "challenge", Convert.ToHexString(negotiate)))[0]);
        var answer = client.Answer(challenge);

        var facts = await Python.RunScriptAsync(
            "ntlm_server.py", "", "accept", Convert.ToHexString(negotiate), Convert.ToHexString(challenge), Convert.ToHexString(answer.Token), "Secret-1");

        Assert.Equal(status, facts[0]);
        if (facts.Length == 1) return;
        Assert.Equal(["user migration CONTOSO", $"key {Convert.ToHexStringLower(answer.SessionKey)}", "mic True"], facts[1..4]);
        using var session = answer.OpenSession();
        foreach (var (fact, text) in facts[4..].Zip(["first answer", "second answer"]))
        {
            var parts = fact.Split(' ');
            var message = Convert.FromHexString(parts[1]);
            Assert.True(session.Unprotect(message, .., Convert.FromHexString(parts[2])));
            Assert.Equal(text, System.Text.Encoding.ASCII.GetString(message));
        }
    }

    [Theory]
    [InlineData(HttpAuthenticationScheme.Ntlm)]
    [InlineData(HttpAuthenticationScheme.Negotiate)]
    public async Task DotNets_own_client_signs_in_bound_to_the_TLS_channel(HttpAuthenticationScheme scheme)
    {
        await StartAsync(options => options with { Authentication = [scheme], RequiresChannelBinding = true });
        var name = scheme == HttpAuthenticationScheme.Ntlm ? "NTLM" : "Negotiate";

        var accepted = await PostAsync(name, "Secret-1");
        Assert.Empty(refusals);
        Assert.Equal(HttpStatusCode.OK, accepted);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(name, "Secret-2"));
        Assert.Contains("wrong password", refusals[0].Message);
    }

    [Theory]
    [InlineData("--ntlm", "Secret-1", "200")]
    [InlineData("--ntlm", "Secret-2", "401")]
    [InlineData("--basic", "Secret-1", "200")]
    [InlineData("--anyauth", "Secret-1", "200")]
    public async Task Curl_signs_in(string scheme, string password, string status)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        var start = new ProcessStartInfo("/usr/bin/curl", [
            "-s", "-k", "-o", "/dev/null", "-w", "%{http_code}", scheme, "-u", $@"CONTOSO\migration:{password}", "-H", "Content-Type: text/xml", "-d", Request,
            $"https://localhost:{server.Port}{Url}"])
        { RedirectStandardOutput = true };
        using var curl = Process.Start(start)!;

        Assert.Equal(status, await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private async Task StartAsync(Func<ExchangeServerOptions, ExchangeServerOptions> change)
    {
        if (server is not null) await server.DisposeAsync();
        server = await ExchangeServer.StartAsync(change(new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", Array.Empty<Recipient>(), Administrator),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = new EchoInterface() },
            CertificateChain = LabCertificateAuthority.Open(directory).Issue("exchange", "localhost"),
            OnError = errors.Add,
            OnRefusal = refusals.Add,
        }));
    }

    private async Task<HttpStatusCode> PostAsync(string scheme, string password)
    {
        var url = new Uri($"https://localhost:{server.Port}{Url}");
        using var handler = new SocketsHttpHandler
        {
            Credentials = new CredentialCache { { url, scheme, new NetworkCredential("migration", password, "CONTOSO") } },
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        using var http = new HttpClient(handler);
        using var response = await http.PostAsync(url, new StringContent(Request));
        return response.StatusCode;
    }
}
