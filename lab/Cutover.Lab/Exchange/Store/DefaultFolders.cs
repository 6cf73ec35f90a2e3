namespace Cutover.Lab.Exchange.Store;

/// <summary>One folder of a new mailbox.</summary>
internal sealed record DefaultFolder(
    SpecialFolder Special, SpecialFolder Parent, string English, string Dutch, string ContainerClass, bool IsSearch = false);

/// <summary>The folders of a new mailbox with the names that Outlook gives them. Folders outside the IPM subtree are never translated.</summary>
internal static class DefaultFolders
{
    /// <summary>Parents before children.</summary>
    public static readonly IReadOnlyList<DefaultFolder> All =
    [
        new(SpecialFolder.MailboxRoot, SpecialFolder.None, "", "", ""),
        Hidden(SpecialFolder.DeferredAction, "Deferred Action"),
        Hidden(SpecialFolder.SpoolerQueue, "Spooler Queue"),
        new(SpecialFolder.IpmSubtree, SpecialFolder.MailboxRoot, "Top of Information Store", "Bovenste niveau van gegevensarchief", ""),
        Visible(SpecialFolder.Inbox, "Inbox", "Postvak IN", "IPF.Note"),
        Visible(SpecialFolder.Outbox, "Outbox", "Postvak UIT", "IPF.Note"),
        Visible(SpecialFolder.SentItems, "Sent Items", "Verzonden items", "IPF.Note"),
        Visible(SpecialFolder.DeletedItems, "Deleted Items", "Verwijderde items", "IPF.Note"),
        Hidden(SpecialFolder.CommonViews, "Common Views"),
        Hidden(SpecialFolder.Schedule, "Schedule"),
        Hidden(SpecialFolder.Finder, "Finder"),
        Hidden(SpecialFolder.Views, "Views"),
        Hidden(SpecialFolder.Shortcuts, "Shortcuts"),
        Visible(SpecialFolder.Calendar, "Calendar", "Agenda", "IPF.Appointment"),
        Visible(SpecialFolder.Contacts, "Contacts", "Contactpersonen", "IPF.Contact"),
        Visible(SpecialFolder.Drafts, "Drafts", "Concepten", "IPF.Note"),
        Visible(SpecialFolder.Journal, "Journal", "Logboek", "IPF.Journal"),
        Visible(SpecialFolder.Notes, "Notes", "Notities", "IPF.StickyNote"),
        Visible(SpecialFolder.Tasks, "Tasks", "Taken", "IPF.Task"),
        Visible(SpecialFolder.JunkEmail, "Junk Email", "Ongewenste e-mail", "IPF.Note"),
        new(SpecialFolder.Reminders, SpecialFolder.MailboxRoot, "Reminders", "Reminders", "Outlook.Reminder", IsSearch: true),
        Hidden(SpecialFolder.RecoverableItems, "Recoverable Items"),
    ];

    /// <summary>Those of the public store. Source: [MS-OXCSTOR] 2.2.1.1.4.</summary>
    public static readonly IReadOnlyList<DefaultFolder> Public =
    [
        new(SpecialFolder.MailboxRoot, SpecialFolder.None, "", "", ""),
        new(SpecialFolder.IpmSubtree, SpecialFolder.MailboxRoot, "IPM_SUBTREE", "IPM_SUBTREE", ""),
        new(SpecialFolder.PublicNonIpmSubtree, SpecialFolder.MailboxRoot, "NON_IPM_SUBTREE", "NON_IPM_SUBTREE", ""),
        new(SpecialFolder.PublicFormsRegistry, SpecialFolder.PublicNonIpmSubtree, "EFORMS REGISTRY", "EFORMS REGISTRY", ""),
        new(SpecialFolder.PublicFreeBusy, SpecialFolder.PublicNonIpmSubtree, "SCHEDULE+ FREE BUSY", "SCHEDULE+ FREE BUSY", ""),
        new(SpecialFolder.PublicOfflineAddressBook, SpecialFolder.PublicNonIpmSubtree, "OFFLINE ADDRESS BOOK", "OFFLINE ADDRESS BOOK", ""),
    ];

    /// <summary>The display name for a language such as nl-NL; everything that isn't Dutch is English.</summary>
    public static string NameIn(this DefaultFolder folder, string language) =>
        language.StartsWith("nl", StringComparison.OrdinalIgnoreCase) ? folder.Dutch : folder.English;

    private static DefaultFolder Hidden(SpecialFolder special, string name) => new(special, SpecialFolder.MailboxRoot, name, name, "");

    private static DefaultFolder Visible(SpecialFolder special, string english, string dutch, string containerClass) =>
        new(special, SpecialFolder.IpmSubtree, english, dutch, containerClass);
}
