using System.Net;
using System.Text.Json.Nodes;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Settings;

/// <summary>
/// Gives a mailbox what its user had set up: replies, language, time zone, working hours, categories and rules through Graph, rights on folders and delegates
/// through Exchange Online. Everything is found by its name and made so again, hence it may be given twice.
/// </summary>
internal sealed class MailboxSettingsWriter(GraphClient graph, ExchangeOnlineClient exchange, MailboxFolders mailboxFolders, TargetMailbox mailbox)
{
    private const string AlreadyThere = "UserAlreadyExistsInPermissionEntryException";
    private const string Calendar = "calendar";

    private readonly string user = $"users/{GraphClient.Segment(mailbox.UserId)}";
    private readonly Dictionary<string, string> paths = [];

    public async Task<IReadOnlyList<ProvisioningFinding>> ApplyAsync(
        MailboxSettings settings, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, CancellationToken ct)
    {
        var findings = new List<ProvisioningFinding>(settings.NotCarried);
        if (settings.Replies is not { IsOn: false, Internal: null, External: null })
            await PatchAsync(new GraphMailboxSettings(GraphSettings.Of(settings.Replies)), ct);
        await ApplyAsync(settings.Region, findings, ct);
        await ApplyAsync(settings.Categories, findings, ct);
        await ApplyRulesAsync(settings.Rules, folders, findings, ct);
        foreach (var right in settings.FolderRights) await ApplyAsync(right, folders, findings, ct);
        foreach (var one in settings.Delegates) await ApplyAsync(one, findings, ct);
        return findings;
    }

    private Task PatchAsync(GraphMailboxSettings settings, CancellationToken ct) =>
        graph.SendAsync(HttpMethod.Patch, $"{user}/mailboxSettings", settings, GraphJson.Default.GraphMailboxSettings, Repetition.Allowed, ct);

    /// <summary>One by one: a language that the tenant does not offer must not cost the working hours.</summary>
    private async Task ApplyAsync(RegionalSettings region, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        if (region.Language is { } language)
            await TryPatchAsync($"the language {language}", new GraphMailboxSettings(Language: new GraphLocale(language)), findings, ct);
        var zone = region.TimeZone;
        if (zone is not null && !await TryPatchAsync($"the time zone {zone}", new GraphMailboxSettings(TimeZone: zone), findings, ct)) zone = null;
        if (region.WorkWeek is { } week)
            await TryPatchAsync("the working hours", new GraphMailboxSettings(WorkingHours: GraphSettings.Of(week, zone)), findings, ct);
    }

    private async Task<bool> TryPatchAsync(string what, GraphMailboxSettings settings, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        try
        {
            await PatchAsync(settings, ct);
            return true;
        }
        catch (ServiceRefusal refusal) when (ConcernsThisAlone(refusal))
        {
            findings.Add(new ProvisioningFinding("S35", $"{mailbox.PrimarySmtpAddress}: {what} can't be set: {refusal.Text}", "The user sets it in Outlook on the web, Settings."));
            return false;
        }
    }

    private async Task ApplyAsync(IReadOnlyList<MailboxCategory> categories, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        if (categories.Count == 0) return;
        var path = $"{user}/outlook/masterCategories";
        var there = await graph.ListAsync(path, GraphJson.Default.GraphPageGraphCategory, ct)
            .ToDictionaryAsync(one => one.DisplayName ?? "", StringComparer.OrdinalIgnoreCase, ct);
        foreach (var category in categories)
        {
            var wanted = GraphSettings.Of(category);
            try
            {
                if (!there.TryGetValue(category.Name, out var found))
                    await graph.SendAsync(HttpMethod.Post, path, wanted, GraphJson.Default.GraphCategory, Repetition.Forbidden, ct);
                // The name of a category can't be changed, and need not be.
                else if (found.Color != wanted.Color)
                    await graph.SendAsync(HttpMethod.Patch, $"{path}/{GraphClient.Segment(found.Id!)}", wanted with { DisplayName = null }, GraphJson.Default.GraphCategory, Repetition.Allowed, ct);
            }
            catch (ServiceRefusal refusal) when (ConcernsThisAlone(refusal))
            {
                findings.Add(new ProvisioningFinding("S35", $"{mailbox.PrimarySmtpAddress}: the category “{category.Name}” is not in the list: {refusal.Text}",
                    "Items keep its name; the user gives it a colour in Outlook."));
            }
        }
    }

    private async Task ApplyRulesAsync(
        IReadOnlyList<InboxRule> rules, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        if (rules.Count == 0) return;
        var path = $"{user}/mailFolders/inbox/messageRules";
        var there = await graph.ListAsync(path, GraphJson.Default.GraphPageGraphMessageRule, ct).ToListAsync(ct);
        foreach (var rule in rules)
        {
            try
            {
                var wanted = GraphSettings.Of(rule, Counterpart(rule.Actions.MoveTo, folders), Counterpart(rule.Actions.CopyTo, folders));
                var found = there.Find(one => one.DisplayName == rule.Name);
                if (found is not null) there.Remove(found);
                await (found is null
                    ? graph.SendAsync(HttpMethod.Post, path, wanted, GraphJson.Default.GraphMessageRule, Repetition.Forbidden, ct)
                    : graph.SendAsync(HttpMethod.Patch, $"{path}/{GraphClient.Segment(found.Id!)}", wanted, GraphJson.Default.GraphMessageRule, Repetition.Allowed, ct));
            }
            catch (ServiceRefusal refusal) when (ConcernsThisAlone(refusal))
            {
                findings.Add(new ProvisioningFinding("S35", $"{mailbox.PrimarySmtpAddress}: the rule “{rule.Name}” stays behind: {refusal.Text}",
                    "The user makes it again in Outlook on the web, Settings, Rules."));
            }
        }
    }

    /// <exception cref="ServiceRefusal">The folder was not copied.</exception>
    private static TargetFolderId? Counterpart(FolderKey? folder, IReadOnlyDictionary<FolderKey, TargetFolderId> folders) => folder is not { } key ? null
        : folders.TryGetValue(key, out var id) ? id : throw new ServiceRefusal(HttpStatusCode.NotFound, "FolderNotCopied", "its folder is none that users see.", null);

    private async Task ApplyAsync(FolderRight right, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        var path = await PathOfAsync(folders[right.Folder].Value, ct);
        var rights = ExchangeOnlineClient.Array(RightsOf(right.Rights));
        // The two that every folder has are only ever changed.
        var isThere = right.Member is FolderRight.Everyone or FolderRight.NotSignedIn;
        await GrantAsync(path, right.Member, new JsonObject { ["AccessRights"] = rights }, isThere, findings, ct);
    }

    private async Task ApplyAsync(MailboxDelegate one, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        var calendar = await graph.GetAsync(mailboxFolders.PathOf(Calendar), GraphJson.Default.GraphMailboxFolder, ct);
        await GrantAsync(await PathOfAsync(calendar.Id, ct), one.Address, new JsonObject
        {
            ["AccessRights"] = new JsonArray("Editor"),
            ["SharingPermissionFlags"] = one.SeesPrivateItems ? new JsonArray("Delegate", "CanViewPrivateItems") : new JsonArray("Delegate"),
        }, isThere: false, findings, ct);
    }

    private async Task GrantAsync(string path, string member, JsonObject rights, bool isThere, List<ProvisioningFinding> findings, CancellationToken ct)
    {
        JsonObject Parameters() => new([.. rights.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())), new("Identity", path), new("User", member)]);
        try
        {
            if (!isThere && await TryAddAsync(Parameters(), ct)) return;
            await exchange.InvokeAsync("Set-MailboxFolderPermission", Parameters(), ct);
        }
        catch (ServiceRefusal refusal) when (ConcernsThisAlone(refusal))
        {
            var given = string.Join(",", rights.SelectMany(one => one.Key == "AccessRights" ? one.Value!.AsArray() : []).Select(one => one!.ToString()));
            findings.Add(new ProvisioningFinding("S36", $"{mailbox.PrimarySmtpAddress}: {member} does not get {given} on {path}: {refusal.Text}",
                $"When {member} is there: Add-MailboxFolderPermission -Identity \"{path}\" -User {member} -AccessRights {given}"));
        }
    }

    /// <summary>A missing permission stops everything and is the operator's; what may pass is tried again.</summary>
    private static bool ConcernsThisAlone(ServiceRefusal refusal) =>
        !refusal.IsTransient && refusal.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);

    private async Task<bool> TryAddAsync(JsonObject parameters, CancellationToken ct)
    {
        try
        {
            await exchange.InvokeAsync("Add-MailboxFolderPermission", parameters, ct);
            return true;
        }
        catch (ServiceRefusal refusal) when (refusal.Code.EndsWith(AlreadyThere, StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static IEnumerable<string> RightsOf(FolderAccessRights rights)
    {
        // Free/busy levels stand alone; with other rights they mean nothing.
        if (rights is FolderAccessRights.None or FolderAccessRights.AvailabilityOnly or FolderAccessRights.LimitedDetails) return [rights.ToString()];
        var items = rights & ~(FolderAccessRights.AvailabilityOnly | FolderAccessRights.LimitedDetails);
        return Enum.GetValues<FolderAccessRights>().Where(right => right != FolderAccessRights.None && items.HasFlag(right)).Select(right => right.ToString());
    }

    /// <summary>The folder as Exchange Online's cmdlets name it: address, colon and the path in the mailbox's own language.</summary>
    private async Task<string> PathOfAsync(string folderId, CancellationToken ct)
    {
        if (paths.TryGetValue(folderId, out var known)) return known;
        var folder = await graph.GetAsync(mailboxFolders.PathOf(folderId), GraphJson.Default.GraphMailboxFolder, ct);
        var isRoot = folder.WellKnownName?.Equals(WellKnownFolders.Root, StringComparison.OrdinalIgnoreCase) == true || folder.ParentFolderId is null;
        return paths[folderId] = isRoot ? $"{mailbox.PrimarySmtpAddress}:\\"
            : (await PathOfAsync(folder.ParentFolderId!, ct)).TrimEnd('\\') + "\\" + folder.DisplayName;
    }
}
