using Cutover.Core.Endpoints;
using Cutover.Core.Faults;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>What a Microsoft 365 endpoint must know besides its secret. Addresses default to the global cloud; all of them are https.</summary>
public sealed record Microsoft365Settings
{
    public const string GlobalImportHost = "outlook.office365.com";

    /// <summary>Where attachments are uploaded to. Source: Graph's page on attaching large files.</summary>
    public const string GlobalUploadHost = "outlook.office.com";

    /// <summary>The tenant's id (a GUID).</summary>
    public required string TenantId { get; init; }

    /// <summary>The application (client) id of the app registration.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where tokens come from. Any other host than Microsoft's counts as private: then nothing is asked of Microsoft about it.</summary>
    public Uri Authority { get; init; } = new("https://login.microsoftonline.com/");

    /// <summary>The root of Graph's v1.0 service, ending in a slash.</summary>
    public Uri GraphUrl { get; init; } = new("https://graph.microsoft.com/v1.0/");

    /// <summary>The root of Exchange Online's administration, above <c>adminapi/</c>, ending in a slash.</summary>
    public Uri ExchangeOnlineUrl { get; init; } = new("https://outlook.office365.com/");

    /// <summary>The resources that tokens are asked for.</summary>
    public string GraphResource { get; init; } = "https://graph.microsoft.com";

    public string ExchangeOnlineResource { get; init; } = "https://outlook.office365.com";

    /// <summary>The only hosts (or host:port) that an importUrl or uploadUrl may name, because it is the server that names them.</summary>
    public IReadOnlyList<string> ImportHosts { get; init; } = [GlobalImportHost, GlobalUploadHost];

    /// <summary>The country that licences are assigned in, as ISO 3166 two letters.</summary>
    public string UsageLocation { get; init; } = "";

    /// <summary>Only this licence (skuPartNumber, such as ENTERPRISEPACK) is assigned; empty takes any with an Exchange Online plan.</summary>
    public string Licence { get; init; } = "";

    /// <summary>A PEM file with certificate and key to sign in with, in place of the client secret; empty uses another way.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>
    /// A file that the platform keeps fresh tokens in, such as Kubernetes does, which the application trusts as a federated credential (workload
    /// identity); empty uses another way.
    /// </summary>
    public string FederatedTokenFile { get; init; } = "";

    /// <summary>False in national clouds, which have no mailbox import.</summary>
    public bool HasMailboxImport { get; init; } = true;

    /// <summary>Reads the endpoint's settings.</summary>
    /// <exception cref="MigrationFault">One is missing or can't be used; says which.</exception>
    public static Microsoft365Settings Read(MigrationEndpoint endpoint)
    {
        string? Find(string name) => endpoint.Settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        string Require(string name) => Find(name) ?? throw Wrong($"its setting {name} is missing", endpoint, name);
        Uri Address(string name, string fallback) => ReadAddress(Find(name) ?? fallback, name, endpoint);
        var cloud = NationalCloud.Find(Find("Cloud") ?? NationalCloud.Global.Name)
            ?? throw Wrong($"its setting Cloud is none of {NationalCloud.Names}", endpoint, "Cloud");
        var exchangeOnline = Address(nameof(ExchangeOnlineUrl), cloud.ExchangeOnline.AbsoluteUri);
        return new Microsoft365Settings
        {
            TenantId = Require(nameof(TenantId)),
            ClientId = Require(nameof(ClientId)),
            Authority = Address(nameof(Authority), cloud.Authority.AbsoluteUri),
            GraphUrl = WithVersion(Address(nameof(GraphUrl), cloud.Graph.AbsoluteUri)),
            ExchangeOnlineUrl = exchangeOnline,
            GraphResource = Find(nameof(GraphResource)) ?? NationalCloud.Resource(cloud.Graph),
            ExchangeOnlineResource = Find(nameof(ExchangeOnlineResource)) ?? NationalCloud.Resource(cloud.ExchangeOnline),
            HasMailboxImport = cloud == NationalCloud.Global,
            ImportHosts = ReadHosts(Find(nameof(ImportHosts))) ?? [exchangeOnline.Authority, GlobalUploadHost],
            UsageLocation = Find(nameof(UsageLocation)) ?? "",
            Licence = Find(nameof(Licence)) ?? "",
            CertificateFile = Find(nameof(CertificateFile)) ?? "",
            FederatedTokenFile = Find(nameof(FederatedTokenFile)) ?? "",
        };
    }

    private static Uri ReadAddress(string value, string name, MigrationEndpoint endpoint)
    {
        if (!Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw Wrong($"its setting {name} is '{value}', which is no https address", endpoint, name);
        return address;
    }

    private static Uri WithVersion(Uri graph) => graph.AbsolutePath == "/" ? new Uri(graph, "v1.0/") : graph;

    private static string[]? ReadHosts(string? list) =>
        list?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static MigrationFault Wrong(string why, MigrationEndpoint endpoint, string name) =>
        new(FaultScope.Operator, $"The migration endpoint {endpoint.Name} can't be used: {why}.", $"Set {name} of the endpoint and run again.");
}
