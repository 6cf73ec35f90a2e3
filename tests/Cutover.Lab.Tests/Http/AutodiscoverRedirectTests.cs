using System.Net;
using Cutover.Lab.Certificates;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Tests.Http;

/// <summary>Servers that send the client elsewhere, each by its Host header.</summary>
public sealed class AutodiscoverRedirectTests : IAsyncLifetime
{
    private const string Path = "/autodiscover/autodiscover.xml";
    private static readonly NetworkCredential Anna = new("anna", "Secret-1", "CONTOSO");
    private readonly TemporaryDirectory directory = new();
    private readonly Dictionary<string, Func<HttpContext, Task>> hosts = [];
    private readonly List<string> authorizations = [];
    private WebApplication secure = null!;
    private WebApplication plain = null!;
    private Connector connector = null!;

    public async ValueTask InitializeAsync()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        secure = LabWebHost.CreateBuilder(0, authority.Issue("web", "contoso.com", "*.contoso.com", "fabrikam.com", "*.fabrikam.com")).Build();
        secure.Run(HandleAsync);
        var port = await LabWebHost.StartAsync(secure, "The test's server", 0);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        plain = builder.Build();
        plain.Run(HandleAsync);
        await plain.StartAsync();
        connector = new Connector
        {
            TrustedRoots = [authority.Root],
            ConnectTo = [new ConnectTo("", 443, "127.0.0.1", port), new ConnectTo("", 80, "127.0.0.1", new Uri(plain.Urls.First()).Port)],
        };
    }

    [Fact]
    public async Task A_redirected_address_is_searched_in_its_own_domain()
    {
        hosts["https://autodiscover.contoso.com"] = Xml("<Account><Action>redirectAddr</Action><RedirectAddr>anna@fabrikam.com</RedirectAddr></Account>");
        hosts["https://autodiscover.fabrikam.com"] = Settings;

        var settings = await AcceptingAsync("autodiscover.fabrikam.com");

        Assert.Equal("autodiscover.fabrikam.com", settings.Source.Host);
        Assert.Equal("anna@fabrikam.com", settings.EmailAddress);
        Assert.Contains(settings.Attempts, attempt => attempt.Outcome == "redirects to anna@fabrikam.com");
    }

    [Fact]
    public async Task A_redirected_URL_is_followed()
    {
        hosts["https://autodiscover.contoso.com"] = Xml($"<Account><Action>redirectUrl</Action><RedirectUrl>https://mail.fabrikam.com{Path}</RedirectUrl></Account>");
        hosts["https://mail.fabrikam.com"] = Settings;

        Assert.Equal("mail.fabrikam.com", (await AcceptingAsync("mail.fabrikam.com")).Source.Host);
    }

    [Fact]
    public async Task A_host_outside_the_domain_that_was_not_accepted_gets_no_request_whoever_names_it()
    {
        var asked = false;
        hosts["https://autodiscover.fabrikam.com"] = hosts["https://mail.fabrikam.com"] = context =>
        {
            asked = true;
            return Settings(context);
        };
        foreach (var redirect in (Func<HttpContext, Task>[])
            [
                Xml("<Account><Action>redirectAddr</Action><RedirectAddr>anna@fabrikam.com</RedirectAddr></Account>"),
                Xml($"<Account><Action>redirectUrl</Action><RedirectUrl>https://mail.fabrikam.com{Path}</RedirectUrl></Account>"),
                Redirect("https://mail.fabrikam.com" + Path),
            ])
        {
            hosts["https://autodiscover.contoso.com"] = redirect;
            var refused = await Assert.ThrowsAsync<AutodiscoverException>(DiscoverAsync);
            Assert.Contains("was not accepted", refused.Message);
        }
        Assert.False(asked);
    }

    [Fact]
    public async Task A_secure_HTTP_redirect_is_followed_but_not_to_a_plain_one()
    {
        hosts["https://autodiscover.contoso.com"] = Redirect("http://mail.contoso.com" + Path);
        hosts["https://contoso.com"] = Redirect("https://mail.contoso.com" + Path);
        hosts["https://mail.contoso.com"] = Settings;

        var settings = await DiscoverAsync();

        Assert.Equal("https://mail.contoso.com" + Path, settings.Source.ToString());
        Assert.Contains(settings.Attempts, attempt => attempt.Outcome.Contains("it is not https"));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        hosts["https://autodiscover.contoso.com"] = Redirect("https://autodiscover.contoso.com" + Path);

        Assert.Equal(AutodiscoverFailure.NotFound, (await Assert.ThrowsAsync<AutodiscoverException>(DiscoverAsync)).Failure);
    }

    [Fact]
    public async Task A_plain_redirect_within_the_domain_is_followed_and_never_carries_credentials()
    {
        hosts["http://autodiscover.contoso.com"] = context =>
        {
            authorizations.Add(context.Request.Headers.Authorization.ToString());
            return Redirect("https://mail.contoso.com" + Path)(context);
        };
        hosts["https://mail.contoso.com"] = Settings;

        Assert.Equal("mail.contoso.com", (await DiscoverAsync()).Source.Host);
        Assert.Equal([""], authorizations);
    }

    [Fact]
    public async Task A_plain_redirect_out_of_the_domain_is_followed_only_when_allowed()
    {
        hosts["http://autodiscover.contoso.com"] = Redirect("https://mail.fabrikam.com" + Path);
        hosts["https://mail.fabrikam.com"] = Settings;

        var refused = await Assert.ThrowsAsync<AutodiscoverException>(DiscoverAsync);
        var allowed = await new AutodiscoverClient(connector, mayFollow: url => url.Host == "mail.fabrikam.com").DiscoverAsync("anna@contoso.com", Anna, default);

        Assert.Contains("outside contoso.com", refused.Message);
        Assert.Equal("mail.fabrikam.com", allowed.Source.Host);
    }

    [Fact]
    public async Task A_web_site_that_answers_with_its_start_page_is_passed_over()
    {
        hosts["https://contoso.com"] = context => context.Response.WriteAsync("<html><body>Welcome<br></body></html>");

        var error = await Assert.ThrowsAsync<AutodiscoverException>(DiscoverAsync);

        Assert.Contains("something else than Autodiscover does", error.Message);
    }

    [Fact]
    public async Task Exchange_2013_announces_EXHTTP_and_MAPI_over_HTTP()
    {
        hosts["https://autodiscover.contoso.com"] = Xml("""
            <User><DisplayName>Anna</DisplayName><LegacyDN>/o=C/cn=anna</LegacyDN></User>
            <Account><Action>settings</Action>
              <Protocol><Type>EXHTTP</Type><Server>mail.contoso.com</Server><SSL>On</SSL><AuthPackage>Ntlm</AuthPackage></Protocol>
              <Protocol><Type>EXCH</Type><Server>4c0f5c0e@contoso.com</Server><MdbDN>/o=C/cn=DB</MdbDN></Protocol>
              <Protocol Type="mapiHttp" Version="1">
                <MailStore><ExternalUrl>https://mail.contoso.com/mapi/emsmdb/</ExternalUrl></MailStore>
                <AddressBook><ExternalUrl>https://mail.contoso.com/mapi/nspi/</ExternalUrl></AddressBook>
              </Protocol></Account>
            """);

        var settings = await DiscoverAsync();

        Assert.Equal(("4c0f5c0e@contoso.com", "mail.contoso.com", "Ntlm"), (settings.Server, settings.ProxyServer, settings.AuthPackage));
        Assert.Equal("https://mail.contoso.com/mapi/emsmdb/", settings.MailStoreUrl?.ToString());
        Assert.Equal("https://mail.contoso.com/mapi/nspi/", settings.AddressBookUrl?.ToString());
    }

    [Fact]
    public async Task A_server_without_a_scheme_that_we_know_is_told_apart()
    {
        hosts["https://autodiscover.contoso.com"] = context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        };

        Assert.Contains("it offers Bearer", (await Assert.ThrowsAsync<AutodiscoverException>(DiscoverAsync)).Message);
    }

    public async ValueTask DisposeAsync()
    {
        await secure.DisposeAsync();
        await plain.DisposeAsync();
        directory.Dispose();
    }

    private static Task Settings(HttpContext context) => Xml(
        "<User><DisplayName>Anna</DisplayName><LegacyDN>/o=C/cn=anna</LegacyDN></User><Account><Action>settings</Action></Account>")(context);

    private static Func<HttpContext, Task> Xml(string response) => context => context.Response.WriteAsync($"""
        <?xml version="1.0" encoding="utf-8"?>
        <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
        <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">{response}</Response></Autodiscover>
        """);

    private static Func<HttpContext, Task> Redirect(string url) => context =>
    {
        context.Response.Redirect(url);
        return Task.CompletedTask;
    };

    private Task<AutodiscoverSettings> AcceptingAsync(string host) =>
        new AutodiscoverClient(connector, mayFollow: url => url.Host == host).DiscoverAsync("anna@contoso.com", Anna, default);

    private Task<AutodiscoverSettings> DiscoverAsync() => new AutodiscoverClient(connector).DiscoverAsync("anna@contoso.com", Anna, default);

    private Task HandleAsync(HttpContext context)
    {
        if (hosts.TryGetValue($"{context.Request.Scheme}://{context.Request.Host.Host}", out var handle)) return handle(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
