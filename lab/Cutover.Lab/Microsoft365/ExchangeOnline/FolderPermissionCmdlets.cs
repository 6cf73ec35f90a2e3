using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Add-, Set- and Get-MailboxFolderPermission. A folder is named as address:\path, in the mailbox's own language.</summary>
internal sealed class FolderPermissionCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private static readonly string[] Rights =
    [
        "None", "ReadItems", "CreateItems", "EditOwnedItems", "DeleteOwnedItems", "EditAllItems", "DeleteAllItems", "CreateSubfolders", "FolderOwner", "FolderContact",
        "FolderVisible", "Owner", "PublishingEditor", "Editor", "PublishingAuthor", "Author", "NonEditingAuthor", "Reviewer", "Contributor",
    ];
    private static readonly string[] OfCalendars = ["AvailabilityOnly", "LimitedDetails"];
    private static readonly string[] Flags = ["None", "Delegate", "CanViewPrivateItems"];

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-MailboxFolderPermission", ["Identity"], ["User", "ResultSize"], Get),
        new("Add-MailboxFolderPermission", ["Identity", "User", "AccessRights"], ["SharingPermissionFlags", "SendNotificationToUser"], Add),
        new("Set-MailboxFolderPermission", ["Identity", "User", "AccessRights"], ["SharingPermissionFlags", "SendNotificationToUser"], Set),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var (mailbox, folder) = Folder(call.Required("Identity"));
        return [.. mailbox.FolderPermissions.Where(right => right.Folder == folder.Number).Select(right => Row(right, folder))];
    }

    private IEnumerable<JsonObject> Add(CmdletCall call)
    {
        var (mailbox, folder) = Folder(call.Required("Identity"));
        var right = Wanted(call, folder);
        if (IsBuiltIn(right.User) || mailbox.FolderPermissions.Any(held => IsSame(held, right)))
            throw new CmdletException(400, "BadRequest", "Microsoft.Exchange.Management.StoreTasks.UserAlreadyExistsInPermissionEntryException",
                $"An existing permission entry was found for user: {call.Required("User")}.");
        recipients.Save(mailbox with { FolderPermissions = [.. mailbox.FolderPermissions, right] });
        return [Row(right, folder)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var (mailbox, folder) = Folder(call.Required("Identity"));
        var right = Wanted(call, folder);
        if (!IsBuiltIn(right.User) && !mailbox.FolderPermissions.Any(held => IsSame(held, right)))
            throw new CmdletException(404, "NotFound", "Microsoft.Exchange.Management.StoreTasks.UserNotFoundInPermissionEntryException",
                $"There is no existing permission entry found for user: {call.Required("User")}.");
        recipients.Save(mailbox with { FolderPermissions = [.. mailbox.FolderPermissions.Where(held => !IsSame(held, right)), right] });
        return [];
    }

    private FolderRight Wanted(CmdletCall call, TenantFolder folder)
    {
        var user = call.Required("User");
        var known = folder.Type == "IPF.Appointment" ? [.. Rights, .. OfCalendars] : Rights;
        return new FolderRight(folder.Number, IsBuiltIn(user) ? user : recipients.Get(user).Id.ToString(), Checked(call, "AccessRights", known),
            Checked(call, "SharingPermissionFlags", Flags));
    }

    private static IReadOnlyList<string> Checked(CmdletCall call, string parameter, string[] known) =>
    [
        .. (call.Texts(parameter) ?? []).Select(word => known.FirstOrDefault(each => each.Equals(word, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletException.Transformation(parameter, word, "Microsoft.Exchange.Management.StoreTasks.MailboxFolderAccessRight[]")),
    ];

    private (TenantRecipient Mailbox, TenantFolder Folder) Folder(string identity)
    {
        if (identity.Split(':', 2) is not [var address, ['\\', ..] path]) throw CmdletException.NotFound(identity);
        var recipient = recipients.Get(address, recipient => recipient.HasMailbox);
        var mailbox = tenant.Mailboxes.Find(recipient.ExchangeGuid!.Value)!;
        var folder = mailbox.Root;
        foreach (var name in path.Split('\\', StringSplitOptions.RemoveEmptyEntries))
            folder = mailbox.ChildrenOf(folder).FirstOrDefault(child => child.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw CmdletException.NotFound(identity);
        return (recipient, folder);
    }

    private JsonObject Row(FolderRight right, TenantFolder folder) => new()
    {
        ["Identity"] = folder.Name,
        ["FolderName"] = folder.Name,
        ["User"] = Guid.TryParse(right.User, out var id) ? recipients.Find(id)?.DisplayName : right.User,
        ["AccessRights"] = RecipientValues.Array(right.Rights),
        ["SharingPermissionFlags"] = right.Flags.Count == 0 ? null : string.Join(", ", right.Flags),
    };

    private static bool IsSame(FolderRight one, FolderRight other) => one.Folder == other.Folder && one.User.Equals(other.User, StringComparison.OrdinalIgnoreCase);

    private static bool IsBuiltIn(string user) => user is "Default" or "Anonymous";
}
