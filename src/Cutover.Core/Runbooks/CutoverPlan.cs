using Cutover.Core.Batches;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;

namespace Cutover.Core.Runbooks;

/// <summary>What the administrator decides before a cutover starts.</summary>
public sealed record CutoverPlan
{
    /// <summary>The organisation's mail domain, such as contoso.com.</summary>
    public required string Domain { get; init; }

    /// <summary>The organisation's name as users know it.</summary>
    public required string OrganisationName { get; init; }

    /// <summary>The on-premises organisation; settings that Autodiscover finds may be left out.</summary>
    public required MigrationEndpoint Source { get; init; }

    public required MigrationEndpoint Target { get; init; }

    /// <summary>Whose mailbox is used for Autodiscover and the test (S44): usually the migration administrator's own.</summary>
    public required string TestMailbox { get; init; }

    /// <summary>Mailboxes that no address list and no group shows, by SMTP address (S77).</summary>
    public IReadOnlyList<string> HiddenMailboxes { get; init; } = [];

    /// <summary>The source mailbox of the migration administrator stays behind.</summary>
    public IReadOnlyList<string> ExcludedMailboxes { get; init; } = [];

    /// <summary>Mailboxes that are copied, verified and approved before the others, by SMTP address.</summary>
    public IReadOnlyList<string> PilotMailboxes { get; init; } = [];

    /// <inheritdoc cref="MigrationBatch.SkipLimit"/>
    public int? SkipLimit { get; init; }

    /// <summary>What the administrator decided about recipients that would conflict.</summary>
    public RecipientDecisions Decisions { get; init; } = RecipientDecisions.None;

    public BatchName BatchName { get; init; } = BatchName.Parse("cutover");

    /// <summary>How long senders may still use the old MX after the switch (S66); the batch stays at least that long, syncing.</summary>
    public TimeSpan MailRoutingWait { get; init; } = TimeSpan.FromHours(72);

    /// <summary>The longest TTL that the MX records may have before the switch (S63).</summary>
    public TimeSpan SwitchTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after a pass over a mailbox the next one begins by itself.</summary>
    public TimeSpan IncrementalSyncInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Between two looks at something that takes time outside (a DNS record to appear, a sync to end).</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(30);
}
