using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cutover.Lab.Certificates;
using Cutover.Lab.Microsoft365;
using Cutover.Lab.Tests.Http;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Microsoft365;

/// <summary>A tenant with a client that holds both tokens. The clock stands still unless a test moves it.</summary>
public sealed class TenantFixture : IAsyncDisposable
{
    public const string Domain = "contoso.onmicrosoft.com";
    public const string GraphScope = "https://graph.microsoft.com/.default";
    public const string ExchangeScope = "https://outlook.office365.com/.default";

    private readonly TemporaryDirectory directory = new();
    private readonly LabCertificateAuthority authority;
    private readonly Dictionary<string, string> tokens = [];
    private Microsoft365Options options;

    private TenantFixture()
    {
        authority = LabCertificateAuthority.Open(directory.Path);
        options = new Microsoft365Options
        {
            StateFile = System.IO.Path.Combine(directory.Path, "tenant.db"),
            CertificateChain = authority.Issue("microsoft365", "localhost"),
            Clock = Clock,
        };
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    public Microsoft365Server Server { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<TenantFixture> StartAsync(Func<Microsoft365Options, Microsoft365Options>? configure = null)
    {
        var fixture = new TenantFixture();
        if (configure is not null) fixture.options = configure(fixture.options);
        await fixture.OpenAsync();
        return fixture;
    }

    /// <summary>Starts the tenant again on the same file, as after a crash.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<(int Status, JsonObject Body)> TokenAsync(string scope, string? clientId = null, string? secret = null,
        string? tenant = null)
    {
        using var answer =
            await Http.PostAsync($"/{tenant ?? Server.TenantId.ToString()}/oauth2/v2.0/token",
                new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["client_id"] = clientId ?? Server.ClientId.ToString(),
                    ["client_secret"] = secret ?? Server.ClientSecret,
                    ["scope"] = scope,
                    ["grant_type"] = "client_credentials",
                }));
        return ((int)answer.StatusCode, (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>A Graph call; the path stands below /v1.0 or is a whole link.</summary>
    public async Task<GraphReply> GraphAsync(HttpMethod method, string path, string? body = null, string? prefer = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("https:", StringComparison.Ordinal) ? path : "/v1.0" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await BearerAsync(GraphScope));
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await GraphReply.OfAsync(await Http.SendAsync(request));
    }

    public Task<GraphReply> GetAsync(string path) => GraphAsync(HttpMethod.Get, path);

    public Task<GraphReply> PostAsync(string path, string body = "") => GraphAsync(HttpMethod.Post, path, body.Length == 0 ? null : body);

    /// <summary>Runs a cmdlet of Exchange Online with parameters as JSON.</summary>
    public async Task<GraphReply> CmdletAsync(string cmdlet, string parameters = "{}", string query = "", string? prefer = null)
    {
        var envelope = new JsonObject
        {
            ["CmdletInput"] = new JsonObject { ["CmdletName"] = cmdlet, ["Parameters"] = JsonNode.Parse(parameters) },
        }.ToJsonString();
        return await InvokeCommandAsync(envelope, query, prefer);
    }

    /// <summary>Posts an envelope as it stands.</summary>
    public async Task<GraphReply> InvokeCommandAsync(string envelope, string query = "", string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/adminapi/beta/{Server.TenantId}/InvokeCommand{query}")
        {
            Content = new StringContent(envelope, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await BearerAsync(ExchangeScope));
        request.Headers.Add("X-AnchorMailbox", $"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{Server.TenantId}");
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        return await GraphReply.OfAsync(await Http.SendAsync(request));
    }

    /// <summary>A user with a licence and therefore a mailbox; returns the mailbox id.</summary>
    public async Task<string> CreateMailboxAsync(string alias, string language = "en-US")
    {
        await CreateUserAsync(alias, language);
        var sku = options.Subscriptions[0].SkuId;
        (await PostAsync($"/users/{alias}@{Domain}/assignLicense", $$"""{"addLicenses":[{"skuId":"{{sku}}","disabledPlans":[]}],"removeLicenses":[]}""")).Expect(200);
        return (await GetAsync($"/users/{alias}@{Domain}/settings/exchange")).Expect(200)["primaryMailboxId"]!.GetValue<string>();
    }

    public async Task<JsonObject> CreateUserAsync(string alias, string language = "en-US") => (await PostAsync("/users", $$"""
        {"accountEnabled":true,"displayName":"{{alias}}","mailNickname":"{{alias}}","userPrincipalName":"{{alias}}@{{Domain}}","usageLocation":"NL",
         "preferredLanguage":"{{language}}","passwordProfile":{"password":"xWwvJ]6NMw+bWH-d","forceChangePasswordNextSignIn":true} }
        """)).Expect(201);

    public async Task<string> BearerAsync(string scope)
    {
        if (tokens.TryGetValue(scope, out var token)) return token;
        var (_, body) = await TokenAsync(scope);
        return tokens[scope] = body["access_token"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        directory.Dispose();
    }

    private async Task OpenAsync()
    {
        Server = await Microsoft365Server.StartAsync(options);
        Http = new HttpClient(new Connector { TrustedRoots = [authority.Root] }.CreateHttpHandler()) { BaseAddress = Server.BaseUrl };
    }

    private async Task CloseAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer of the tenant, read whole.</summary>
public sealed record GraphReply(int Status, JsonObject Body, string Text, HttpResponseHeaders Headers)
{
    public string? ErrorCode => Body["error"]?["code"]?.GetValue<string>();

    public string? ErrorMessage => Body["error"]?["message"]?.GetValue<string>();

    /// <summary>What an Exchange Online error says, after its id and type.</summary>
    public string? CmdletError => Body["error"]?["details"]?[0]?["message"]?.GetValue<string>().Split('|')[^1];

    public IReadOnlyList<JsonObject> Values => [.. Body["value"]!.AsArray().Select(node => (JsonObject)node!)];

    public static async Task<GraphReply> OfAsync(HttpResponseMessage answer)
    {
        using var _ = answer;
        var text = await answer.Content.ReadAsStringAsync();
        var body = text.StartsWith('{') ? (JsonObject)JsonNode.Parse(text)! : [];
        return new GraphReply((int)answer.StatusCode, body, text, answer.Headers);
    }

    public JsonObject Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, came {Status}: {Text}");
        return Body;
    }
}
