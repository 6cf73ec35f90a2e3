using System.Globalization;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation.Items;

namespace Cutover.Lab.Organisation;

/// <summary>What happened in the mailboxes between two synchronisations. Every item is counted once.</summary>
public sealed record MeanwhileChanges(int Delivered, int Read, int Changed, int Moved, int Deleted, int FoldersMade)
{
    public int Total => Delivered + Read + Changed + Moved + Deleted;
}

/// <content>Life goes on at the source.</content>
public static partial class ContosoMail
{
    private static readonly DateTime MeanwhileStart = new(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// New mail arrives; items are read, flagged, moved and deleted; folders are made. All of it happens or, when the process dies, none of it.
    /// Calling it again with the same seed changes nothing and answers the same.
    /// </summary>
    public static MeanwhileChanges DeliverMeanwhile(ExchangeStore store, ContosoOrganisation organisation, int seed)
    {
        var marks = new StoreMarks(store, organisation);
        var name = string.Create(CultureInfo.InvariantCulture, $"meanwhile.{seed}");
        if (marks.Find(name) is { } done) return Parse(done);
        using var bulk = store.BeginBulk();
        var changes = organisation.Mailboxes
            .Select((owner, number) => (Owner: owner, Mailbox: store.FindMailbox(owner.LegacyExchangeDN), Random: new Random(seed * 104_729 + number)))
            .Where(one => one.Mailbox is not null)
            .Select(one => Change(one.Mailbox!, organisation, one.Owner, one.Random, seed))
            .ToList();
        var sum = new MeanwhileChanges(
            changes.Sum(one => one.Delivered), changes.Sum(one => one.Read), changes.Sum(one => one.Changed), changes.Sum(one => one.Moved),
            changes.Sum(one => one.Deleted), changes.Sum(one => one.FoldersMade));
        marks.Add(name, string.Create(
            CultureInfo.InvariantCulture, $"{sum.Delivered} {sum.Read} {sum.Changed} {sum.Moved} {sum.Deleted} {sum.FoldersMade}"));
        return sum;
    }

    private static MeanwhileChanges Change(MailboxStore mailbox, ContosoOrganisation organisation, Recipient owner, Random random, int seed)
    {
        // Taken in this order from one list, so that no item changes twice.
        var items = new Queue<StoredMessage>(MailOf(mailbox).OrderBy(_ => random.Next()));
        var read = Each(Take(items, 3), message => mailbox.SetReadState(message.Id, !message.IsRead));
        var changed = Each(Take(items, 2), message => Flag(mailbox, message));
        var inboxFolder = mailbox.Folders.Where(folder => folder.Parent == mailbox.FolderOf(FolderRole.Inbox)).Select(folder => folder.Id).FirstOrDefault();
        var moved = inboxFolder == 0 ? 0 : Each(
            Take(items, 3).Where(message => message.Folder != inboxFolder), message => mailbox.MoveMessage(message.Id, inboxFolder));
        var deleted = Each(Take(items, 2), message => mailbox.DeleteMessage(message.Id));
        moved += Each(Take(items, 1).Where(IsNotDeleted), message => mailbox.MoveMessage(message.Id, mailbox.FolderOf(FolderRole.DeletedItems)));
        var folder = random.Next(2) == 0 ? MakeFolder(mailbox, seed) : (long?)null;
        var delivered = Deliver(mailbox, new MailComposer(organisation, owner, random), random, folder);
        return new MeanwhileChanges(delivered, read, changed, moved, deleted, folder is null ? 0 : 1);

        bool IsNotDeleted(StoredMessage message) => message.Folder != mailbox.FolderOf(FolderRole.DeletedItems);
    }

    private static IEnumerable<StoredMessage> MailOf(MailboxStore mailbox) => mailbox.Folders
        .Where(folder => folder is { IsSearch: false, ItemCount: > 0 } && folder.ContainerClass == "IPF.Note")
        .SelectMany(folder => mailbox.Messages(folder.Id))
        .Where(message => !message.IsAssociated);

    private static int Deliver(MailboxStore mailbox, MailComposer composer, Random random, long? newFolder)
    {
        var inbox = mailbox.FolderOf(FolderRole.Inbox);
        var count = random.Next(2, 5);
        for (var i = 0; i < count; i++)
        {
            var thread = composer.NewThread(MeanwhileStart, within: TimeSpan.FromHours(2));
            var folder = i == 0 ? newFolder ?? inbox : inbox;
            mailbox.SaveMessage(folder, composer.Received(thread, composer.Somebody()), isRead: false);
        }
        return count;
    }

    private static long MakeFolder(MailboxStore mailbox, int seed) =>
        mailbox.CreateFolder(mailbox.FolderOf(FolderRole.Root), string.Create(CultureInfo.InvariantCulture, $"Nieuw project {seed}"), "IPF.Note");

    private static void Flag(MailboxStore mailbox, StoredMessage message)
    {
        var content = mailbox.ReadMessage(message.Id);
        MailComposer.Flag(content.Properties, MeanwhileStart);
        mailbox.UpdateMessage(message.Id, content);
    }

    private static List<StoredMessage> Take(Queue<StoredMessage> items, int count)
    {
        var taken = new List<StoredMessage>();
        while (taken.Count < count && items.TryDequeue(out var message)) taken.Add(message);
        return taken;
    }

    private static int Each(IEnumerable<StoredMessage> messages, Action<StoredMessage> change)
    {
        var count = 0;
        foreach (var message in messages)
        {
            change(message);
            count++;
        }
        return count;
    }

    private static MeanwhileChanges Parse(string mark)
    {
        var counts = mark.Split(' ').Select(count => int.Parse(count, CultureInfo.InvariantCulture)).ToList();
        return new MeanwhileChanges(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
    }
}
