using Cutover.Core.Faults;

namespace Cutover.Core.Mailboxes;

/// <summary>A folder's id at the target.</summary>
public readonly record struct TargetFolderId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>An item where it landed.</summary>
/// <param name="Id">The target's id of the item.</param>
/// <param name="ChangeKey">The target's version mark, needed to replace the item.</param>
public sealed record TargetItem(string Id, string ChangeKey);

/// <summary>Where an upload landed.</summary>
/// <param name="Loss">What of the item did not arrive and why, for the administrator; null when it arrived whole.</param>
public sealed record UploadedItem(TargetItem Item, string? Loss = null);

/// <summary>An item found at the target, with the source key and version it was stamped with when copied.</summary>
/// <param name="Key">Null for an item that did not come through Cutover, such as mail delivered after the switch.</param>
/// <param name="Loss">What of it did not arrive, as <see cref="UploadedItem.Loss"/> told when it was copied.</param>
public sealed record TargetItemInfo(TargetItem Item, ItemKey? Key, string? Version, string? Loss = null);

/// <summary>An item read back from the target: its digest and read state, or why it can't be had.</summary>
public sealed record ExportedItem(TargetItem Item, ContentDigest? Digest, bool IsRead, MigrationFault? Fault);

/// <summary>
/// A mailbox to copy to. Every call is look, make it so: it may be made again. Calls may be made side by side up to
/// <see cref="MailboxCapabilities.MaxConcurrentRequests"/>. Fails with <see cref="MigrationFault"/>.
/// </summary>
public interface IMailboxTarget : IAsyncDisposable
{
    MailboxCapabilities Capabilities { get; }

    /// <summary>Requests made since the mailbox was opened.</summary>
    long Requests { get; }

    /// <summary>
    /// Makes the folder if need be: a well-known folder by its role, another by name below <paramref name="parent"/> (null for the root itself).
    /// <paramref name="known"/> is what an earlier call returned; the folder is then renamed or moved where the source was. Calling it again
    /// returns the same id.
    /// </summary>
    Task<TargetFolderId> EnsureFolderAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct);

    /// <summary>
    /// Creates the item (<paramref name="existing"/> null) or replaces it, stamped with its key and version. Creating is not repeatable: when the
    /// fault says <see cref="MigrationFault.OutcomeUnknown"/>, ask <see cref="FindAsync"/> first.
    /// </summary>
    Task<UploadedItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct);

    /// <summary>The item that was stamped with this key, or null.</summary>
    Task<TargetItemInfo?> FindAsync(TargetFolderId folder, ItemKey key, CancellationToken ct);

    /// <summary>Marks the item read or unread and returns its new change key.</summary>
    Task<TargetItem> SetReadStateAsync(TargetItem item, bool isRead, CancellationToken ct);

    /// <summary>Deletes the item; already gone is well.</summary>
    Task DeleteAsync(TargetFolderId folder, TargetItem item, CancellationToken ct);

    /// <summary>Deletes a folder that the source no longer has; already gone is well. Well-known folders stay.</summary>
    Task DeleteFolderAsync(TargetFolderId folder, CancellationToken ct);

    /// <summary>Every item that the folder holds now.</summary>
    IAsyncEnumerable<TargetItemInfo> GetItemsAsync(TargetFolderId folder, CancellationToken ct);

    /// <summary>Reads items back and digests them. One answer per item, in any order; nothing is held whole.</summary>
    IAsyncEnumerable<ExportedItem> ExportAsync(IReadOnlyList<TargetItem> items, CancellationToken ct);

    /// <summary>Gives the mailbox these settings, beside those that it has. Returns what can't be given, each with what mends it.</summary>
    /// <param name="folders">Where the source's folders are here.</param>
    Task<IReadOnlyList<Recipients.ProvisioningFinding>> ApplySettingsAsync(
        MailboxSettings settings, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, CancellationToken ct);
}
