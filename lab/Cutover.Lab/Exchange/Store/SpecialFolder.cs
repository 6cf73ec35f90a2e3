using Cutover.Core.Mailboxes;

namespace Cutover.Lab.Exchange.Store;

/// <summary>
/// The folders that every mailbox is born with. The first thirteen are those of RopLogon, in its order. Source: [MS-OXCSTOR] 2.2.1.1.3.
/// </summary>
public enum SpecialFolder
{
    MailboxRoot = 0,
    DeferredAction = 1,
    SpoolerQueue = 2,
    IpmSubtree = 3,
    Inbox = 4,
    Outbox = 5,
    SentItems = 6,
    DeletedItems = 7,
    CommonViews = 8,
    Schedule = 9,
    Finder = 10,
    Views = 11,
    Shortcuts = 12,
    Calendar = 20,
    Contacts = 21,
    Drafts = 22,
    Journal = 23,
    Notes = 24,
    Tasks = 25,
    JunkEmail = 26,
    Reminders = 27,
    RecoverableItems = 28,

    /// <summary>In the public store, whose root and IPM subtree are those of a mailbox.</summary>
    PublicNonIpmSubtree = 40,
    PublicFormsRegistry = 41,
    PublicFreeBusy = 42,
    PublicOfflineAddressBook = 43,

    /// <summary>A folder that somebody made.</summary>
    None = 99,
}

/// <summary>Which role a special folder plays for its user.</summary>
public static class SpecialFolders
{
    private static readonly Dictionary<FolderRole, SpecialFolder> ByRole = new()
    {
        [FolderRole.Root] = SpecialFolder.IpmSubtree,
        [FolderRole.Inbox] = SpecialFolder.Inbox,
        [FolderRole.SentItems] = SpecialFolder.SentItems,
        [FolderRole.DeletedItems] = SpecialFolder.DeletedItems,
        [FolderRole.Drafts] = SpecialFolder.Drafts,
        [FolderRole.Outbox] = SpecialFolder.Outbox,
        [FolderRole.JunkEmail] = SpecialFolder.JunkEmail,
        [FolderRole.Calendar] = SpecialFolder.Calendar,
        [FolderRole.Contacts] = SpecialFolder.Contacts,
        [FolderRole.Tasks] = SpecialFolder.Tasks,
        [FolderRole.Notes] = SpecialFolder.Notes,
        [FolderRole.Journal] = SpecialFolder.Journal,
    };

    private static readonly Dictionary<SpecialFolder, FolderRole> RoleOf = ByRole.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The number of folders that RopLogon answers.</summary>
    public const int LogonFolderCount = 13;

    /// <exception cref="ArgumentException">A mailbox on premises has no folder for this role (None, Archive).</exception>
    public static SpecialFolder ToSpecialFolder(this FolderRole role) =>
        ByRole.TryGetValue(role, out var special)
            ? special
            : throw new ArgumentException($"An on-premises mailbox has no folder for the role {role}.", nameof(role));

    public static FolderRole ToRole(this SpecialFolder special) => RoleOf.GetValueOrDefault(special);
}
