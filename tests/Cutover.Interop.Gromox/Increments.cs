using System.Globalization;
using Cutover.Core.Mailboxes;
using MailKit;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>Changes made by IMAP after a first sync: the next sync carries these and no others, by each way.</summary>
internal sealed class Increments(GromoxServer server, Report report)
{
    private const int First = 8;

    public static async Task RunAsync(GromoxServer server, Report report, CancellationToken ct)
    {
        var increments = new Increments(server, report);
        foreach (var way in Way.All) await increments.RunAsync(way, ct);
    }

    private async Task RunAsync(Way way, CancellationToken ct)
    {
        var name = "Increments " + Guid.NewGuid().ToString("N")[..8];
        using var imap = await server.OpenImapAsync(ct);
        var top = imap.GetFolder(imap.PersonalNamespaces[0]);
        var (from, to) = (await ImapSide.CreateAsync(imap, top, name, ct), await ImapSide.CreateAsync(imap, top, name + " moved", ct));
        for (var i = 0; i < First; i++) await AppendAsync(from, $"{name}: {i}", ct);
        await ReadAsync(from, [7], ct);

        await using var source = await server.OpenSourceAsync(way, ct);
        var before = await ProductSide.FoldersAsync(source, ct);
        var (fromKey, toKey) = (before[from.FullName].Key, before[to.FullName].Key);
        var first = await ProductSide.ChangesAsync(source, fromKey, since: null, ct);
        var firstTo = await ProductSide.ChangesAsync(source, toKey, since: null, ct);
        var known = first.Upserted.ToDictionary(item => item.Info.Subject ?? "", item => item.Info.Key);
        report.Check("first sync", Subjects(name, Enumerable.Range(0, First)), Subjects(first));

        await ChangeAsync(name, from, to, ct);

        var second = await ProductSide.ChangesAsync(source, fromKey, first.State, ct);
        report.Check("new items", Subjects(name, [100, 101]), Subjects(second));
        report.Check("gone items", Subjects(name, [1, 2]), Named(known, key => second.Deleted.Any(gone => gone.Items.Contains(key))));
        report.Check("items read", Subjects(name, [3, 4]), Named(known, key => second.ReadState.Any(state => state.IsRead && state.Items.Contains(key))));
        report.Check("items marked unread", "", Named(known, key => second.ReadState.Any(state => !state.IsRead && state.Items.Contains(key))));
        var secondTo = await ProductSide.ChangesAsync(source, toKey, firstTo.State, ct);
        report.Check("moved items", Subjects(name, [2]), Subjects(secondTo));

        var third = await ProductSide.ChangesAsync(source, fromKey, second.State, ct);
        report.Check("nothing more", "0 0 0", $"{third.Upserted.Count} {third.Deleted.Count} {third.ReadState.Count}");
        var now = await source.GetItemsAsync(fromKey, ct).Select(item => item.Subject ?? "").ToListAsync(ct);
        report.Check("list after it", Subjects(name, [0, 3, 4, 5, 6, 7, 100, 101]), string.Join("; ", now.Order(StringComparer.Ordinal)));
        await RenameAsync(source, from, top, fromKey, ct);
        await DeleteAsync(from, to, ct);
        report.Say($"{way.Name}: {First} items, then 2 appended, 1 deleted, 1 moved, 2 read, folder renamed; {source.RoundTrips} round trips");
    }

    private static async Task ChangeAsync(string name, IMailFolder from, IMailFolder to, CancellationToken ct)
    {
        await AppendAsync(from, $"{name}: 100", ct);
        await AppendAsync(from, $"{name}: 101", ct);
        await ReadAsync(from, [3, 4], ct);
        await from.OpenAsync(FolderAccess.ReadWrite, ct);
        var uids = await from.SearchAsync(MailKit.Search.SearchQuery.All, ct);
        await from.CopyToAsync([uids[2]], to, ct);
        await from.AddFlagsAsync([uids[1], uids[2]], MessageFlags.Deleted, silent: true, ct);
        await from.ExpungeAsync(ct);
        await from.CloseAsync(expunge: false, ct);
    }

    // gromox's first state of a folder without a read item counts every later read as known: docs/protocols/gromox.md
    private static async Task ReadAsync(IMailFolder folder, int[] numbers, CancellationToken ct)
    {
        await folder.OpenAsync(FolderAccess.ReadWrite, ct);
        var uids = await folder.SearchAsync(MailKit.Search.SearchQuery.All, ct);
        await folder.AddFlagsAsync([.. numbers.Select(number => uids[number])], MessageFlags.Seen, silent: true, ct);
        await folder.CloseAsync(expunge: false, ct);
    }

    private async Task RenameAsync(IMailboxSource source, IMailFolder folder, IMailFolder top, FolderKey key, CancellationToken ct)
    {
        var renamed = folder.FullName + " renamed";
        await folder.RenameAsync(top, renamed, ct);
        var after = await ProductSide.FoldersAsync(source, ct);
        report.Check("renamed folder", renamed, after.FirstOrDefault(entry => entry.Value.Key == key).Key ?? "none");
    }

    private static async Task DeleteAsync(IMailFolder from, IMailFolder to, CancellationToken ct)
    {
        await from.DeleteAsync(ct);
        await to.DeleteAsync(ct);
    }

    private static Task AppendAsync(IMailFolder folder, string subject, CancellationToken ct) =>
        folder.AppendAsync(SeedMailbox.Message(subject, new TextPart("plain") { Text = subject }), MessageFlags.None, ct);

    private static string Subjects(string name, IEnumerable<int> numbers) =>
        string.Join("; ", numbers.Select(number => $"{name}: {number.ToString(CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal));

    private static string Subjects(ProductChanges changes) =>
        string.Join("; ", changes.Upserted.Select(item => item.Info.Subject ?? "").Order(StringComparer.Ordinal));

    private static string Named(Dictionary<string, ItemKey> known, Func<ItemKey, bool> contains) =>
        string.Join("; ", known.Where(entry => contains(entry.Value)).Select(entry => entry.Key).Order(StringComparer.Ordinal));
}
