using System.Globalization;
using System.Net;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Endpoints.Dns;

namespace Cutover.Server;

/// <summary>Opens the zone and the resolver that the settings name.</summary>
internal static class DnsAccess
{
    private const int DnsPort = 53;

    public static IDnsZone OpenZone(CutoverSettings settings, Action<string> tell, TimeProvider clock) => settings.Dns.Mode switch
    {
        "manual" => new ManualDnsZone(settings.Domain, tell),
        "rfc2136" => new Rfc2136DnsZone(settings.Domain, Primary(settings.Dns), Key(settings.Dns), clock),
        var other => throw new InvalidSettingsException($"dns.mode is '{other}'; it is manual or rfc2136."),
    };

    public static DnsResolver OpenResolver(DnsSettings settings) =>
        new DnsResolver([.. (settings.Resolvers ?? []).Select(Parse)]);

    private static IPEndPoint Primary(DnsSettings settings) =>
        Parse(settings.Server ?? throw new InvalidSettingsException("dns.mode is rfc2136, but dns.server doesn't say where the zone's primary is."));

    private static TsigKey? Key(DnsSettings settings)
    {
        if (settings.KeyName is null) return null;
        var secret = settings.KeySecret ?? throw new InvalidSettingsException("dns.keyName needs dns.keySecret beside it.");
        try
        {
            return new TsigKey(settings.KeyName, Convert.FromBase64String(Secrets.Read(new SecretRef(secret))), settings.KeyAlgorithm);
        }
        catch (FormatException)
        {
            throw new InvalidSettingsException($"The TSIG secret at {secret} is not base64.");
        }
    }

    private static IPEndPoint Parse(string server)
    {
        if (IPEndPoint.TryParse(server, out var endPoint)) return endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, DnsPort) : endPoint;
        var (host, port) = server.Split(':') is [var first, var second] ? (first, int.Parse(second, CultureInfo.InvariantCulture)) : (server, DnsPort);
        var address = System.Net.Dns.GetHostAddresses(host).FirstOrDefault()
            ?? throw new InvalidSettingsException($"The DNS server '{server}' in the settings can't be found.");
        return new IPEndPoint(address, port);
    }
}
