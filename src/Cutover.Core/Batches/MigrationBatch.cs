using Cutover.Core.Endpoints;
using Cutover.Core.Ledger;

namespace Cutover.Core.Batches;

/// <summary>A mailbox that moves: where it is and where it goes.</summary>
public sealed record MigrationUser(SourceMailbox Source, TargetMailbox Target)
{
    /// <summary>What lists, history and receipts call the user: its primary SMTP address at the source.</summary>
    public string Name => Source.PrimarySmtpAddress;

    /// <summary>Bytes that the mailbox holds at the source; 0 when nobody measured. The largest are copied first, so that the batch ends together.</summary>
    public long Size { get; init; }
}

/// <summary>A cutover batch as the administrator defined it: every mailbox of one organisation, and the two connections (S52).</summary>
public sealed record MigrationBatch(
    BatchName Name, MigrationEndpoint Source, MigrationEndpoint Target, IReadOnlyList<MigrationUser> Users)
{
    /// <summary>
    /// Items of one mailbox that may be skipped before somebody must look: a mailbox with more fails after its pass, with everything else copied, until a person
    /// approves them by name. Null never asks; the receipt lists them either way.
    /// </summary>
    public int? SkipLimit { get; init; }
}

/// <summary>That a person looked at the items of a mailbox that were skipped and lets it go on without them; kept for good.</summary>
/// <param name="Skipped">How many there were then: what is skipped later is not covered.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record SkipApproval(DateTimeOffset At, string User, long Skipped, string Actor, string Reason);

/// <summary>An item that was not copied.</summary>
/// <param name="Folder">Its path at the source.</param>
public sealed record SkippedItem(string User, string Folder, LedgerEntry Entry);

/// <summary>One change of state of a batch or of one of its users; kept for good.</summary>
/// <param name="User">The user's name; null when the batch itself changed.</param>
/// <param name="From">The status before; null for the first one.</param>
/// <param name="Cause">What happened, for the administrator.</param>
/// <param name="Actor">Who or what caused it: an account, or <c>engine</c>.</param>
public sealed record StateChange(
    DateTimeOffset At, BatchName Batch, string? User, string? From, string To, string Cause, string Actor);
