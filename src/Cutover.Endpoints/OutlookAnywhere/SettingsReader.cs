using System.Net;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Reads what a user has set up beside mail: automatic replies, rules, rights on folders, delegates.</summary>
internal sealed class SettingsReader(MailboxLogon logon, IAddressNames? names, string mailbox)
{
    private const string UserRules = "RuleOrganizer";
    private const int LastColor = 24;

    private readonly List<ProvisioningFinding> notCarried = [];

    public async Task<MailboxSettings> ReadAsync(IReadOnlyList<MailboxFolder> folders, CancellationToken ct)
    {
        var replies = await logon.GetOutOfOfficeAsync(ct);
        var rules = await ReadRulesAsync(ct);
        var rights = new List<FolderRight>();
        foreach (var folder in folders) rights.AddRange(await ReadRightsAsync(folder, ct));
        var delegates = (await logon.GetDelegatesAsync(ct)).Delegates;
        var calendar = folders.FirstOrDefault(folder => folder.Role == FolderRole.Calendar);
        var categories = calendar is null ? [] : await ReadCategoriesAsync(IdOf(calendar), ct);
        var region = await ReadRegionAsync(calendar, ct);
        return new MailboxSettings(
            new AutomaticReplies(replies.IsOn, Html(replies.InternalReply), Html(replies.ExternalReply)), rules, rights,
            [.. delegates.Select(one => (one, Address: AddressOf(one.LegacyExchangeDN, one.Name, "the delegate"))).Where(pair => pair.Address is not null)
                .Select(pair => new MailboxDelegate(pair.Address!, pair.one.SeesPrivateItems))],
            notCarried)
        {
            Categories = categories,
            Region = region,
        };
    }

    private async Task<IReadOnlyList<MailboxCategory>> ReadCategoriesAsync(ObjectId calendar, CancellationToken ct)
    {
        try
        {
            return [.. (await logon.GetCategoriesAsync(calendar, ct)).DistinctBy(category => category.Name, StringComparer.OrdinalIgnoreCase)
                .Select(category => new MailboxCategory(category.Name, category.Color is >= 0 and <= LastColor ? category.Color : null))];
        }
        catch (MapiProtocolException e)
        {
            NotCarried("S35", $"{mailbox}: the colours of the categories stay behind: {e.Message}", "Items keep the names of their categories; the user colours them anew in Outlook.");
            return [];
        }
    }

    private async Task<RegionalSettings> ReadRegionAsync(MailboxFolder? calendar, CancellationToken ct)
    {
        var localeId = await logon.GetLocaleIdAsync(ct);
        var language = localeId is { } id ? LocaleIds.NameOf(id) : null;
        if (localeId is not null && language is null)
            NotCarried("S35", $"{mailbox}: the language stays behind: Cutover has no name for the locale id {localeId}.", "Set-MailboxRegionalConfiguration -Language sets it.");
        var hours = calendar is null ? null : await ReadWorkingHoursAsync(IdOf(calendar), ct);
        return new RegionalSettings(language, hours?.TimeZone, hours is { Start: { } start, End: { } end, Days.Count: > 0 } ? new WorkWeek(hours.Days, start, end) : null);
    }

    private async Task<WorkingHours?> ReadWorkingHoursAsync(ObjectId calendar, CancellationToken ct)
    {
        try
        {
            return await logon.GetWorkingHoursAsync(calendar, ct);
        }
        catch (MapiProtocolException e)
        {
            NotCarried("S35", $"{mailbox}: working hours and time zone stay behind: {e.Message}", "The user sets them in Outlook on the web, Settings, Calendar.");
            return null;
        }
    }

    private async Task<IReadOnlyList<Core.Mailboxes.InboxRule>> ReadRulesAsync(CancellationToken ct)
    {
        var inbox = logon.Response.Folder(LogonFolder.Inbox);
        var translation = new RuleTranslation(name => names?.SmtpAddressOf(name), folder => SourceKeys.FolderKey(logon.Replicas.ToLongTerm(folder)));
        var rules = new List<Core.Mailboxes.InboxRule>();
        // Rules of other makers are the delegates' and the automatic reply's, which are read apart.
        foreach (var rule in (await logon.GetRulesAsync(inbox, ct)).Where(rule => rule.Provider.StartsWith(UserRules, StringComparison.OrdinalIgnoreCase)))
        {
            if (translation.Translate(rule, out var why) is { } translated) rules.Add(translated);
            else NotCarried("S35", $"{mailbox}: the rule “{rule.Name}” stays behind: {why}.", "The user makes it again in Outlook on the web, Settings, Rules.");
        }

        foreach (var rule in (await logon.GetExtendedRulesAsync(inbox, ct)).Where(rule => rule.Provider.StartsWith(UserRules, StringComparison.OrdinalIgnoreCase)))
            NotCarried("S35", $"{mailbox}: the rule “{rule.Name}” stays behind: it is too long for the rules table.", "The user makes it again in Outlook on the web, Settings, Rules.");
        return rules;
    }

    private async Task<IReadOnlyList<FolderRight>> ReadRightsAsync(MailboxFolder folder, CancellationToken ct)
    {
        var rights = new List<FolderRight>();
        foreach (var permission in await logon.GetPermissionsAsync(IdOf(folder), ct))
        {
            var granted = RightsOf(permission.Rights);
            if (IsAsInANewMailbox(permission.MemberId, folder, granted)) continue;
            var member = permission.MemberId switch
            {
                FolderPermission.Default => FolderRight.Everyone,
                FolderPermission.Anonymous => FolderRight.NotSignedIn,
                _ => AddressOf(permission.LegacyExchangeDN, permission.Name, $"the right on “{folder.Name}” of"),
            };
            if (member is not null) rights.Add(new FolderRight(folder.Key, member, granted));
        }

        return rights;
    }

    // A folder that is not known must not pass for one without anything in it.
    private ObjectId IdOf(MailboxFolder folder) => LongTermId.TryParse(folder.Key.Value, out var key) && logon.Replicas.FromLongTerm(key) is { } id
        ? id : throw OutlookAnywhereFaults.FolderKeyUnknown(folder.Key.Value, $"mailbox {mailbox}");

    private static bool IsAsInANewMailbox(long member, MailboxFolder folder, FolderAccessRights rights) => member is FolderPermission.Default or FolderPermission.Anonymous
        && (rights == FolderAccessRights.None || rights == FolderAccessRights.AvailabilityOnly && member == FolderPermission.Default && folder.Role == FolderRole.Calendar);

    private static FolderAccessRights RightsOf(MemberRights rights)
    {
        (MemberRights Theirs, FolderAccessRights Ours)[] each =
        [
            (MemberRights.ReadAny, FolderAccessRights.ReadItems), (MemberRights.Create, FolderAccessRights.CreateItems),
            (MemberRights.EditOwned, FolderAccessRights.EditOwnedItems), (MemberRights.DeleteOwned, FolderAccessRights.DeleteOwnedItems),
            (MemberRights.EditAny, FolderAccessRights.EditAllItems), (MemberRights.DeleteAny, FolderAccessRights.DeleteAllItems),
            (MemberRights.CreateSubfolder, FolderAccessRights.CreateSubfolders), (MemberRights.FolderOwner, FolderAccessRights.FolderOwner),
            (MemberRights.FolderContact, FolderAccessRights.FolderContact), (MemberRights.FolderVisible, FolderAccessRights.FolderVisible),
        ];
        var found = each.Where(pair => rights.HasFlag(pair.Theirs)).Aggregate(FolderAccessRights.None, (all, pair) => all | pair.Ours);
        // Who may read items sees their times anyway.
        if (found.HasFlag(FolderAccessRights.ReadItems)) return found;
        if (rights.HasFlag(MemberRights.FreeBusyDetailed)) return found | FolderAccessRights.LimitedDetails;
        return rights.HasFlag(MemberRights.FreeBusySimple) ? found | FolderAccessRights.AvailabilityOnly : found;
    }

    private string? AddressOf(string? legacyExchangeDN, string name, string what)
    {
        if (legacyExchangeDN is not null && names?.SmtpAddressOf(legacyExchangeDN) is { } address) return address;
        NotCarried("S36", $"{mailbox}: {what} {name} stays behind: the address book has nobody of that name any more.", "Give it to somebody else, if it is still needed.");
        return null;
    }

    private void NotCarried(string requirement, string message, string nextStep) => notCarried.Add(new ProvisioningFinding(requirement, message, nextStep));

    private static string? Html(OutOfOfficeReply? reply) => reply switch
    {
        null => null,
        { IsHtml: true } => reply.Text,
        _ => $"<p>{WebUtility.HtmlEncode(reply.Text).ReplaceLineEndings("<br>")}</p>",
    };
}
