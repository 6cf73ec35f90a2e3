using Cutover.Core.Mailboxes;

namespace Cutover.Core.Verification;

/// <summary>One item's verification: a line of the receipt.</summary>
/// <param name="FolderPath">The source folder, as <see cref="FolderPaths"/> writes it.</param>
/// <param name="Item">The item as the source lists it now; for one that the source deleted meanwhile, as the ledger knows it.</param>
/// <param name="Digest">The digest of the content as the source gave it; null when it was never read.</param>
/// <param name="Target">Where it landed; null when it did not.</param>
/// <param name="Reason">What was found, for the administrator; null when verified.</param>
/// <param name="ReadStateOnly">The content is equal; only the read state differs.</param>
/// <param name="KeptAside">Where the original of an item is kept that was skipped or did not arrive whole, relative to the work folder.</param>
public sealed record VerifiedItem(
    string FolderPath, ItemInfo Item, VerificationOutcome Outcome, ContentDigest? Digest, TargetItem? Target, string? Reason = null,
    bool ReadStateOnly = false, string? KeptAside = null)
{
    /// <summary>False for an item that the source deleted after the last sync.</summary>
    public bool IsAtSource { get; init; } = true;

    /// <summary>This item alone in numbers, to be summed.</summary>
    public VerificationTotals Totals => new(
        IsAtSource ? 1 : 0, Count(VerificationOutcome.Verified), Count(VerificationOutcome.Mismatched), ReadStateOnly ? 1 : 0,
        Count(VerificationOutcome.Missing), Count(VerificationOutcome.Duplicated), Count(VerificationOutcome.Stale), Count(VerificationOutcome.Skipped),
        Outcome == VerificationOutcome.Verified ? Item.Size : 0);

    private long Count(VerificationOutcome outcome) => Outcome == outcome ? 1 : 0;
}
