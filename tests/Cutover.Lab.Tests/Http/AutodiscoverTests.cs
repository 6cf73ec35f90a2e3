using System.Net;
using Cutover.Lab.Faults;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Http;

namespace Cutover.Lab.Tests.Http;

public sealed class AutodiscoverTests
{
    private static readonly NetworkCredential Administrator = new("migration", "Secret-1", "CONTOSO");

    [Fact]
    public async Task The_settings_of_a_mailbox_are_found_at_autodiscover_domain()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var settings = await new AutodiscoverClient(exchange.Connector).DiscoverAsync("anna@contoso.com", Administrator, default);

        Assert.Equal("/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=anna", settings.LegacyDN);
        Assert.Equal("Anna Lindqvist", settings.DisplayName);
        Assert.Equal("EX01.contoso.com", settings.Server);
        Assert.Equal(new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"), settings.ProxyUrl);
        Assert.Equal("Ntlm", settings.AuthPackage);
        Assert.Equal("msstd:mail.contoso.com", settings.CertPrincipalName);
    }

    [Fact]
    public async Task What_Autodiscover_tells_is_enough_to_connect()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var settings = await new AutodiscoverClient(exchange.Connector).DiscoverAsync("a.lindqvist@contoso.com", Administrator, default);

        await using var client = await exchange.ConnectAsync(options => options with { ProxyUrl = settings.ProxyUrl!, Server = settings.Server! });

        Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
    }

    [Fact]
    public async Task An_unknown_address_is_told_apart()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var error = await Assert.ThrowsAsync<AutodiscoverException>(() =>
            new AutodiscoverClient(exchange.Connector).DiscoverAsync("nobody@contoso.com", Administrator, default));

        Assert.Equal(AutodiscoverFailure.UnknownAddress, error.Failure);
        Assert.Contains("nobody@contoso.com", error.Message);
    }

    [Fact]
    public async Task A_wrong_password_ends_the_search_at_once()
    {
        await using var exchange = await ExchangeFixture.StartAsync();

        var error = await Assert.ThrowsAsync<AutodiscoverException>(() =>
            new AutodiscoverClient(exchange.Connector).DiscoverAsync("anna@contoso.com", new NetworkCredential("migration", "pass-word", "CONTOSO"), default));

        Assert.Equal(AutodiscoverFailure.SignInRefused, error.Failure);
        Assert.Single(error.Attempts);
        Assert.DoesNotContain("pass-word", error.ToString());
    }

    [Fact]
    public async Task When_nothing_answers_everything_tried_is_listed()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var client = new AutodiscoverClient(new Connector
        {
            Resolver = (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([]),
            SrvResolver = (_, _) => Task.FromResult<IReadOnlyList<SrvTarget>>([]),
        });

        var error = await Assert.ThrowsAsync<AutodiscoverException>(() => client.DiscoverAsync("anna@contoso.com", Administrator, default));

        Assert.Equal(AutodiscoverFailure.NotFound, error.Failure);
        Assert.Equal(
            [
                "https://autodiscover.contoso.com/autodiscover/autodiscover.xml", "https://contoso.com/autodiscover/autodiscover.xml",
                "http://autodiscover.contoso.com/autodiscover/autodiscover.xml", "_autodiscover._tcp.contoso.com",
            ],
            error.Attempts.Select(attempt => attempt.Address));
    }

    [Fact]
    public async Task An_SRV_record_leads_to_a_server_of_the_domain()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var client = new AutodiscoverClient(OnlyMail(exchange, srv: new SrvTarget("mail.contoso.com", 443)));

        var settings = await client.DiscoverAsync("anna@contoso.com", Administrator, default);

        Assert.Equal("mail.contoso.com", settings.Source.Host);
    }

    [Fact]
    public async Task An_SRV_record_to_another_domain_gets_no_credentials()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        var client = new AutodiscoverClient(OnlyMail(exchange, srv: new SrvTarget("evil.example", 443)));

        var error = await Assert.ThrowsAsync<AutodiscoverException>(() => client.DiscoverAsync("anna@contoso.com", Administrator, default));

        Assert.Contains(error.Attempts, attempt => attempt.Address.Contains("evil.example") && attempt.Outcome.StartsWith("not followed"));
    }

    [Fact]
    public async Task A_busy_server_is_listed_and_the_search_goes_on()
    {
        await using var exchange = await ExchangeFixture.StartAsync();
        exchange.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "autodiscover", Times: int.MaxValue));

        var error = await Assert.ThrowsAsync<AutodiscoverException>(() =>
            new AutodiscoverClient(OnlyMail(exchange, "autodiscover.contoso.com")).DiscoverAsync("anna@contoso.com", Administrator, default));

        Assert.Contains(error.Attempts, attempt => attempt.Outcome.StartsWith("answered 503"));
    }

    /// <summary>A connector that knows one name only.</summary>
    private static Connector OnlyMail(ExchangeFixture exchange, string host = "mail.contoso.com", SrvTarget? srv = null) => new()
    {
        TrustedRoots = [exchange.Authority.Root],
        ConnectTo = [new ConnectTo(host, 443, "127.0.0.1", exchange.Server.Port)],
        Resolver = (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([]),
        SrvResolver = srv is null ? null : (_, _) => Task.FromResult<IReadOnlyList<SrvTarget>>([srv]),
    };
}
