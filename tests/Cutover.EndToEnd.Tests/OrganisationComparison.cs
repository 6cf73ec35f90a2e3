using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cutover.Core.Mailboxes;
using Cutover.Lab;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.EndToEnd.Tests;

/// <summary>
/// Compares what Contoso's Exchange holds with what its tenant holds, from their own stores: apart from the product's digest, ledger and verifier.
/// </summary>
internal static class OrganisationComparison
{
    /// <summary>What of a message a user could miss: enough to tell any two of the lab's apart.</summary>
    private static readonly PropertyTag[] Compared =
    [
        PropertyTags.MessageClass, PropertyTags.Subject, PropertyTags.Body, PropertyTags.Html, PropertyTags.RtfCompressed, PropertyTags.Importance,
        PropertyTags.ClientSubmitTime, PropertyTags.MessageDeliveryTime, PropertyTags.InternetMessageId, PropertyTags.SenderName,
    ];

    /// <summary>A line for each item that one side has and the other doesn't: empty when all is well.</summary>
    public static IReadOnlyList<string> Differences(ContosoLab lab) =>
        [.. lab.Store.Mailboxes.SelectMany(source => Differences(lab, source))];

    private static IEnumerable<string> Differences(ContosoLab lab, MailboxStore source)
    {
        var address = lab.Organisation.Recipients.Single(recipient => recipient.LegacyExchangeDN == source.LegacyExchangeDN).PrimarySmtpAddress;
        var there = lab.Microsoft365.Mailboxes.Find(address);
        if (there is null) return [$"{address}: no mailbox at the target"];
        var before = Items(source).ToLookup(item => item);
        var after = Items(there).ToLookup(item => item);
        var items = before.Select(group => group.Key).Union(after.Select(group => group.Key))
            .Where(item => before[item].Count() != after[item].Count())
            .Select(item => $"{address}: {before[item].Count()} at the source, {after[item].Count()} at the target: {item}");
        return items.Concat(SettingsDifferences(lab, source, address));
    }

    /// <summary>Rules, automatic replies, the calendar's members, region and categories, each as both stores have them.</summary>
    private static IEnumerable<string> SettingsDifferences(ContosoLab lab, MailboxStore source, string address)
    {
        var there = lab.Microsoft365.Directory.Recipients.Single(recipient => address.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase));
        var rules = source.Rules(source.FolderOf(FolderRole.Inbox)).Select(rule => rule.GetString(PropertyTags.RuleName)).Order().ToList();
        var rulesThere = there.MessageRules.Select(rule => JsonNode.Parse(rule)!["displayName"]!.ToString()).Order().ToList();
        if (!rules.SequenceEqual(rulesThere)) yield return $"{address}: rules {string.Join(", ", rules)} at the source, {string.Join(", ", rulesThere)} at the target";
        var isAway = source.StoreProperties[PropertyTags.OutOfOfficeState] is true;
        var isAwayThere = there.AutomaticReplies?.Contains("alwaysEnabled", StringComparison.Ordinal) == true;
        if (isAway != isAwayThere) yield return $"{address}: away {isAway} at the source, {isAwayThere} at the target";
        var members = source.Permissions(source.FolderOf(FolderRole.Calendar)).Where(one => one.Member > 0).Select(one => one.Name).Order().ToList();
        var membersThere = there.FolderPermissions.Select(right => lab.Microsoft365.Directory.Recipients.FirstOrDefault(one => one.Id.ToString() == right.User)?.DisplayName)
            .OfType<string>().Order().ToList();
        if (!members.SequenceEqual(membersThere)) yield return $"{address}: {string.Join(", ", members)} at the source's calendar, {string.Join(", ", membersThere)} at the target's";
        // Every person of the lab works in Dutch, has working hours and two categories.
        var isPerson = source.StoreProperties[PropertyTags.LocaleId] is not null;
        if (!there.MailboxSettings.Keys.Order().SequenceEqual(isPerson ? ["language", "timeZone", "workingHours"] : []) || there.MasterCategories.Count != (isPerson ? 2 : 0))
            yield return $"{address}: {there.MasterCategories.Count} categories and {string.Join(", ", there.MailboxSettings.Keys)} at the target";
    }

    private static IEnumerable<string> Items(MailboxStore mailbox)
    {
        var folders = mailbox.Folders.ToDictionary(folder => folder.Id);
        var top = mailbox.FolderOf(FolderRole.Root);
        foreach (var folder in folders.Values)
            if (PathOf(folder.Id) is { } path)
                foreach (var message in mailbox.Messages(folder.Id).Where(message => !message.IsAssociated))
                    yield return Line(path, message.IsRead, mailbox.ReadMessage(message.Id));

        string? PathOf(long id) => id == top ? ""
            : folders.TryGetValue(id, out var folder) && PathOf(folder.Parent) is { } parent
                ? $"{parent}/{(folder.Role is { } role and not FolderRole.None ? "@" + role.ToString().ToLowerInvariant() : folder.Name)}"
                : null;
    }

    private static IEnumerable<string> Items(TenantMailbox mailbox)
    {
        var folders = mailbox.Folders.ToDictionary(folder => folder.Number);
        return mailbox.Items.Select(item => Line(PathOf(item.Folder), item.IsRead, mailbox.ReadMessage(item)));

        string PathOf(long number) => folders[number] is var folder && folder.WellKnownName == "msgfolderroot"
            ? ""
            : $"{PathOf(folder.Parent)}/{(folder.WellKnownName is { } known ? "@" + known : folder.Name)}";
    }

    private static string Line(string path, bool isRead, MapiMessage message) =>
        $"{path} {(isRead ? "read" : "unread")} {message.Properties.GetString(PropertyTags.Subject)} {Fingerprint(message)}";

    private static string Fingerprint(MapiMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, message);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Add(IncrementalHash hash, MapiMessage message)
    {
        foreach (var tag in Compared) Add(hash, tag.ToString(), message.Properties[tag]);
        foreach (var recipient in message.Recipients)
            foreach (var tag in (PropertyTag[])[PropertyTags.RecipientType, PropertyTags.DisplayName, PropertyTags.EmailAddress])
                Add(hash, tag.ToString(), recipient[tag]);
        foreach (var attachment in message.Attachments)
        {
            Add(hash, "name", attachment.Properties[PropertyTags.AttachLongFilename]);
            Add(hash, "data", attachment.Properties[PropertyTags.AttachDataBinary]);
            if (attachment.EmbeddedMessage is { } embedded) Add(hash, embedded);
        }
    }

    private static void Add(IncrementalHash hash, string name, object? value)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"|{name}="));
        hash.AppendData(value switch
        {
            null => [],
            byte[] bytes => bytes,
            DateTime time => Encoding.UTF8.GetBytes(time.ToString("O")),
            _ => Encoding.UTF8.GetBytes(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? ""),
        });
    }
}
