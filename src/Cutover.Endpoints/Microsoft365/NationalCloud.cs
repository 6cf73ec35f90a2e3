namespace Cutover.Endpoints.Microsoft365;

/// <summary>
/// A cloud that Microsoft runs on its own: where its services are. Sources: Microsoft Graph, national cloud deployments; Connect-ExchangeOnline,
/// -ExchangeEnvironmentName.
/// </summary>
internal sealed record NationalCloud(string Name, Uri Authority, Uri Graph, Uri ExchangeOnline)
{
    public static readonly NationalCloud Global = new("Global", new("https://login.microsoftonline.com/"), new("https://graph.microsoft.com/"),
        new("https://outlook.office365.com/"));

    private static readonly NationalCloud[] All =
    [
        Global,
        new("USGovGCCHigh", new("https://login.microsoftonline.us/"), new("https://graph.microsoft.us/"), new("https://outlook.office365.us/")),
        new("USGovDoD", new("https://login.microsoftonline.us/"), new("https://dod-graph.microsoft.us/"), new("https://outlook-dod.office365.us/")),
        new("China", new("https://login.partner.microsoftonline.cn/"), new("https://microsoftgraph.chinacloudapi.cn/"),
            new("https://outlook.office365.cn/")),
    ];

    public static string Names => string.Join(", ", All.Select(cloud => cloud.Name));

    /// <summary>The names that an administrator may use; null for another.</summary>
    public static NationalCloud? Find(string name) => All.FirstOrDefault(cloud => cloud.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Instance discovery asks Microsoft whether it knows the authority; it knows none but its own.</summary>
    public static bool IsMicrosofts(Uri authority) => All.Any(cloud => cloud.Authority.Host == authority.Host);

    /// <summary>What tokens for a service of this cloud are asked for: its address without the slash.</summary>
    public static string Resource(Uri service) => service.GetLeftPart(UriPartial.Authority);
}
