using System.Net.Http.Headers;

namespace Cutover.Lab.Tests.Microsoft365;

public sealed class SignInTests : IAsyncLifetime
{
    private TenantFixture tenant = null!;

    public async ValueTask InitializeAsync() => tenant = await TenantFixture.StartAsync();

    public ValueTask DisposeAsync() => tenant.DisposeAsync();

    [Fact]
    public async Task A_secret_buys_a_token()
    {
        var (status, body) = await tenant.TokenAsync(TenantFixture.GraphScope);

        Assert.Equal(200, status);
        Assert.Equal("Bearer", body["token_type"]!.GetValue<string>());
        Assert.Equal(3599, body["expires_in"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("secret", 401, "invalid_client", 7000215)]
    [InlineData("client", 400, "unauthorized_client", 700016)]
    [InlineData("tenant", 400, "invalid_request", 90002)]
    [InlineData("scope", 400, "invalid_resource", 500011)]
    [InlineData("plain scope", 400, "invalid_scope", 1002012)]
    public async Task A_wrong_sign_in_is_refused_with_its_number(string wrong, int status, string error, int code)
    {
        var scope = wrong switch { "scope" => "https://example.com/.default", "plain scope" => "User.Read", _ => TenantFixture.GraphScope };
        var answer = await tenant.TokenAsync(scope,
            clientId: wrong == "client" ? Guid.NewGuid().ToString() : null,
            secret: wrong == "secret" ? "guess" : null,
            tenant: wrong == "tenant" ? Guid.NewGuid().ToString() : null);

        Assert.Equal(status, answer.Status);
        Assert.Equal(error, answer.Body["error"]!.GetValue<string>());
        Assert.Equal(code, answer.Body["error_codes"]![0]!.GetValue<int>());
        Assert.StartsWith($"AADSTS{code}: ", answer.Body["error_description"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_expired_secret_is_refused()
    {
        await using var expired =
            await TenantFixture.StartAsync(options => options with { ClientSecretExpires = options.Clock.GetUtcNow() });

        var (status, body) = await expired.TokenAsync(TenantFixture.GraphScope);

        Assert.Equal(401, status);
        Assert.Equal(7000222, body["error_codes"]![0]!.GetValue<int>());
    }

    [Fact]
    public async Task A_verified_domain_names_the_tenant_too() =>
        Assert.Equal(200, (await tenant.TokenAsync(TenantFixture.GraphScope, tenant: TenantFixture.Domain)).Status);

    [Fact]
    public async Task Graph_refuses_no_token_a_forged_token_an_old_token_and_a_token_for_Exchange()
    {
        Assert.Equal("Access token is empty.", await RefusalAsync(null));
        Assert.Contains("Signature", await RefusalAsync("a.b.c"));
        Assert.Contains("Invalid audience", await RefusalAsync(await tenant.BearerAsync(TenantFixture.ExchangeScope)));
        var token = await tenant.BearerAsync(TenantFixture.GraphScope);
        tenant.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Contains("expired", await RefusalAsync(token));
    }

    [Fact]
    public async Task A_missing_role_is_a_403_of_the_directory_or_of_the_mailbox()
    {
        await using var weak = await TenantFixture.StartAsync(options => options with { GraphRoles = ["User.Read.All"] });

        var directory = await weak.PostAsync("/users", "{}");
        var mailbox = await weak.GetAsync("/admin/exchange/mailboxes/MBX%3Aa@b/folders");

        Assert.Equal((403, "Authorization_RequestDenied"), (directory.Status, directory.ErrorCode));
        Assert.Equal((403, "ErrorAccessDenied"), (mailbox.Status, mailbox.ErrorCode));
    }

    [Fact]
    public async Task Names_and_secrets_outlive_the_process()
    {
        var before = (tenant.Server.TenantId, tenant.Server.ClientId, tenant.Server.ClientSecret);
        var token = await tenant.BearerAsync(TenantFixture.GraphScope);

        await tenant.RestartAsync();

        Assert.Equal(before, (tenant.Server.TenantId, tenant.Server.ClientId, tenant.Server.ClientSecret));
        Assert.Equal(token, await tenant.BearerAsync(TenantFixture.GraphScope));
        (await tenant.GetAsync("/organization")).Expect(200);
    }

    [Fact]
    public async Task Every_answer_carries_its_request_ids()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/organization");
        request.Headers.Add("client-request-id", "11111111-2222-3333-4444-555555555555");

        using var answer = await tenant.Http.SendAsync(request);

        Assert.Equal("11111111-2222-3333-4444-555555555555", answer.Headers.GetValues("client-request-id").Single());
        Assert.True(Guid.TryParse(answer.Headers.GetValues("request-id").Single(), out _));
    }

    private async Task<string> RefusalAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/organization");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var reply = await GraphReply.OfAsync(await tenant.Http.SendAsync(request));
        Assert.Equal((401, "InvalidAuthenticationToken"), (reply.Status, reply.ErrorCode));
        return reply.ErrorMessage!;
    }
}
