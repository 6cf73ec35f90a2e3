namespace Cutover.Core.Mailboxes;

/// <summary>Names a folder of the source for good: renaming and moving it keep the key.</summary>
public readonly record struct FolderKey(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What a folder is for. Well-known folders are matched by role, never by name, so that they land in the user's language.</summary>
public enum FolderRole
{
    /// <summary>A folder that the user made.</summary>
    None,

    /// <summary>The top of what the user sees (IPM subtree, msgFolderRoot).</summary>
    Root,
    Inbox,
    SentItems,
    DeletedItems,
    Drafts,
    Outbox,
    JunkEmail,
    Archive,
    Calendar,
    Contacts,
    Tasks,
    Notes,
    Journal,
}

/// <summary>A folder of the source.</summary>
/// <param name="Parent">Null for the root.</param>
/// <param name="Name">The display name as the user gave it; may hold any character.</param>
/// <param name="ContainerClass">PidTagContainerClass, such as IPF.Note.</param>
/// <param name="ItemCount">Items as the source counts them, folder-associated items left out.</param>
public sealed record MailboxFolder(
    FolderKey Key, FolderKey? Parent, string Name, FolderRole Role, string ContainerClass, long ItemCount);
