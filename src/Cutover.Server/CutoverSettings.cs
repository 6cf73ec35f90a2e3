using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Core.Recipients;

namespace Cutover.Server;

/// <summary>What an administrator writes down for a cutover: the settings file of <c>cutover migrate</c>. Secrets are named (env:NAME, file:PATH), never written in it.</summary>
public sealed record CutoverSettings
{
    public required string Domain { get; init; }

    public required string OrganisationName { get; init; }

    public required SourceSettings Source { get; init; }

    public required TargetSettings Target { get; init; }

    public DnsSettings Dns { get; init; } = new();

    public MailSettings Mail { get; init; } = new();

    public NetworkSettings Network { get; init; } = new();

    /// <summary>Where measurements and traces go; none collects nothing.</summary>
    public TelemetrySettings? Telemetry { get; init; }

    /// <summary>A PostgreSQL database in place of the file in the work folder: then several hosts share the work.</summary>
    public StorageSettings? Storage { get; init; }

    /// <summary>en or nl: the language of the messages to users.</summary>
    public string Language { get; init; } = "en";

    public string BatchName { get; init; } = "cutover";

    /// <summary>Mailboxes hidden from address lists that no group, manager or delegate shows, by SMTP address.</summary>
    public IReadOnlyList<string> HiddenMailboxes { get; init; } = [];

    /// <summary>Mailboxes that stay behind, by SMTP address.</summary>
    public IReadOnlyList<string> ExcludedMailboxes { get; init; } = [];

    /// <summary>Mailboxes that are copied, verified and approved before all others, by SMTP address.</summary>
    public IReadOnlyList<string> PilotMailboxes { get; init; } = [];

    /// <summary>Items of one mailbox that may be skipped before somebody must approve them; none never asks.</summary>
    public int? SkipLimit { get; init; }

    /// <summary>A JSON file with what was decided about single recipients (docs/operations/settings.md); <c>cutover recipients settle</c> writes it.</summary>
    public string? RecipientDecisionsFile { get; init; }

    /// <summary>Primary addresses in the first domain move to the second, such as contoso.local to contoso.com.</summary>
    public IReadOnlyDictionary<string, string> PrimaryDomains { get; init; } = new Dictionary<string, string>();

    /// <summary>How long senders may still use the old MX after the switch, in hours.</summary>
    public double MailRoutingWaitHours { get; init; } = 72;

    /// <summary>How long after a pass over a mailbox the next one begins by itself, in minutes.</summary>
    public double IncrementalSyncMinutes { get; init; } = 15;

    /// <summary>Seconds between two looks at something that takes time outside.</summary>
    public double PollSeconds { get; init; } = 30;

    /// <exception cref="InvalidSettingsException">The file is not there, not JSON, or lacks something; the message says what and where.</exception>
    public static CutoverSettings Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, SettingsJson.Default.CutoverSettings)
                ?? throw new InvalidSettingsException($"{file} holds null in place of settings.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The settings file {file} can't be read: {error.Message}");
        }
        catch (JsonException error)
        {
            throw new InvalidSettingsException($"The settings file {file} is wrong at line {error.LineNumber + 1}: {error.Message}");
        }
    }
}

/// <summary>Who is told how the engine fares.</summary>
/// <param name="PrometheusPort">The port on which Prometheus finds <c>/metrics</c>.</param>
/// <param name="PrometheusHost">The name or address that it listens at.</param>
/// <param name="OtlpEndpoint">The URL of an OpenTelemetry collector (gRPC), for measurements and traces.</param>
public sealed record TelemetrySettings(int? PrometheusPort = null, string PrometheusHost = "localhost", string? OtlpEndpoint = null);

/// <summary>Where the hosts of a cluster meet.</summary>
/// <param name="ConnectionString">env:NAME or file:PATH, which holds the connection string: <c>Host=db;Database=cutover;Username=cutover;Password=…</c>.</param>
/// <param name="Folder">A folder that every host sees, for receipts and items kept aside.</param>
/// <param name="Address">The IP address at which the other hosts reach this one; none takes the one that leads to the database.</param>
/// <param name="SiloPort">The TCP port for it; 0 takes a free one.</param>
public sealed record StorageSettings(string ConnectionString, string Folder, string? Address = null, int SiloPort = 0);

/// <summary>The on-premises Exchange organisation.</summary>
/// <param name="TestMailbox">The e-mail address whose mailbox is used for Autodiscover and the test (S44).</param>
/// <param name="UserName">The migration administrator: <c>domain\user</c> or an e-mail address (S45).</param>
/// <param name="ExchangeServer">Only without Autodiscover (S48).</param>
/// <param name="RpcProxyServer">Only without Autodiscover (S48).</param>
/// <param name="Transport"><c>auto</c>, <c>mapiHttp</c> or <c>rpcHttp</c>.</param>
/// <param name="AcceptedHosts">Hosts outside the mail domain that may get the password when Autodiscover leads there.</param>
/// <param name="Authentication">Basic, Ntlm, Negotiate or Kerberos; none takes what Autodiscover says, or the strongest that is offered.</param>
/// <param name="RpcProtection">None, Connect, Integrity or Privacy inside TLS; none takes privacy where the server can.</param>
/// <param name="AtEndOfChannel">Recycle or Rotate: what becomes of a connection when a channel of RPC over HTTP nears its end.</param>
public sealed record SourceSettings(
    string TestMailbox, string UserName, string Password, string? ExchangeServer = null, string? RpcProxyServer = null,
    int MaxConcurrentMigrations = 4, int MaxConcurrentIncrementalSyncs = 4, string? Transport = null, IReadOnlyList<string>? AcceptedHosts = null,
    string? Authentication = null, string? RpcProtection = null, string? AtEndOfChannel = null, PaceSettings? Pace = null);

/// <summary>How hard a side may be driven.</summary>
/// <param name="AllowedHours">When mailboxes may be copied, such as "Mon-Fri 19:00-07:00", "Sat-Sun 00:00-24:00"; none means always.</param>
/// <param name="TimeZone">The time zone of the hours, such as Europe/Amsterdam; none takes this machine's.</param>
/// <param name="MaxMegabytesPerSecond">Of all mailboxes and hosts together; none means no limit.</param>
/// <param name="MinConcurrentMigrations">How far the number of mailboxes at once may fall while the side is in distress.</param>
public sealed record PaceSettings(
    IReadOnlyList<string>? AllowedHours = null, string? TimeZone = null, double? MaxMegabytesPerSecond = null, int MinConcurrentMigrations = 1);

/// <summary>The Microsoft 365 tenant and the application that acts in it.</summary>
/// <param name="UsageLocation">The country that licences are assigned in, such as NL.</param>
/// <param name="ClientSecret">One of the three ways to sign in: the application's secret, as env:NAME or file:PATH.</param>
/// <param name="CertificateFile">A PEM file with certificate and unencrypted key.</param>
/// <param name="FederatedTokenFile">Where the platform keeps the token of a workload identity.</param>
/// <param name="Licence">The only licence to assign (skuPartNumber); none takes the one with the largest mailbox.</param>
/// <param name="Cloud">Global, USGovGCCHigh, USGovDoD or China.</param>
public sealed record TargetSettings(
    string TenantId, string ClientId, string UsageLocation, string? ClientSecret = null, string? CertificateFile = null, string? FederatedTokenFile = null,
    string? Licence = null, string? Cloud = null, string? Authority = null, string? GraphUrl = null, string? ExchangeOnlineUrl = null,
    string? ImportHost = null, PaceSettings? Pace = null);

/// <summary>How DNS is changed (<c>manual</c>: you change it and Cutover waits; <c>rfc2136</c>: dynamic update with TSIG) and whom it is asked of.</summary>
/// <param name="Server">host or host:port of the zone's primary.</param>
/// <param name="Resolvers">address:port of the servers to ask; none asks the system's.</param>
public sealed record DnsSettings(
    string Mode = "manual", string? Server = null, string? KeyName = null, string? KeySecret = null, string KeyAlgorithm = "hmac-sha256",
    IReadOnlyList<string>? Resolvers = null);

/// <summary>How messages to users are sent: through Graph as <paramref name="From"/>, or through an SMTP server.</summary>
public sealed record MailSettings(
    string? From = null, string? SmtpServer = null, int SmtpPort = 25, string? SmtpUserName = null, string? SmtpPassword = null);

/// <summary>What the network needs beyond the system's own settings.</summary>
/// <param name="TrustedCertificates">PEM files of private certification authorities.</param>
/// <param name="ConnectTo">host:port:to-host:to-port, as curl's --connect-to: names stay right for TLS, only the connection goes elsewhere.</param>
/// <param name="AcceptUntrusted">host=SHA-256 fingerprint of certificates that nothing vouches for.</param>
public sealed record NetworkSettings(
    IReadOnlyList<string>? TrustedCertificates = null, IReadOnlyList<string>? ConnectTo = null, IReadOnlyList<string>? AcceptUntrusted = null);

/// <summary>The settings can't be used; the message is for the administrator.</summary>
public sealed class InvalidSettingsException(string message) : Exception(message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CutoverSettings))]
[JsonSerializable(typeof(Dictionary<string, RecipientDecision>))]
public sealed partial class SettingsJson : JsonSerializerContext;
