namespace Cutover.Core.Mailboxes;

/// <summary>What an endpoint can do. The engine asks this, never which endpoint it is.</summary>
/// <param name="SupportsReadState">Read state can be carried apart from the content.</param>
/// <param name="SupportsExport">The target can hand items back for verification.</param>
/// <param name="MaxConcurrentRequests">Requests that one mailbox allows at once.</param>
public sealed record MailboxCapabilities(bool SupportsReadState, bool SupportsExport, int MaxConcurrentRequests);

/// <summary>
/// A mailbox to copy from. It is only ever read. One caller at a time. Fails with <see cref="Faults.MigrationFault"/>.
/// </summary>
public interface IMailboxSource : IAsyncDisposable
{
    MailboxCapabilities Capabilities { get; }

    /// <summary>Round trips made on the wire since the mailbox was opened.</summary>
    long RoundTrips { get; }

    /// <summary>Bytes that the mailbox holds, as the source counts them; 0 when it does not say.</summary>
    Task<long> GetSizeAsync(CancellationToken ct);

    /// <summary>All folders below and including the root, parents before children; search folders left out.</summary>
    IAsyncEnumerable<MailboxFolder> GetFoldersAsync(CancellationToken ct);

    /// <summary>What changed in a folder since <paramref name="since"/> (null: everything there is), ending with a checkpoint.</summary>
    IAsyncEnumerable<FolderChange> GetChangesAsync(FolderKey folder, SyncState? since, CancellationToken ct);

    /// <summary>Every item that the folder holds now, without content: the truth that verification starts from.</summary>
    IAsyncEnumerable<ItemInfo> GetItemsAsync(FolderKey folder, CancellationToken ct);

    /// <summary>What the user has set up beside mail; <paramref name="folders"/> are those whose rights are asked for.</summary>
    Task<MailboxSettings> GetSettingsAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct);
}
