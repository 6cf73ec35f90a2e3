using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>New-, Set- and Get-DistributionGroup. Type Security makes a mail-enabled security group.</summary>
internal sealed class DistributionGroupCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private static readonly string[] Kept =
    [
        "MemberJoinRestriction", "MemberDepartRestriction", "RequireSenderAuthenticationEnabled", "ModerationEnabled", "ModeratedBy",
        "Notes", "Description", "HiddenGroupMembershipEnabled", "RoomList", "BypassNestedModerationEnabled",
        "SendModerationNotifications", "MailTip", "AcceptMessagesOnlyFromSendersOrMembers", "RejectMessagesFromSendersOrMembers",
        "ReportToManagerEnabled", "ReportToOriginatorEnabled", "SendOofMessageToOriginatorEnabled",
        .. RecipientAttributes.CustomAttributes,
    ];

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-DistributionGroup", [], ["Identity", "ResultSize", "RecipientTypeDetails", "SortBy"], Get),
        new("New-DistributionGroup", ["Name"],
            ["Alias", "DisplayName", "PrimarySmtpAddress", "Type", "ManagedBy", "Members", "IgnoreNamingPolicy", "CopyOwnerToMember",
                .. Kept], New),
        new("Set-DistributionGroup", ["Identity"],
        [
            "EmailAddresses", "GrantSendOnBehalfTo", "HiddenFromAddressListsEnabled", "PrimarySmtpAddress", "WindowsEmailAddress",
            "Alias", "DisplayName", "Name", "ManagedBy", "BypassSecurityGroupManagerCheck", "ForceUpgrade", "IgnoreNamingPolicy",
            .. Kept,
        ], Set),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var found = call.Text("Identity") is { } identity ? [recipients.Get(identity, IsGroup)] : recipients.All.Where(IsGroup);
        if (call.Texts("RecipientTypeDetails") is { } types)
            found = found.Where(group => types.Contains(group.Type.ToString(), StringComparer.OrdinalIgnoreCase));
        return found.Select(ToValue);
    }

    private IEnumerable<JsonObject> New(CmdletCall call)
    {
        var name = recipients.FreeName(call.Required("Name"));
        var alias = RecipientAttributes.CheckedAlias(call.Text("Alias") ?? RecipientAttributes.AliasOf(name));
        var primary = call.Text("PrimarySmtpAddress") ?? $"{alias}@{tenant.Domains.All.First(domain => domain.IsDefault).Name}";
        var owners = Owners(call, []) ?? [];
        var members = recipients.Ids(call.Texts("Members") ?? []);
        var id = Guid.NewGuid();
        var group = new TenantRecipient
        {
            Id = id,
            Type = NewType(call.Text("Type") ?? "Distribution"),
            Name = name,
            DisplayName = call.Text("DisplayName") ?? name,
            Alias = alias,
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
            EmailAddresses = ["SMTP:" + primary],
            ManagedBy = owners,
            Members = call.Switch("CopyOwnerToMember") ? [.. members.Union(owners)] : members,
        };
        if (!primary.EndsWith("@" + tenant.Options.InitialDomain, StringComparison.OrdinalIgnoreCase))
            group = group with { EmailAddresses = [.. group.EmailAddresses, tenant.Directory.FreeInitialAddress(alias)] };
        recipients.Save(RecipientAttributes.ApplySettings(group, call, Kept));
        return [ToValue(group)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var before = recipients.Get(call.Required("Identity"), IsGroup);
        GroupManager.Check(call);
        var after = EmailAddressRules.Apply(RecipientAttributes.ApplyNames(before, call), call);
        after = RecipientAttributes.ApplySendOnBehalf(after, call, recipients);
        after = after with { ManagedBy = Owners(call, after.ManagedBy) ?? after.ManagedBy };
        recipients.SaveChange(before, RecipientAttributes.ApplySettings(after, call, Kept), call);
        return [];
    }

    private IReadOnlyList<Guid>? Owners(CmdletCall call, IReadOnlyList<Guid> present)
    {
        if (call.MultiValued("ManagedBy", [.. present.Select(id => id.ToString())]) is not { } owners) return null;
        var removed = recipients.Ids(call.Removed("ManagedBy"));
        return [.. owners.Select(owner => Owner(owner).Id).Distinct().Except(removed)];
    }

    private TenantRecipient Owner(string identity)
    {
        var owner = recipients.Get(identity);
        var isValid = owner.HasMailbox || owner.Type is RecipientTypeDetails.MailUser or RecipientTypeDetails.MailUniversalSecurityGroup;
        return isValid
            ? owner
            : throw CmdletException.Recipient("RecipientTaskException",
                $"The recipient '{identity}' isn't a valid owner: ManagedBy takes mailboxes, mail users and mail-enabled security groups.");
    }

    private JsonObject ToValue(TenantRecipient group)
    {
        var value = RecipientValues.Of(group, recipients);
        var isSecurity = group.Type == RecipientTypeDetails.MailUniversalSecurityGroup;
        value["GroupType"] = isSecurity ? "Universal, SecurityEnabled" : "Universal";
        value["ManagedBy"] = RecipientValues.Array(recipients.Names(group.ManagedBy));
        value["RequireSenderAuthenticationEnabled"] = true;
        return RecipientValues.WithSettings(value, group);
    }

    private static RecipientTypeDetails NewType(string type) => type.ToLowerInvariant() switch
    {
        "distribution" => RecipientTypeDetails.MailUniversalDistributionGroup,
        "security" => RecipientTypeDetails.MailUniversalSecurityGroup,
        _ => throw CmdletException.Transformation("Type", type, "Microsoft.Exchange.Management.RecipientTasks.GroupType"),
    };

    private static bool IsGroup(TenantRecipient recipient) => recipient.IsGroup;
}

/// <summary>An application is never a group's manager, so it has to say that it goes past that check.</summary>
internal static class GroupManager
{
    public static void Check(CmdletCall call)
    {
        if (!call.Switch("BypassSecurityGroupManagerCheck"))
            throw CmdletException.Recipient("OperationRequiresGroupManagerException",
                "You don't have sufficient permissions. This operation can only be performed by a manager of the group.");
    }
}
