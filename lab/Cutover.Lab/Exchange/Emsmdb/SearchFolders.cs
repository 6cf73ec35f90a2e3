using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>What search folders show. Source: [MS-OXCFOLD] 3.2.5.4.</summary>
internal static class SearchFolders
{
    /// <summary>The messages of a folder; for a search folder those that it finds now, or found when a static search was started.</summary>
    public static IReadOnlyList<StoredMessage> Messages(MailboxStore mailbox, long folder)
    {
        if (mailbox.FindFolder(folder) is not { IsSearch: true }) return mailbox.Messages(folder);
        return mailbox.FindSearch(folder) is { } criteria ? Find(mailbox, criteria) : [];
    }

    public static IReadOnlyList<StoredMessage> Find(MailboxStore mailbox, SearchCriteria criteria)
    {
        if (criteria.Found is { } found) return [.. found.Select(mailbox.FindMessage).OfType<StoredMessage>()];
        var filter = new RowFilter(mailbox, Restriction.Read(new RopReader(criteria.Restriction)));
        return [.. Scope(mailbox, criteria).SelectMany(mailbox.Messages)
            .Where(message => !message.IsAssociated && filter.Matches(FolderRops.ContentsRow(mailbox, message)))];
    }

    /// <summary>The folder with the counts of what it finds.</summary>
    public static StoredFolder Counted(MailboxStore mailbox, StoredFolder folder)
    {
        if (!folder.IsSearch || mailbox.FindSearch(folder.Id) is not { } criteria) return folder;
        var found = Find(mailbox, criteria);
        return folder with { ItemCount = found.Count, UnreadCount = found.Count(message => !message.IsRead), Size = found.Sum(message => message.Size) };
    }

    private static IEnumerable<long> Scope(MailboxStore mailbox, SearchCriteria criteria)
    {
        if (!criteria.IsRecursive) return criteria.Scope;
        var all = mailbox.Folders;
        return criteria.Scope.SelectMany(root => FolderTree.Below(all, root).Where(folder => !folder.IsSearch).Select(folder => folder.Id).Prepend(root)).Distinct();
    }
}
