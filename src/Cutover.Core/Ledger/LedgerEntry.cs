using Cutover.Core.Mailboxes;

namespace Cutover.Core.Ledger;

/// <summary>How far an item is.</summary>
public enum LedgerState
{
    /// <summary>Its upload was begun and no outcome is known: look at the target before repeating it.</summary>
    Started,

    /// <summary>It is at the target in this version.</summary>
    Copied,

    /// <summary>It could not be copied in this version; the reason is recorded.</summary>
    Skipped,

    /// <summary>The source deleted or moved it, and it is no longer at the target.</summary>
    Deleted,
}

/// <summary>What is known of one item of the source, in the last version that the engine met.</summary>
/// <param name="Target">Where an earlier version landed while the state is Started or Skipped; where this one is when Copied.</param>
/// <param name="Digest">The digest of the content as the source gave it; null when it was never read.</param>
/// <param name="Reason">Why it was skipped, or what about it could not be done; for the administrator.</param>
/// <param name="KeptAside">
/// The file that holds the item as the source gave it, relative to the work folder; null when none was kept. A copied item has one when it did not
/// arrive whole; the reason then says what is missing.
/// </param>
public sealed record LedgerEntry(
    FolderKey Folder, ItemInfo Item, LedgerState State, TargetItem? Target, ContentDigest? Digest, string? Reason = null, string? KeptAside = null)
{
    public ItemKey Key => Item.Key;

    /// <summary>True when a checkpoint covers it: the source will tell of every later change by itself.</summary>
    public bool IsSettled { get; init; }

    /// <summary>True while the item's read state is being carried and no outcome is known: the target may hold either.</summary>
    public bool IsReadStateInDoubt { get; init; }
}

/// <summary>A folder of the source and the folder that it became.</summary>
/// <param name="Target">Null while the first attempt to make it has no known outcome.</param>
public sealed record LedgerFolder(MailboxFolder Folder, TargetFolderId? Target)
{
    public FolderKey Key => Folder.Key;

    /// <summary>True while it is being made, renamed or moved at the target and no outcome is known.</summary>
    public bool IsInDoubt { get; init; }

    /// <summary>The counterpart of a folder that was made.</summary>
    public TargetFolderId Counterpart => Target ?? throw new InvalidOperationException($"The folder {Key} has no counterpart yet.");
}

/// <summary>The ledger of a mailbox in numbers.</summary>
/// <param name="Bytes">The sizes of the copied items, as the source counts them.</param>
public sealed record LedgerTotals(long Started, long Copied, long Skipped, long Deleted, long Folders, long Bytes);
