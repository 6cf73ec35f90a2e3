using System.Net;
using System.Security.Cryptography.X509Certificates;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Authentication;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Graph;
using Cutover.Lab.Microsoft365.Throttling;

namespace Cutover.Lab.Microsoft365;

/// <summary>Which MX hosts the tenant hands out. Both are seen since July 2026 (message centre MC1048624).</summary>
public enum MxStyle
{
    /// <summary>contoso-com.mail.protection.outlook.com</summary>
    ProtectionOutlook,

    /// <summary>contoso-com.x-v1.mx.microsoft</summary>
    MxMicrosoft,
}

/// <summary>How the lab's Microsoft 365 tenant behaves. Whatever has to survive the process lies in <see cref="StateFile"/>.</summary>
public sealed record Microsoft365Options
{
    /// <summary>The port to listen on; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The SQLite file with the tenant: directory, domains, mailboxes, items.</summary>
    public required string StateFile { get; init; }

    public required CertificateChain CertificateChain { get; init; }

    /// <summary>The DNS server that domain verification asks; without one no domain can be verified.</summary>
    public IPEndPoint? DnsServer { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Is told every request to Graph, refused ones too, and its answer; null: nobody is.</summary>
    public Action<GraphExchange>? Observer { get; init; }

    public FaultSwitches FaultSwitches { get; init; } = new();

    public MxStyle MxStyle { get; init; }

    public string OrganizationName { get; init; } = "Contoso";

    public string InitialDomain { get; init; } = "contoso.onmicrosoft.com";

    /// <summary>True: directory synchronisation is on, which forbids a cutover; null: it never was.</summary>
    public bool? OnPremisesSyncEnabled { get; init; }

    /// <summary>The certificate registered on the application beside its secret; its public part suffices.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Another issuer's tokens that the application trusts (workload identity); null: none.</summary>
    public FederatedCredential? FederatedCredential { get; init; }

    /// <summary>When the application's secret runs out; null: never.</summary>
    public DateTimeOffset? ClientSecretExpires { get; init; }

    /// <summary>The application permissions on Microsoft Graph that an administrator consented to.</summary>
    public IReadOnlyList<string> GraphRoles { get; init; } = GraphPermissions.ForCutover;

    /// <summary>The application permissions on Office 365 Exchange Online.</summary>
    public IReadOnlyList<string> ExchangeRoles { get; init; } = ["Exchange.ManageAsApp"];

    /// <summary>Whether the application's service principal also holds the directory role Exchange Administrator.</summary>
    public bool IsExchangeAdministrator { get; init; } = true;

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(3599);

    public TimeSpan ImportSessionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>From licence to mailbox, by <see cref="Clock"/>.</summary>
    public TimeSpan MailboxProvisioningDelay { get; init; }

    /// <summary>How long a new user can't be read back yet (eventual consistency), by <see cref="Clock"/>.</summary>
    public TimeSpan ReplicationDelay { get; init; }

    /// <summary>Which items import refuses as corrupt, by subject; null: none.</summary>
    public Func<string?, bool>? RefusesImport { get; init; }

    /// <summary>Which attachments messages don't take, by file name; null: they take all.</summary>
    public Func<string, bool>? RefusesAttachment { get; init; }

    public ThrottlingOptions Throttling { get; init; } = new();

    /// <summary>What the organisation has bought.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [Subscription.Enterprise(seats: 2500)];

    /// <summary>Where mail for addresses outside the tenant goes; null: it is only recorded.</summary>
    public IPEndPoint? SmtpSink { get; init; }
}
