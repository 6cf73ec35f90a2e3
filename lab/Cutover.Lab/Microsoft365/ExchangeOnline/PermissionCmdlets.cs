using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Add- and Get-MailboxPermission (FullAccess), Add- and Get-RecipientPermission (SendAs).</summary>
internal sealed class PermissionCmdlets(RecipientLookup recipients)
{
    private static readonly string[] MailboxRights =
        ["FullAccess", "ReadPermission", "ExternalAccount", "DeleteItem", "ChangePermission", "ChangeOwner"];
    private static readonly string[] RecipientRights = ["SendAs"];

    public IEnumerable<Cmdlet> All =>
    [
        new("Add-MailboxPermission", ["Identity", "User", "AccessRights"], ["AutoMapping", "InheritanceType", "Deny"], AddMailbox),
        new("Get-MailboxPermission", ["Identity"], ["User", "ResultSize"], GetMailbox),
        new("Add-RecipientPermission", ["Identity", "Trustee", "AccessRights"], [], AddRecipient),
        new("Get-RecipientPermission", [], ["Identity", "Trustee", "AccessRights", "ResultSize"], GetRecipient),
    ];

    private IEnumerable<JsonObject> AddMailbox(CmdletCall call)
    {
        var mailbox = recipients.Get(call.Required("Identity"), recipient => recipient.HasMailbox);
        var user = Trustee(call.Required("User"));
        foreach (var right in Rights(call, MailboxRights))
        {
            if (mailbox.MailboxPermissions.Any(held => held.Trustee == user.Id && held.AccessRight == right))
            {
                call.Warnings.Add(AlreadyPresent(mailbox, user));
                continue;
            }

            var granted = new RecipientRight(user.Id, right, call.Flag("AutoMapping") ?? true);
            mailbox = mailbox with { MailboxPermissions = [.. mailbox.MailboxPermissions, granted] };
        }

        recipients.Save(mailbox);
        return MailboxRows(mailbox).Where(row => row["User"]!.ToString() == UserName(user));
    }

    private IEnumerable<JsonObject> GetMailbox(CmdletCall call)
    {
        var rows = MailboxRows(recipients.Get(call.Required("Identity"), recipient => recipient.HasMailbox));
        return call.Text("User") is { } user ? rows.Where(row => row["User"]!.ToString() == UserName(recipients.Get(user))) : rows;
    }

    private IEnumerable<JsonObject> AddRecipient(CmdletCall call)
    {
        var recipient = recipients.Get(call.Required("Identity"));
        var trustee = Trustee(call.Required("Trustee"));
        foreach (var right in Rights(call, RecipientRights))
        {
            if (recipient.RecipientPermissions.Any(held => held.Trustee == trustee.Id && held.AccessRight == right))
                call.Warnings.Add(AlreadyPresent(recipient, trustee));
            else
                recipient = recipient with { RecipientPermissions = [.. recipient.RecipientPermissions, new RecipientRight(trustee.Id, right)] };
        }

        recipients.Save(recipient);
        return RecipientRows(recipient).Where(row => row["Trustee"]!.ToString() == UserName(trustee));
    }

    private IEnumerable<JsonObject> GetRecipient(CmdletCall call)
    {
        var found = call.Text("Identity") is { } identity ? [recipients.Get(identity)] : recipients.All;
        var rows = found.SelectMany(RecipientRows);
        return call.Text("Trustee") is { } trustee
            ? rows.Where(row => row["Trustee"]!.ToString() == UserName(recipients.Get(trustee)))
            : rows;
    }

    private IEnumerable<JsonObject> MailboxRows(TenantRecipient mailbox) =>
    [
        MailboxRow(mailbox, "NT AUTHORITY\\SELF", "FullAccess, ReadPermission"),
        .. mailbox.MailboxPermissions.Where(right => recipients.Find(right.Trustee) is not null)
            .Select(right => MailboxRow(mailbox, UserName(recipients.Find(right.Trustee)!), right.AccessRight)),
    ];

    private static JsonObject MailboxRow(TenantRecipient mailbox, string user, string rights) => new()
    {
        ["Identity"] = mailbox.Name,
        ["User"] = user,
        ["AccessRights"] = new JsonArray(rights),
        ["Deny"] = false,
        ["IsInherited"] = false,
        ["InheritanceType"] = "All",
    };

    private IEnumerable<JsonObject> RecipientRows(TenantRecipient recipient) => recipient.RecipientPermissions
        .Where(right => recipients.Find(right.Trustee) is not null)
        .Select(right => new JsonObject
        {
            ["Identity"] = recipient.Name,
            ["Trustee"] = UserName(recipients.Find(right.Trustee)!),
            ["AccessControlType"] = "Allow",
            ["AccessRights"] = new JsonArray(right.AccessRight),
            ["IsInherited"] = false,
            ["InheritanceType"] = "None",
        });

    private TenantRecipient Trustee(string identity)
    {
        var trustee = recipients.Get(identity);
        return trustee.IsUser || trustee.Type == RecipientTypeDetails.MailUniversalSecurityGroup
            ? trustee
            : throw CmdletException.Recipient("SecurityPrincipalNotFoundException",
                $"The user or group \"{identity}\" isn't a security principal.");
    }

    private static List<string> Rights(CmdletCall call, string[] known) =>
    [
        .. (call.Texts("AccessRights") ?? []).Select(right =>
            known.FirstOrDefault(each => each.Equals(right, StringComparison.OrdinalIgnoreCase))
            ?? throw CmdletException.Transformation("AccessRights", right, "Microsoft.Exchange.Management.RecipientTasks.MailboxRights[]")),
    ];

    private static string AlreadyPresent(TenantRecipient recipient, TenantRecipient trustee) =>
        $"The appropriate access control entry is already present on the object \"{recipient.DisplayName}\" "
        + $"for account \"{trustee.DisplayName}\".";

    private static string UserName(TenantRecipient trustee) => trustee.UserPrincipalName ?? trustee.Name;
}
