using MailKit;
using MailKit.Net.Imap;

namespace Cutover.Interop.Gromox;

/// <summary>A message as gromox's IMAP gives it.</summary>
/// <param name="Facts">Null where MimeKit can't read what IMAP gives.</param>
internal sealed record ImapItem(UniqueId Uid, long Size, MailFacts? Facts);

/// <summary>Reads folders and messages by IMAP, with MailKit.</summary>
internal static class ImapSide
{
    /// <summary>Every folder below the top by its path.</summary>
    public static async Task<IReadOnlyDictionary<string, IMailFolder>> FoldersAsync(ImapClient imap, CancellationToken ct)
    {
        var found = await imap.GetFoldersAsync(imap.PersonalNamespaces[0], cancellationToken: ct);
        return found.Where(folder => folder.Exists && !folder.Attributes.HasFlag(FolderAttributes.NoSelect)).ToDictionary(PathOf, folder => folder);
    }

    public static async Task<IReadOnlyList<ImapItem>> ItemsAsync(IMailFolder folder, CancellationToken ct)
    {
        await folder.OpenAsync(FolderAccess.ReadOnly, ct);
        var items = new List<ImapItem>(folder.Count);
        foreach (var summary in await folder.FetchAsync(0, -1, MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.Size, ct))
        {
            var isRead = summary.Flags is { } flags && flags.HasFlag(MessageFlags.Seen);
            items.Add(new ImapItem(summary.UniqueId, summary.Size ?? 0, await ReadAsync(folder, summary.UniqueId, isRead, ct)));
        }
        await folder.CloseAsync(expunge: false, ct);
        return items;
    }

    /// <summary>Makes a folder and waits until LIST shows it: gromox's IMAP looks at the mailbox again only from time to time.</summary>
    public static async Task<IMailFolder> CreateAsync(ImapClient imap, IMailFolder parent, string name, CancellationToken ct)
    {
        if (await parent.CreateAsync(name, isMessageFolder: true, ct) is { } made) return made;
        var path = parent.FullName.Length == 0 ? name : parent.FullName + parent.DirectorySeparator + name;
        while (true)
        {
            try
            {
                return await imap.GetFolderAsync(path, ct);
            }
            catch (FolderNotFoundException)
            {
                await Task.Delay(100, ct);
            }
        }
    }

    private static async Task<MailFacts?> ReadAsync(IMailFolder folder, UniqueId uid, bool isRead, CancellationToken ct)
    {
        try
        {
            using var message = await folder.GetMessageAsync(uid, ct);
            return MailFacts.Of(message, isRead);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string PathOf(IMailFolder folder) =>
        folder.FullName.Equals("INBOX", StringComparison.OrdinalIgnoreCase) ? "Inbox" : folder.FullName.Replace(folder.DirectorySeparator, '/');
}
