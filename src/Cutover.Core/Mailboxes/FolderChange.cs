using Cutover.Core.Faults;

namespace Cutover.Core.Mailboxes;

/// <summary>Where a folder's synchronisation stands, in the source's own form; opaque to everyone else.</summary>
public sealed record SyncState(ReadOnlyMemory<byte> Value);

/// <summary>A set of items that may be named by ranges, so it is asked and not listed.</summary>
public abstract class ItemKeySet
{
    public abstract bool Contains(ItemKey key);
}

/// <summary>One thing that happened in a folder of the source since a <see cref="SyncState"/>.</summary>
public abstract record FolderChange;

/// <summary>The item is new or its content changed. Who receives it disposes it.</summary>
public sealed record Upserted(MailboxItem Item) : FolderChange;

/// <summary>An item is there but can't be read; it costs one item, never the folder.</summary>
public sealed record Unreadable(ItemInfo Item, MigrationFault Fault) : FolderChange
{
    /// <summary>What of it could be read, to be kept aside; its stream may end anywhere. Who receives it disposes it.</summary>
    public MailboxItem? Partial { get; init; }
}

/// <summary>These items were read, or marked unread; their content stayed as it was.</summary>
public sealed record ReadStateChanged(ItemKeySet Items, bool IsRead) : FolderChange;

/// <summary>These items left the folder: deleted, or moved (then they come as <see cref="Upserted"/> elsewhere under another key).</summary>
public sealed record Deleted(ItemKeySet Items) : FolderChange;

/// <summary>Everything before it, once copied, need not be asked for again. May come in the middle; always comes last.</summary>
public sealed record Checkpoint(SyncState State) : FolderChange;
