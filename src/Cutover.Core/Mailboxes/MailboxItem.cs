namespace Cutover.Core.Mailboxes;

/// <summary>Names an item of the source for good, across versions; moving it to another folder gives it another key.</summary>
public readonly record struct ItemKey(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The canonical SHA-256 of an item's content in lower-case hex, as docs/formats/content-digest.md defines it; the read state is left out.</summary>
public readonly record struct ContentDigest(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What lists and receipts tell of an item, without its content.</summary>
/// <param name="Version">Changes whenever the content changes, and only then (not with the read state).</param>
/// <param name="ItemClass">PidTagMessageClass, such as IPM.Note.</param>
/// <param name="Subject">For the administrator's own lists; never logged.</param>
/// <param name="Received">Delivery time, else creation time.</param>
/// <param name="Size">Bytes as the source counts them; 0 when it does not say.</param>
public sealed record ItemInfo(
    ItemKey Key, string Version, bool IsRead, string ItemClass, string? Subject, DateTimeOffset? Received, long Size)
{
    /// <summary>True for a folder-associated item: a view, a form, a rule, a setting. Users never see one.</summary>
    public bool IsAssociated { get; init; }
}

/// <summary>
/// An item of the source, ready to be copied. Its content is an item stream (docs/formats/item-stream.md) that can be opened again and again
/// until the item is disposed; it is never held whole in memory.
/// </summary>
public abstract class MailboxItem : IAsyncDisposable
{
    public abstract ItemInfo Info { get; }

    public abstract FolderKey Folder { get; }

    /// <summary>The digest of the content as the source gave it.</summary>
    public abstract ContentDigest Digest { get; }

    /// <summary>The length in bytes of the stream that <see cref="OpenAsync"/> gives.</summary>
    public abstract long StreamLength { get; }

    /// <summary>Opens the item stream from its first byte.</summary>
    public abstract ValueTask<Stream> OpenAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
