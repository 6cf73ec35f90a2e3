using System.Net;
using Cutover.Lab.Faults;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Http;

namespace Cutover.Lab.Tests.Http;

/// <summary>Signing in on the channels of Outlook Anywhere and by HttpClient, against the lab's own server.</summary>
public sealed class HttpAuthenticationTests
{
    private static readonly NetworkCredential Administrator = new("migration", "Secret-1", "CONTOSO");
    private static readonly HttpAuthenticationScheme[] All = [HttpAuthenticationScheme.Negotiate, HttpAuthenticationScheme.Ntlm, HttpAuthenticationScheme.Basic];

    [Theory]
    [InlineData(HttpAuthenticationScheme.Basic)]
    [InlineData(HttpAuthenticationScheme.Ntlm)]
    [InlineData(HttpAuthenticationScheme.Negotiate)]
    public async Task Each_scheme_by_itself_opens_channels_and_answers_Autodiscover(HttpAuthenticationScheme scheme)
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Authentication = [scheme], RequiresChannelBinding = true });

        foreach (var chosen in (HttpAuthenticationScheme?[])[scheme, null])
        {
            await using var client = await exchange.ConnectAsync(options => options with { Authentication = new HttpAuthentication(Administrator, chosen) });
            Assert.Equal("x"u8.ToArray(), (await client.CallAsync(0, "x"u8.ToArray(), default)).ToArray());
        }
        var settings = await new AutodiscoverClient(exchange.Connector).DiscoverAsync("anna@contoso.com", Administrator, default);
        Assert.Equal(scheme.ToString(), settings.AuthPackage);
    }

    [Fact]
    public async Task The_strongest_scheme_that_is_offered_is_taken()
    {
        var refusals = new List<Exception>();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Authentication = All, OnRefusal = refusals.Add });

        var wrong = new HttpAuthentication(new NetworkCredential("migration", "pass-word", "CONTOSO"));
        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => exchange.ConnectAsync(options => options with { Authentication = wrong }));

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        // By NTLM, not by Basic, which offers the password itself.
        Assert.Contains("wrong password", Assert.Single(refusals).Message);
        Assert.DoesNotContain("pass-word", refusal.ToString());
    }

    [Theory]
    [InlineData(HttpAuthenticationScheme.Basic, 1)]
    [InlineData(HttpAuthenticationScheme.Ntlm, 2)]
    [InlineData(HttpAuthenticationScheme.Negotiate, 2)]
    public async Task A_wrong_password_counts_once_however_late_its_refusal_comes(HttpAuthenticationScheme scheme, int legs)
    {
        var attempts = 0;
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Authentication = All, OnRefusal = _ => Interlocked.Increment(ref attempts) });
        exchange.Faults.Add(new FaultRule(FaultKind.Slow, "RPC_OUT_DATA", Every: legs, Delay: TimeSpan.FromMilliseconds(300)));
        var wrong = new HttpAuthentication(new NetworkCredential("migration", "pass-word", "CONTOSO"), scheme);

        var refusal = await Assert.ThrowsAsync<RpcHttpException>(() => exchange.ConnectAsync(options => options with { Authentication = wrong }));

        Assert.Equal((HttpStatusCode.Unauthorized, 1), (refusal.StatusCode, attempts));
    }

    [Fact]
    public async Task A_scheme_that_is_not_offered_is_not_tried()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Authentication = [HttpAuthenticationScheme.Basic] });

        var error = await Assert.ThrowsAsync<HttpSignInException>(() =>
            exchange.ConnectAsync(options => options with { Authentication = new HttpAuthentication(Administrator, HttpAuthenticationScheme.Ntlm) }));

        Assert.Contains("by Ntlm (it offers Basic)", error.Message);
    }

    [Fact]
    public async Task One_HttpClient_signs_in_once_for_a_connection_and_again_for_the_next()
    {
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { Authentication = [HttpAuthenticationScheme.Ntlm] });
        using var http = new HttpClient(exchange.Connector.CreateHttpHandler(new HttpAuthentication(Administrator)));

        foreach (var close in (bool[])[false, true, false])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "https://autodiscover.contoso.com/autodiscover/autodiscover.xml")
            {
                Content = new StringContent("<Autodiscover><EMailAddress>anna@contoso.com</EMailAddress></Autodiscover>"),
                Headers = { ConnectionClose = close },
            };
            using var response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("Anna Lindqvist", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_HttpClient_with_a_wrong_password_gets_its_401_and_asks_no_second_time()
    {
        var refusals = new List<Exception>();
        await using var exchange = await ExchangeFixture.StartAsync(options => options with { OnRefusal = refusals.Add });
        using var http = new HttpClient(exchange.Connector.CreateHttpHandler(new HttpAuthentication(new NetworkCredential("migration", "pass-word"))));

        using var response = await http.PostAsync("https://autodiscover.contoso.com/autodiscover/autodiscover.xml", new StringContent("<x/>"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(refusals);
    }
}
