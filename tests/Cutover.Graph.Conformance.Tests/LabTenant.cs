using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ARSoft.Tools.Net.Dns;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Cutover.Lab.Certificates;
using Cutover.Lab.Dns;
using Cutover.Lab.Microsoft365;
using Cutover.Mapi.Http;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Authentication.Azure;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>
/// One tenant that Microsoft's own clients talk to: the Graph SDK and Azure.Identity, over TLS with the lab's certificate. Every answer of
/// Graph is kept for the check against the published metadata.
/// </summary>
public sealed class LabTenant : IAsyncLifetime
{
    public const string Initial = "contoso.onmicrosoft.com";
    public static readonly Guid E3 = new("6fd2c87f-b296-42f0-b197-1e91e994b900");

    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("cutover-conformance-");
    private readonly HashSet<string> texts = [];
    private LabCertificateAuthority authority = null!;
    private DnsServer dns = null!;
    private X509Certificate2 certificate = null!;

    /// <summary>Every answer of Graph so far: method and path, and the body.</summary>
    public ConcurrentQueue<(string Request, string Body)> Answers { get; } = [];

    public Microsoft365Server Server { get; private set; } = null!;

    public GraphServiceClient Graph { get; private set; } = null!;

    /// <summary>For what the SDK has no builder for; sends no token.</summary>
    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        authority = LabCertificateAuthority.Open(directory.FullName);
        certificate = CreateCertificate();
        var port = StartDns();
        Server = await Microsoft365Server.StartAsync(new Microsoft365Options
        {
            StateFile = Path.Combine(directory.FullName, "tenant.db"),
            CertificateChain = authority.Issue("microsoft365", "localhost"),
            DnsServer = new IPEndPoint(IPAddress.Loopback, port),
            ClientCertificate = X509CertificateLoader.LoadCertificate(certificate.RawData),
        });
        Http = new HttpClient(Handler());
        Graph = Client(Secret());
    }

    /// <summary>Puts a TXT record into the tests' DNS.</summary>
    public void Publish(string text)
    {
        lock (texts) texts.Add(text);
    }

    public GraphServiceClient Client(TokenCredential credential)
    {
        var provider =
            new AzureIdentityAuthenticationProvider(credential, ["localhost"], null, true, "https://graph.microsoft.com/.default");
        var client =
            GraphClientFactory.Create(version: "v1.0", nationalCloud: GraphClientFactory.Global_Cloud,
                finalHandler: new Recorder(Answers) { InnerHandler = Handler() });
        return new GraphServiceClient(client, provider, new Uri(Server.BaseUrl, "/v1.0").AbsoluteUri);
    }

    public ClientSecretCredential Secret(string? secret = null, string? tenant = null, string? clientId = null) =>
        new(tenant ?? Server.TenantId.ToString(), clientId ?? Server.ClientId.ToString(), secret ?? Server.ClientSecret,
            WithLab(new ClientSecretCredentialOptions { DisableInstanceDiscovery = true }));

    public ClientCertificateCredential Certificate(X509Certificate2? other = null) =>
        new(Server.TenantId.ToString(), Server.ClientId.ToString(), other ?? certificate,
            WithLab(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = true }));

    public async Task<User> CreateUserAsync(string alias, string? usageLocation = "NL") => (await Graph.Users.PostAsync(new User
    {
        AccountEnabled = true,
        DisplayName = alias,
        MailNickname = alias,
        UserPrincipalName = $"{alias}@{Initial}",
        UsageLocation = usageLocation,
        PreferredLanguage = "en-US",
        PasswordProfile = new PasswordProfile { Password = "xWwvJ]6NMw+bWH-d", ForceChangePasswordNextSignIn = true },
    }))!;

    /// <summary>A user with a licence; returns the mailbox id.</summary>
    public async Task<string> CreateMailboxAsync(string alias)
    {
        var user = await CreateUserAsync(alias);
        await Graph.Users[user.Id].AssignLicense.PostAsync(
            new() { AddLicenses = [new AssignedLicense { SkuId = E3 }], RemoveLicenses = [] });
        return (await Graph.Users[user.Id].Settings.Exchange.GetAsync())!.PrimaryMailboxId!;
    }

    public static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=cutover", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    public async ValueTask DisposeAsync()
    {
        Graph.Dispose();
        Http.Dispose();
        dns.Stop();
        await Server.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private T WithLab<T>(T options) where T : TokenCredentialOptions
    {
        options.AuthorityHost = Server.BaseUrl;
        options.Transport = new HttpClientTransport(Handler());
        options.Retry.MaxRetries = 0;
        return options;
    }

    private SocketsHttpHandler Handler() => new Connector { TrustedRoots = [authority.Root] }.CreateHttpHandler();

    private int StartDns()
    {
        var port = LoopbackPort.FindFree();
        dns = new DnsServer(new UdpServerTransport(new IPEndPoint(IPAddress.Loopback, port)),
            new TcpServerTransport(new IPEndPoint(IPAddress.Loopback, port)));
        dns.QueryReceived += AnswerAsync;
        dns.Start();
        return port;
    }

    private Task AnswerAsync(object sender, QueryReceivedEventArgs e)
    {
        if (e.Query is not DnsMessage query) return Task.CompletedTask;
        var answer = query.CreateResponseInstance();
        answer.IsAuthoritiveAnswer = true;
        answer.ReturnCode = ReturnCode.NoError;
        if (query.Questions[0] is { RecordType: RecordType.Txt, Name: var name })
            lock (texts) answer.AnswerRecords.AddRange(texts.Select(text => new TxtRecord(name, 60, text)));
        e.Response = answer;
        return Task.CompletedTask;
    }

    private sealed class Recorder(ConcurrentQueue<(string, string)> answers) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            answers.Enqueue(
                ($"{request.Method} {request.RequestUri!.PathAndQuery}", await response.Content.ReadAsStringAsync(cancellationToken)));
            return response;
        }
    }
}
