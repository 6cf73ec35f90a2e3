namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>A folder that every new mailbox has, in the mailbox's language.</summary>
internal sealed record DefaultFolder(string WellKnownName, string Type, string English, string Dutch)
{
    public const string RootName = "msgfolderroot";

    public static readonly DefaultFolder Root = new(RootName, "IPF", "Top of Information Store", "Bovenste niveau van gegevensarchief");

    public static readonly IReadOnlyList<DefaultFolder> BelowRoot =
    [
        new("archive", "IPF.Note", "Archive", "Archief"),
        new("calendar", "IPF.Appointment", "Calendar", "Agenda"),
        new("contacts", "IPF.Contact", "Contacts", "Contactpersonen"),
        new("conversationhistory", "IPF.Note", "Conversation History", "Gespreksgeschiedenis"),
        new("deleteditems", "IPF.Note", "Deleted Items", "Verwijderde items"),
        new("drafts", "IPF.Note", "Drafts", "Concepten"),
        new("inbox", "IPF.Note", "Inbox", "Postvak IN"),
        new("journal", "IPF.Journal", "Journal", "Logboek"),
        new("junkemail", "IPF.Note", "Junk Email", "Ongewenste e-mail"),
        new("notes", "IPF.StickyNote", "Notes", "Notities"),
        new("outbox", "IPF.Note", "Outbox", "Postvak UIT"),
        new("sentitems", "IPF.Note", "Sent Items", "Verzonden items"),
        new("tasks", "IPF.Task", "Tasks", "Taken"),
    ];

    public string NameIn(string? language) => language?.StartsWith("nl", StringComparison.OrdinalIgnoreCase) == true ? Dutch : English;
}
