using System.Net.Sockets;
using Cutover.Lab.Certificates;
using Cutover.Mapi.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Lab.Tests.Http;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public void A_restart_has_the_same_chain()
    {
        var first = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "mail.contoso.com", "127.0.0.1");
        var second = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "mail.contoso.com", "127.0.0.1");

        Assert.Equal(first.Root.Thumbprint, second.Root.Thumbprint);
        Assert.Equal(first.Intermediates[0].Thumbprint, second.Intermediates[0].Thumbprint);
        Assert.Equal(first.Server.Thumbprint, second.Server.Thumbprint);
        Assert.True(second.Server.HasPrivateKey);
    }

    [Fact]
    public void A_certificate_is_issued_anew_when_it_lacks_a_name()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        var first = authority.Issue("exchange", "mail.contoso.com");
        var second = authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com");

        Assert.NotEqual(first.Server.Thumbprint, second.Server.Thumbprint);
        Assert.True(second.Server.MatchesHostname("autodiscover.contoso.com"));
    }

    [Fact]
    public void A_fresh_root_takes_nothing_over_that_it_did_not_issue()
    {
        var first = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "mail.contoso.com");
        File.Delete(Path.Combine(directory.Path, "root.pem"));
        var second = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "mail.contoso.com");

        Assert.NotEqual(first.Root.Thumbprint, second.Root.Thumbprint);
        Assert.NotEqual(first.Intermediates[0].Thumbprint, second.Intermediates[0].Thumbprint);
        Assert.NotEqual(first.Server.Thumbprint, second.Server.Thumbprint);
    }

    [Fact]
    public async Task The_root_in_its_PEM_file_is_enough_to_trust_a_server()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.Issue("exchange", "mail.contoso.com"));

        await using var connection = await Connector(app, authority).ConnectAsync("mail.contoso.com", 443, default);

        Assert.True(connection.CanWrite);
    }

    [Fact]
    public async Task HttpClient_connects_by_the_same_rules()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.Issue("exchange", "mail.contoso.com"));
        using var client = new HttpClient(Connector(app, authority).CreateHttpHandler());

        Assert.Equal("mail.contoso.com", await client.GetStringAsync("https://mail.contoso.com/host"));
    }

    [Fact]
    public async Task An_untrusted_certificate_is_refused_with_its_subject_and_issuer()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.Issue("exchange", "mail.contoso.com"));

        var refusal = await Assert.ThrowsAsync<ConnectException>(() => Connector(app, null).ConnectAsync("mail.contoso.com", 443, default));

        Assert.Equal(ConnectFailure.UntrustedCertificate, refusal.Failure);
        Assert.Contains("CN=mail.contoso.com", refusal.Message);
        Assert.Contains("Contoso Lab Issuing CA", refusal.Message);
        Assert.Contains("trusted roots", refusal.NextStep);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_with_its_names()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.Issue("exchange", "mail.contoso.com"));

        var refusal = await Assert.ThrowsAsync<ConnectException>(() => Connector(app, authority).ConnectAsync("owa.contoso.com", 443, default));

        Assert.Equal(ConnectFailure.WrongName, refusal.Failure);
        Assert.Contains("mail.contoso.com", refusal.Message);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_with_its_dates()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.IssueExpired("mail.contoso.com"));

        var refusal = await Assert.ThrowsAsync<ConnectException>(() => Connector(app, authority).ConnectAsync("mail.contoso.com", 443, default));

        Assert.Equal(ConnectFailure.ExpiredCertificate, refusal.Failure);
    }

    [Fact]
    public async Task HttpClient_carries_the_refusal_inside_its_exception()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        await using var app = await StartAsync(authority.Issue("exchange", "mail.contoso.com"));
        using var client = new HttpClient(Connector(app, null).CreateHttpHandler());

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("https://mail.contoso.com/"));

        Assert.Equal(ConnectFailure.UntrustedCertificate, ConnectException.Find(error)?.Failure);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_refuses()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var refusal = await Assert.ThrowsAsync<ConnectException>(() => new Connector().ConnectAsync("127.0.0.1", port, default));

        Assert.Equal(ConnectFailure.Refused, refusal.Failure);
        Assert.Contains(port.ToString(), refusal.Message);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_taken_only_by_its_fingerprint_for_its_host_and_with_one_warning()
    {
        var chain = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "other.contoso.com");
        await using var app = await StartAsync(chain);
        var warnings = new Warnings();
        var connector = new Connector
        {
            AcceptUntrusted = [AcceptedCertificate.Parse($"Mail.contoso.com={FingerprintOf(chain)}")],
            ConnectTo = [new ConnectTo("", 443, "127.0.0.1", PortOf(app))],
            Logger = warnings,
        };

        for (var i = 0; i < 2; i++) await (await connector.ConnectAsync("mail.contoso.com", 443, default)).DisposeAsync();
        var refusal = await Assert.ThrowsAsync<ConnectException>(() => connector.ConnectAsync("autodiscover.contoso.com", 443, default));

        Assert.Equal(ConnectFailure.UntrustedCertificate, refusal.Failure);
        Assert.Contains(FingerprintOf(chain), refusal.NextStep);
        Assert.Contains("mail.contoso.com", Assert.Single(warnings.Texts));
    }

    [Fact]
    public async Task Another_certificate_than_the_accepted_one_is_refused()
    {
        await using var app = await StartAsync(LabCertificateAuthority.Open(directory.Path).Issue("exchange", "mail.contoso.com"));
        var connector = new Connector
        {
            AcceptUntrusted = [new AcceptedCertificate("mail.contoso.com", new string('A', 64))],
            ConnectTo = [new ConnectTo("", 443, "127.0.0.1", PortOf(app))],
        };

        await Assert.ThrowsAsync<ConnectException>(() => connector.ConnectAsync("mail.contoso.com", 443, default));
    }

    [Theory]
    [InlineData("mail.contoso.com")]
    [InlineData("mail.contoso.com=12:34")]
    [InlineData("=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mail.contoso.com=XAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_names_no_certificate_is_refused(string text) => Assert.Throws<FormatException>(() => AcceptedCertificate.Parse(text));

    [Fact]
    public async Task A_name_without_an_address_is_named()
    {
        var connector = new Connector { Resolver = (_, _) => Task.FromResult<IReadOnlyList<System.Net.IPAddress>>([]) };

        var refusal = await Assert.ThrowsAsync<ConnectException>(() => connector.ConnectAsync("nowhere.contoso.com", 443, default));

        Assert.Equal(ConnectFailure.NameNotResolved, refusal.Failure);
        Assert.Contains("nowhere.contoso.com", refusal.Message);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        var chain = LabCertificateAuthority.Open(directory.Path).Issue("exchange", "localhost");
        await using var first = await StartAsync(chain);
        var port = PortOf(first);
        await using var second = LabWebHost.CreateBuilder(port, chain).Build();

        var error = await Assert.ThrowsAsync<LabPortTakenException>(() => LabWebHost.StartAsync(second, "The lab's Exchange", port));

        Assert.Contains($"port {port}", error.Message);
    }

    public void Dispose() => directory.Dispose();

    private static Connector Connector(WebApplication app, LabCertificateAuthority? trusted) => new()
    {
        TrustedRoots = trusted is null ? [] : [trusted.Root],
        ConnectTo = [new ConnectTo("", 443, "127.0.0.1", PortOf(app))],
    };

    private static string FingerprintOf(CertificateChain chain) => chain.Server.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    private static int PortOf(WebApplication app) => new Uri(app.Urls.First()).Port;

    private static async Task<WebApplication> StartAsync(CertificateChain chain)
    {
        var app = LabWebHost.CreateBuilder(0, chain).Build();
        app.Run(context => context.Response.WriteAsync(context.Request.Host.Value ?? ""));
        await LabWebHost.StartAsync(app, "The lab's Exchange", 0);
        return app;
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning) Texts.Add(formatter(state, exception));
        }
    }
}
