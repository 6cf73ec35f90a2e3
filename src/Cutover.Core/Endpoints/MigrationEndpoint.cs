namespace Cutover.Core.Endpoints;

public enum MigrationEndpointType
{
    /// <summary>An on-premises Exchange organisation, read over Outlook Anywhere.</summary>
    OutlookAnywhere,

    /// <summary>A Microsoft 365 tenant.</summary>
    Microsoft365,
}

/// <summary>Where a secret is kept, never the secret itself: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
public sealed record SecretRef(string Value)
{
    /// <summary>There is no secret: the endpoint signs in by a certificate or the platform's own identity.</summary>
    public static readonly SecretRef None = new("");

    public override string ToString() => Value;
}

/// <summary>A connection to one side, with how much it may be asked at once (S43, S49).</summary>
/// <param name="Settings">What the endpoint type needs to know, by the names in its settings class; never a secret.</param>
/// <param name="Secret">The password or client secret of the account.</param>
public sealed record MigrationEndpoint(
    string Name,
    MigrationEndpointType Type,
    IReadOnlyDictionary<string, string> Settings,
    SecretRef Secret,
    int MaxConcurrentMigrations,
    int MaxConcurrentIncrementalSyncs)
{
    /// <summary>Hours, bandwidth, and how far its limit may fall.</summary>
    public EndpointPace Pace { get; init; } = EndpointPace.Unlimited;
}

/// <summary>A mailbox as the source names it.</summary>
/// <param name="PrimarySmtpAddress">The owner's, for an archive too.</param>
public sealed record SourceMailbox(string LegacyExchangeDN, string PrimarySmtpAddress)
{
    /// <summary>The server that has it when it is not the one that the endpoint or Autodiscover names for its owner: an archive has its own.</summary>
    public string? ExchangeServer { get; init; }
}

/// <summary>A mailbox as the target names it.</summary>
/// <param name="UserId">The directory object id of its user.</param>
/// <param name="MailboxId">The mailbox id, such as MBX:….</param>
public sealed record TargetMailbox(string UserId, string MailboxId, string PrimarySmtpAddress);

/// <summary>What <c>Test-MigrationServerAvailability</c> tells (S51).</summary>
public sealed record EndpointTestResult(
    bool Success, string Message, IReadOnlyDictionary<string, string> ConnectionSettings, bool SupportsCutover, string? ErrorDetail)
{
    /// <summary>What stood in the way, when it was not a success.</summary>
    public Faults.MigrationFault? Fault { get; init; }

    /// <summary>Fails with what stood in the way.</summary>
    public void Require()
    {
        if (Success && SupportsCutover) return;
        throw Fault ?? new Faults.MigrationFault(Faults.FaultScope.Operator, $"The endpoint can't be used: {Message}", ErrorDetail ?? "Mend what the message names.");
    }
}

/// <summary>Opens connections to endpoints: how the engine meets the wire.</summary>
public interface IEndpointFactory
{
    /// <summary>
    /// Finds an on-premises organisation's settings by Autodiscover, from an administrator's e-mail address (S47), and returns the endpoint with them filled in.
    /// </summary>
    Task<MigrationEndpoint> DiscoverAsync(MigrationEndpoint endpoint, string emailAddress, CancellationToken ct);

    /// <summary>Connects, signs in and opens a mailbox (S44, S51). Never throws for what the endpoint answers: the result says it.</summary>
    Task<EndpointTestResult> TestAsync(MigrationEndpoint endpoint, string testMailbox, CancellationToken ct);

    Task<Recipients.IRecipientDirectory> OpenDirectoryAsync(MigrationEndpoint endpoint, CancellationToken ct);

    Task<Recipients.IRecipientProvisioner> OpenProvisionerAsync(MigrationEndpoint endpoint, CancellationToken ct);

    Task<Mailboxes.IMailboxSource> OpenSourceAsync(MigrationEndpoint endpoint, SourceMailbox mailbox, CancellationToken ct);

    Task<Mailboxes.IMailboxTarget> OpenTargetAsync(MigrationEndpoint endpoint, TargetMailbox mailbox, CancellationToken ct);

    Task<Domains.IDomainDirectory> OpenDomainsAsync(MigrationEndpoint endpoint, CancellationToken ct);
}
