using System.Diagnostics;
using System.Globalization;
using Cutover.Core.Mailboxes;
using Cutover.Mapi.Properties;
using MailKit.Net.Imap;

namespace Cutover.Interop.Gromox;

/// <summary>A first sync of a whole mailbox by each way, against what IMAP and EWS tell of it.</summary>
internal sealed class WholeMailbox
{
    // gromox counts nanoseconds in 64 bits: earlier times come round again.
    private const string NoTime = " before time";

    private const int SizeFactor = 4;
    private const long SmallSize = 16 * 1024;

    private readonly Report report;
    private readonly EwsSide ews;
    private readonly IReadOnlyList<EwsFolder> ewsFolders;
    private readonly Dictionary<string, IReadOnlyList<ImapItem>> mail = [];
    private readonly Dictionary<string, IReadOnlyList<string>> items = [];
    private readonly Dictionary<ItemKey, MailFacts?> written = [];
    private readonly List<Doubt> doubts = [];

    private WholeMailbox(Report report, EwsSide ews, IReadOnlyList<EwsFolder> ewsFolders)
    {
        this.report = report;
        this.ews = ews;
        this.ewsFolders = ewsFolders;
    }

    public static async Task RunAsync(GromoxServer server, Report report, CancellationToken ct)
    {
        using var ews = new EwsSide(server);
        var whole = new WholeMailbox(report, ews, await ews.FoldersAsync(ct));
        using (var imap = await server.OpenImapAsync(ct)) await whole.ReadMailAsync(imap, ct);
        foreach (var folder in whole.ewsFolders) whole.items[folder.Path] = await ews.ItemsAsync(folder, ct);
        report.Say($"IMAP: {whole.mail.Count} folders, {whole.mail.Values.Sum(items => items.Count)} messages; "
            + $"EWS: {whole.ewsFolders.Count} folders, {whole.items.Values.Sum(items => items.Count)} items");
        foreach (var way in Way.All) await whole.CompareAsync(server, way, ct);
    }

    private async Task ReadMailAsync(ImapClient imap, CancellationToken ct)
    {
        foreach (var (path, folder) in await ImapSide.FoldersAsync(imap, ct)) mail[path] = await ImapSide.ItemsAsync(folder, ct);
    }

    private async Task CompareAsync(GromoxServer server, Way way, CancellationToken ct)
    {
        var time = Stopwatch.StartNew();
        await using var source = await server.OpenSourceAsync(way, ct);
        var folders = await ProductSide.FoldersAsync(source, ct);
        report.Check("folders", Names(ewsFolders.Select(folder => folder.Path)), Names(folders.Keys.Where(path => path.Length > 0)));
        var count = 0;
        foreach (var (path, folder) in folders) count += await CompareAsync(source, path, folder, ct);
        report.Say($"{way.Name}: {folders.Count} folders, {count} items, {source.RoundTrips} round trips, {time.Elapsed.TotalSeconds:N0} s");
    }

    private async Task<int> CompareAsync(IMailboxSource source, string path, MailboxFolder folder, CancellationToken ct)
    {
        var changes = await ProductSide.ChangesAsync(source, folder.Key, since: null, ct);
        var listed = await source.GetItemsAsync(folder.Key, ct).CountAsync(ct);
        report.Check("listed items", Number(changes.Upserted.Count), Number(listed));
        report.Check("items that can't be read", "0", Number(changes.Unreadable.Count));
        if (ewsFolders.FirstOrDefault(known => known.Path == path) is { } ews)
        {
            report.Check("EWS count of a folder", $"{path}: {ews.Total}", $"{path}: {changes.Upserted.Count}");
            // Where IMAP shows no folder gromox counts nothing as unread, whatever its items say.
            if (mail.ContainsKey(path)) report.Check("EWS unread count", $"{path}: {ews.Unread}", $"{path}: {changes.Upserted.Count(item => !item.Info.IsRead)}");
        }
        if (mail.TryGetValue(path, out var imap)) CompareMail(path, imap, changes.Upserted);
        await JudgeAsync(ct);
        if (items.TryGetValue(path, out var lines)) CompareWithEws(path, lines, changes.Upserted);
        return changes.Upserted.Count;
    }

    private void CompareMail(string path, IReadOnlyList<ImapItem> imap, IReadOnlyList<ProductItem> found)
    {
        report.Check("IMAP count of a folder", $"{path}: {imap.Count}", $"{path}: {found.Count}");
        var left = found.Select(item => (item.Info, Facts: ProductSide.Facts(item))).ToList();
        var byKey = left.ToLookup(item => item.Facts.Key);
        var readable = imap.Where(item => item.Facts is not null).ToList();
        // The most alike first, so that none of several messages with one Message-ID takes another's place.
        var inOrder = readable.OrderBy(expected => byKey[expected.Facts?.Key ?? ""].Min(item => expected.Facts?.DifferencesFrom(item.Facts)) ?? int.MaxValue);
        var later = inOrder.Where(expected => !CompareBest(path, expected, byKey[expected.Facts?.Key ?? ""], left)).ToList();
        foreach (var expected in later) CompareBest(path, expected, left, left);
        if (readable.Count < imap.Count) report.Say($"  {path}: {imap.Count - readable.Count} messages that MimeKit can't read from IMAP are counted only");
    }

    /// <summary>Compares a message with the one most like it, which is then used up; false when there is none.</summary>
    private bool CompareBest(
        string path, ImapItem expected, IEnumerable<(ItemInfo Info, MailFacts Facts)> among, List<(ItemInfo Info, MailFacts Facts)> left)
    {
        if (expected.Facts is not { } facts) return true;
        var (info, found) = among.Where(left.Contains).DefaultIfEmpty().MinBy(item => item.Facts?.DifferencesFrom(facts) ?? 0);
        if (found is null) return false;
        left.Remove((info, found));
        var name = $"{path} {expected.Uid}: {facts.Key}";
        report.Count(facts.DifferencesFrom(found) == 0 ? "messages equal in every field" : "messages that differ in a field");
        foreach (var (field, value) in facts.Fields)
        {
            if (value == found.Fields[field]) continue;
            doubts.Add(new Doubt(field, name, info, facts, found));
        }
        CompareSizes(name, expected.Size, info.Size);
        return true;
    }

    /// <summary>
    /// IMAP gives the bytes that came in, EWS the message as gromox keeps it and writes it anew: where the two disagree, the product has to tell what
    /// EWS tells, for both read what is kept; of attachments, each what the one or the other tells. A known habit is asked for only then.
    /// </summary>
    private async Task JudgeAsync(CancellationToken ct)
    {
        foreach (var doubt in doubts)
        {
            if (!written.TryGetValue(doubt.Info.Key, out var kept)) written[doubt.Info.Key] = kept = await ews.FactsAsync(doubt.Info, ct);
            if (kept is not null && doubt.Found.IsTold(doubt.Field, doubt.Expected, kept))
                report.Count($"{doubt.Field}: gromox keeps something else than came in, the product and EWS tell what it keeps");
            else if (KnownHabits.Explain(doubt.Field, doubt.Info, doubt.Expected, doubt.Found) is { } reason) report.Count(reason);
            else report.Differs(doubt.Field, $"{doubt.Expected.Fields[doubt.Field]} [{doubt.Name}]; by EWS '{kept?.Fields[doubt.Field]}'", doubt.Found.Fields[doubt.Field]);
        }
        doubts.Clear();
    }

    private void CompareSizes(string name, long expected, long found)
    {
        var (small, large) = (Math.Min(expected, found), Math.Max(expected, found));
        if (large > SmallSize && large > SizeFactor * small) report.Differs("size", $"{expected} [{name}]", $"{found}");
    }

    private void CompareWithEws(string path, IReadOnlyList<string> expected, IReadOnlyList<ProductItem> found)
    {
        var left = found.Select(Line).ToList();
        foreach (var line in expected.Where(line => !left.Remove(line)))
        {
            var beforeTime = left.FirstOrDefault(item => item.EndsWith(NoTime, StringComparison.Ordinal) && line.StartsWith(item[..^NoTime.Length], StringComparison.Ordinal));
            if (beforeTime is null) report.Differs($"EWS items of {path}", line, "none such");
            else if (left.Remove(beforeTime)) report.Count("a time before 1677, which EWS of gromox shows as another");
        }
        if (left.Count > found.Count - expected.Count) report.Say($"  {path}: only the product tells {string.Join(", ", left.Take(5))}");
        if (expected.Count < found.Count) report.Say($"  {path}: EWS tells {expected.Count} of {found.Count} items");
    }

    /// <summary>A field in which the product differs from IMAP.</summary>
    private sealed record Doubt(string Field, string Name, ItemInfo Info, MailFacts Expected, MailFacts Found);

    private static string Line(ProductItem item)
    {
        var properties = item.Message.Properties;
        var subject = Shown(item.Info.Subject);
        var start = properties[PropertyNames.AppointmentStartWhole];
        if (start is DateTime { Year: < 1677 }) return $"{item.Info.ItemClass} '{subject}'{NoTime}";
        return $"{item.Info.ItemClass} '{subject}' {Time(start)} {Time(properties[PropertyNames.AppointmentEndWhole])}".TrimEnd();
    }

    /// <summary>
    /// A subject as both sides can show it: EWS writes question marks for what XML can't hold and for bytes that are no text, which MAPI drops.
    /// </summary>
    internal static string Shown(string? subject) =>
        string.Concat((subject ?? "").Where(character => character is '\n' or '\t' || !char.IsControl(character) && character != '?'));

    private static string Time(object? value) => value is DateTime time ? time.ToString("s", CultureInfo.InvariantCulture) : "";

    private static string Names(IEnumerable<string> paths) => string.Join("; ", paths.Order(StringComparer.Ordinal));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
