using System.Security.Cryptography.X509Certificates;
using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Runbooks;
using Cutover.Endpoints.Dns;
using Cutover.Mapi.Http;
using Cutover.Mapi.Tracing;
using Microsoft.Extensions.Logging;

namespace Cutover.Server;

/// <summary>What the settings mean to the rooms that use them.</summary>
internal static class SettingsReadings
{
    public static CutoverPlan ToPlan(this CutoverSettings settings) => new()
    {
        Domain = settings.Domain,
        OrganisationName = settings.OrganisationName,
        Source = settings.Source.ToEndpoint(),
        Target = Target(settings.Target),
        TestMailbox = settings.Source.TestMailbox,
        HiddenMailboxes = settings.HiddenMailboxes,
        ExcludedMailboxes = settings.ExcludedMailboxes,
        PilotMailboxes = settings.PilotMailboxes,
        SkipLimit = settings.SkipLimit,
        Decisions = RecipientDecisionsFile.Read(settings),
        BatchName = BatchName.TryParse(settings.BatchName, out var name, out var problem) ? name : throw new InvalidSettingsException(problem),
        MailRoutingWait = TimeSpan.FromHours(settings.MailRoutingWaitHours),
        IncrementalSyncInterval = TimeSpan.FromMinutes(settings.IncrementalSyncMinutes),
        PollInterval = TimeSpan.FromSeconds(settings.PollSeconds),
    };

    /// <param name="logger">Hears of certificates that are accepted although nothing vouches for them.</param>
    public static Connector ToConnector(this NetworkSettings settings, DnsResolver dns, ProtocolTrace? trace, ILogger logger) => new()
    {
        SrvResolver = dns.GetSrvAsync,
        Trace = trace,
        Logger = logger,
        AcceptUntrusted = [.. (settings.AcceptUntrusted ?? []).Select(text => Parse(text, AcceptedCertificate.Parse))],
        TrustedRoots = [.. (settings.TrustedCertificates ?? []).SelectMany(Roots)],
        ConnectTo = [.. (settings.ConnectTo ?? []).Select(text => Parse(text, ConnectTo.Parse))],
    };

    public static MigrationEndpoint ToEndpoint(this SourceSettings source) => new(
        "on-premises", MigrationEndpointType.OutlookAnywhere,
        Named(("UserName", source.UserName), ("ExchangeServer", source.ExchangeServer), ("RpcProxyServer", source.RpcProxyServer),
            ("Transport", source.Transport), ("AcceptedHosts", source.AcceptedHosts is { } hosts ? string.Join(',', hosts) : null),
            ("Authentication", source.Authentication), ("RpcProtection", source.RpcProtection), ("AtEndOfChannel", source.AtEndOfChannel)),
        new SecretRef(source.Password), source.MaxConcurrentMigrations, source.MaxConcurrentIncrementalSyncs)
    {
        Pace = Pace(source.Pace),
    };

    private static MigrationEndpoint Target(TargetSettings target) => new(
        "Microsoft 365", MigrationEndpointType.Microsoft365,
        Named(("TenantId", target.TenantId), ("ClientId", target.ClientId), ("UsageLocation", target.UsageLocation), ("Authority", target.Authority),
            ("GraphUrl", target.GraphUrl), ("ExchangeOnlineUrl", target.ExchangeOnlineUrl), ("ImportHosts", target.ImportHost),
            ("CertificateFile", target.CertificateFile), ("FederatedTokenFile", target.FederatedTokenFile), ("Licence", target.Licence), ("Cloud", target.Cloud)),
        SecretOf(target), int.MaxValue, int.MaxValue)
    {
        Pace = Pace(target.Pace),
    };

    private static EndpointPace Pace(PaceSettings? settings)
    {
        if (settings is null) return EndpointPace.Unlimited;
        if (settings.MaxMegabytesPerSecond is <= 0)
            throw new InvalidSettingsException("pace.maxMegabytesPerSecond takes a number above 0; leave it out for no limit.");
        Parse(settings, pace => AllowedHours.Parse(pace.AllowedHours ?? [], pace.TimeZone));
        return new EndpointPace
        {
            AllowedHours = settings.AllowedHours ?? [],
            TimeZone = settings.TimeZone,
            MaxBytesPerSecond = settings.MaxMegabytesPerSecond is { } megabytes ? (long)(megabytes * 1e6) : null,
            MinConcurrentMigrations = Math.Max(1, settings.MinConcurrentMigrations),
        };
    }

    private static SecretRef SecretOf(TargetSettings target) =>
        new[] { target.ClientSecret, target.CertificateFile, target.FederatedTokenFile }.Count(way => way is not null) == 1
            ? target.ClientSecret is { } secret ? new SecretRef(secret) : SecretRef.None
            : throw new InvalidSettingsException("target names not one way to sign in: set one of clientSecret, certificateFile and federatedTokenFile.");

    private static Dictionary<string, string> Named(params (string Name, string? Value)[] settings) =>
        settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Name, setting => setting.Value!);

    private static X509Certificate2Collection Roots(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidSettingsException($"The certificate file {file} can't be read: {error.Message}");
        }
    }

    private static T Parse<TText, T>(TText text, Func<TText, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException error)
        {
            throw new InvalidSettingsException(error.Message);
        }
    }
}
