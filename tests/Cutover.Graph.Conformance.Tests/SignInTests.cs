using Azure.Core;
using Azure.Identity;
using Microsoft.Graph.Models.ODataErrors;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>Azure.Identity against the token endpoint.</summary>
public sealed class SignInTests(LabTenant tenant) : IClassFixture<LabTenant>
{
    private static readonly TokenRequestContext Graph = new(["https://graph.microsoft.com/.default"]);
    private static readonly TokenRequestContext Exchange = new(["https://outlook.office365.com/.default"]);

    [Fact]
    public async Task A_secret_gets_a_token_for_each_audience()
    {
        var credential = tenant.Secret();

        var graph = await credential.GetTokenAsync(Graph, default);
        var exchange = await credential.GetTokenAsync(Exchange, default);

        Assert.NotEqual(graph.Token, exchange.Token);
        Assert.True(graph.ExpiresOn > TimeProvider.System.GetUtcNow().AddMinutes(50));
    }

    [Fact]
    public async Task A_certificate_opens_Graph()
    {
        using var client = tenant.Client(tenant.Certificate());

        Assert.Equal(tenant.Server.TenantId.ToString(), Assert.Single((await client.Organization.GetAsync())!.Value!).Id);
    }

    [Fact]
    public async Task A_certificate_that_is_not_registered_is_refused()
    {
        using var other = LabTenant.CreateCertificate();

        var error =
            await Assert.ThrowsAsync<AuthenticationFailedException>(async () =>
                await tenant.Certificate(other).GetTokenAsync(Graph, default));

        Assert.Contains("AADSTS700027", error.ToString());
    }

    [Theory]
    [InlineData("secret", "AADSTS7000215")]
    [InlineData("tenant", "AADSTS90002")]
    [InlineData("client", "AADSTS700016")]
    public async Task A_wrong_sign_in_shows_its_number(string wrong, string number)
    {
        var credential = tenant.Secret(
            wrong == "secret" ? "guess" : null,
            wrong == "tenant" ? Guid.NewGuid().ToString() : null,
            wrong == "client" ? Guid.NewGuid().ToString() : null);

        var error = await Assert.ThrowsAsync<AuthenticationFailedException>(async () => await credential.GetTokenAsync(Graph, default));

        Assert.Contains(number, error.ToString());
    }

    [Fact]
    public async Task A_token_for_Exchange_does_not_open_Graph()
    {
        using var client = tenant.Client(new Fixed(await tenant.Secret().GetTokenAsync(Exchange, default)));

        var error = await Assert.ThrowsAsync<ODataError>(() => client.Organization.GetAsync());

        Assert.Equal((401, "InvalidAuthenticationToken"), (error.ResponseStatusCode, error.Error!.Code));
    }

    private sealed class Fixed(AccessToken token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(token);
    }
}
