using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cutover.Lab.Certificates;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Interop.Tests.Kerberos;

/// <summary>Signing in by Kerberos, judged by MIT's KDC and GSSAPI.</summary>
public sealed class KerberosTests : IAsyncLifetime
{
    private const string Password = "Secret-1";
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-kerberos-").FullName;
    private KerberosRealm realm = null!;
    private Process server = null!;
    private Connector connector = null!;
    private int port;

    public async ValueTask InitializeAsync()
    {
        realm = await KerberosRealm.StartAsync("migration", Password);
        var authority = LabCertificateAuthority.Open(directory);
        var chain = authority.Issue("web", "localhost");
        var pem = Path.Combine(directory, "server.pem");
        await File.WriteAllTextAsync(pem, string.Join('\n', [KeyOf(chain.Server), chain.Server.ExportCertificatePem(), chain.Intermediates.ExportCertificatePems()]));
        server = realm.Start(
            "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Kerberos", "kerberos_server.py"), pem,
            Convert.ToHexString(SHA256.HashData(chain.Server.RawData)));
        port = int.Parse(await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await server.StandardError.ReadToEndAsync()));
        connector = new Connector { TrustedRoots = [authority.Root] };
    }

    [Theory]
    [InlineData("migration@contoso.test", "")]
    [InlineData("migration", "contoso.test")]
    public async Task HttpClient_signs_in_by_a_ticket_that_is_bound_to_the_TLS_channel(string user, string domain)
    {
        using var http = new HttpClient(connector.CreateHttpHandler(Kerberos(user, domain, Password)));

        foreach (var body in (string[])["first", "second"])
        {
            using var response = await http.PostAsync($"https://localhost:{port}/", new StringContent(body));
            Assert.Equal("migration@CONTOSO.TEST bound", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Both_channels_of_RPC_over_HTTP_sign_in()
    {
        var error = await Assert.ThrowsAsync<RpcHttpException>(() => RpcHttpClient.ConnectAsync(
            new RpcHttpOptions
            {
                ProxyUrl = new Uri($"https://localhost:{port}/rpc/rpcproxy.dll"),
                Server = "ex01.contoso.test",
                Port = 6001,
                Credential = new NetworkCredential("migration@contoso.test", Password),
                Authentication = Kerberos("migration@contoso.test", "", Password),
                Protection = RpcAuthenticationLevel.None,
                Connector = connector,
            },
            EchoInterface.EchoId, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        var ct = TestContext.Current.CancellationToken;
        var channels = new[] { await server.StandardOutput.ReadLineAsync(ct), await server.StandardOutput.ReadLineAsync(ct) };
        Assert.Equal(["RPC_IN_DATA migration@CONTOSO.TEST bound", "RPC_OUT_DATA migration@CONTOSO.TEST bound"], channels.Order());
    }

    [Theory]
    [InlineData("migration@contoso.test", "Secret-2")]
    [InlineData("migration@elsewhere.test", Password)]
    public async Task Without_a_ticket_the_administrator_is_told_what_to_look_at(string user, string password)
    {
        using var http = new HttpClient(connector.CreateHttpHandler(Kerberos(user, "", password)));

        var error = await Assert.ThrowsAsync<HttpSignInException>(() => http.GetAsync($"https://localhost:{port}/", TestContext.Current.CancellationToken));

        Assert.Contains("HTTP/localhost", error.Message);
        Assert.Contains("setspn -Q HTTP/localhost", error.NextStep);
        Assert.DoesNotContain(password, error.ToString() + error.NextStep);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
        if (realm is not null) await realm.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static string KeyOf(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private static HttpAuthentication Kerberos(string user, string domain, string password) =>
        new(new NetworkCredential(user, password, domain), HttpAuthenticationScheme.Kerberos);
}
