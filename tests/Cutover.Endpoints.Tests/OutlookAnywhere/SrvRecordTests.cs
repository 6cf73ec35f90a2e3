using System.Net;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Endpoints.Dns;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Certificates;
using Cutover.Lab.Dns;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>An organisation whose Autodiscover only an SRV record leads to.</summary>
public sealed class SrvRecordTests : IAsyncDisposable
{
    private readonly SourceLab lab = new();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-srv-");

    [Fact]
    public async Task An_SRV_record_alone_leads_to_the_settings()
    {
        await using var dns = await StartDnsAsync(
            "_autodiscover._tcp 3600 IN SRV 20 0 443 other.contoso.com.", "_autodiscover._tcp 3600 IN SRV 10 0 443 mail.contoso.com.");
        await using var exchange = await StartExchangeAsync("mail.contoso.com");

        var found = await DiscoverAsync(exchange, dns, "mail.contoso.com", acceptedHosts: null);

        Assert.Equal("mail.contoso.com", OutlookAnywhereSettings.Read(found).RpcProxyServer);
    }

    [Fact]
    public async Task An_SRV_record_out_of_the_domain_is_followed_only_when_its_host_was_accepted()
    {
        await using var dns = await StartDnsAsync("_autodiscover._tcp 3600 IN SRV 0 0 443 mail.hoster.example.");
        await using var exchange = await StartExchangeAsync("mail.hoster.example");

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => DiscoverAsync(exchange, dns, "mail.hoster.example", acceptedHosts: "www.hoster.example"));
        var found = await DiscoverAsync(exchange, dns, "mail.hoster.example", acceptedHosts: "mail.hoster.example");

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("mail.hoster.example/autodiscover/autodiscover.xml: not followed", fault.Message);
        Assert.Equal("EX01.contoso.com", OutlookAnywhereSettings.Read(found).ExchangeServer);
    }

    [Fact]
    public async Task A_domain_that_says_it_has_no_such_service_is_believed()
    {
        await using var dns = await StartDnsAsync("_autodiscover._tcp 3600 IN SRV 0 0 0 .");
        await using var exchange = await StartExchangeAsync("mail.contoso.com");

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => DiscoverAsync(exchange, dns, "mail.contoso.com", acceptedHosts: null));

        Assert.Contains("_autodiscover._tcp.contoso.com: no SRV record", fault.Message);
    }

    [Fact]
    public async Task A_DNS_server_that_refuses_is_named_among_what_was_tried()
    {
        await using var dns = await StartDnsAsync();
        await using var exchange = await StartExchangeAsync("mail.contoso.com");

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => DiscoverAsync(exchange, dns, "mail.contoso.com", null, "migration@fabrikam.com"));

        Assert.Contains("_autodiscover._tcp.fabrikam.com: DNS did not answer", fault.Message);
        Assert.Contains("https://autodiscover.fabrikam.com", fault.Message);
    }

    public ValueTask DisposeAsync()
    {
        lab.Dispose();
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<LabDnsServer> StartDnsAsync(params string[] records)
    {
        string[] zone = ["@ 3600 IN SOA ns1.contoso.com. hostmaster.contoso.com. 1 3600 600 1209600 300", "@ 3600 IN NS ns1.contoso.com.", .. records];
        await File.WriteAllLinesAsync(Path.Combine(directory.FullName, "contoso.com.zone"), zone);
        return await LabDnsServer.StartAsync(new LabDnsOptions { Zone = "contoso.com", Directory = directory.FullName });
    }

    private Task<ExchangeServer> StartExchangeAsync(string host) => ExchangeServer.StartAsync(new ExchangeServerOptions
    {
        Organisation = new ContosoOrganisation("contoso.com", [OutlookAnywhereEndpointTests.Mailbox("migration")], SourceLab.Administrator),
        Interfaces = new Dictionary<int, IRpcInterface> { [6001] = lab.Server },
        CertificateChain = LabCertificateAuthority.Open(directory.FullName).Issue("exchange", host),
    });

    /// <summary>A computer that reaches one host and knows no other name.</summary>
    private Task<MigrationEndpoint> DiscoverAsync(
        ExchangeServer exchange, LabDnsServer dns, string host, string? acceptedHosts, string emailAddress = "migration@contoso.com")
    {
        var connector = new Connector
        {
            TrustedRoots = [LabCertificateAuthority.Open(directory.FullName).Root],
            ConnectTo = [new ConnectTo(host, 443, "127.0.0.1", exchange.Port)],
            Resolver = (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([]),
            SrvResolver = new DnsResolver([dns.EndPoint]).GetSrvAsync,
        };
        var settings = new Dictionary<string, string>();
        if (acceptedHosts is not null) settings[nameof(OutlookAnywhereSettings.AcceptedHosts)] = acceptedHosts;
        var endpoint = new MigrationEndpoint("Contoso", MigrationEndpointType.OutlookAnywhere, settings, new SecretRef("env:NONE"), 20, 10);
        return OutlookAnywhereEndpoint.DiscoverAsync(endpoint, SourceLab.Administrator.Password, connector, emailAddress, default);
    }
}
