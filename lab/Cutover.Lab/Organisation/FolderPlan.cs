using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;

namespace Cutover.Lab.Organisation;

/// <summary>The folders of one mailbox that mail goes to, made when they aren't there.</summary>
/// <param name="Received">Where received mail lies, with the share of each.</param>
internal sealed record FolderPlan(
    IReadOnlyList<(long Folder, int Share)> Received, long Sent, long Drafts, long Deleted, long Calendar, long TeamCalendar,
    long Contacts, long Suppliers, long Tasks, long Notes)
{
    private const int Depth = 6;

    public static FolderPlan Create(MailboxStore mailbox, bool isDutch)
    {
        var top = mailbox.FolderOf(FolderRole.Root);
        var inbox = mailbox.FolderOf(FolderRole.Inbox);
        var projects = mailbox.CreateFolder(top, isDutch ? "Projecten" : "Projects", "IPF.Note");
        var move = mailbox.CreateFolder(projects, isDutch ? "Verhuizing 2026" : "Office move 2026", "IPF.Note");
        return new FolderPlan(
            [
                (inbox, 40),
                (mailbox.CreateFolder(inbox, isDutch ? "Klanten" : "Customers", "IPF.Note"), 15),
                (mailbox.CreateFolder(inbox, isDutch ? "Nieuwsbrieven" : "Newsletters", "IPF.Note"), 8),
                (projects, 5),
                (move, 8),
                (Nest(mailbox, move), 4),
                (mailbox.CreateFolder(top, "Belangrijke stukken", "IPF.Note"), 6),
                (mailbox.CreateFolder(top, "Facturen / Invoices", "IPF.Note"), 7),
                (mailbox.CreateFolder(top, "🚀 Lanceringen", "IPF.Note"), 4),
                (mailbox.FolderOf(FolderRole.JunkEmail), 3),
            ],
            mailbox.FolderOf(FolderRole.SentItems),
            mailbox.FolderOf(FolderRole.Drafts),
            mailbox.FolderOf(FolderRole.DeletedItems),
            mailbox.FolderOf(FolderRole.Calendar),
            mailbox.CreateFolder(mailbox.FolderOf(FolderRole.Calendar), isDutch ? "Teamagenda" : "Team calendar", "IPF.Appointment"),
            mailbox.FolderOf(FolderRole.Contacts),
            mailbox.CreateFolder(mailbox.FolderOf(FolderRole.Contacts), isDutch ? "Leveranciers" : "Suppliers", "IPF.Contact"),
            mailbox.FolderOf(FolderRole.Tasks),
            mailbox.FolderOf(FolderRole.Notes));
    }

    /// <summary>A folder for received mail, by the shares.</summary>
    public long PickReceived(Random random)
    {
        var left = random.Next(Received.Sum(folder => folder.Share));
        foreach (var (folder, share) in Received)
        {
            if ((left -= share) < 0) return folder;
        }
        return Received[0].Folder;
    }

    /// <summary>Every folder for mail.</summary>
    public IReadOnlyList<long> Mail => [.. Received.Select(folder => folder.Folder), Sent, Drafts, Deleted];

    private static long Nest(MailboxStore mailbox, long parent)
    {
        for (var level = 1; level <= Depth; level++) parent = mailbox.CreateFolder(parent, $"Fase {level}", "IPF.Note");
        return parent;
    }
}
