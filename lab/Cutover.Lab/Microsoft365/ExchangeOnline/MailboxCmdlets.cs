using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Get-, New- and Set-Mailbox. Users' mailboxes come with their licence; New-Mailbox makes shared, room and equipment
/// mailboxes.</summary>
internal sealed class MailboxCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private static readonly string[] Kept =
    [
        "ResourceCapacity", "ForwardingAddress", "ForwardingSmtpAddress", "DeliverToMailboxAndForward", "MaxSendSize",
        "MaxReceiveSize", "MailTip", "Office", "MessageCopyForSentAsEnabled", "MessageCopyForSendOnBehalfEnabled",
        "LitigationHoldEnabled", "RetentionPolicy", "AuditEnabled", "SimpleDisplayName", "ProhibitSendQuota",
        "ProhibitSendReceiveQuota", "IssueWarningQuota", "AcceptMessagesOnlyFromSendersOrMembers",
        "RequireSenderAuthenticationEnabled", .. RecipientAttributes.CustomAttributes,
    ];

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-Mailbox", [], ["Identity", "ResultSize", "RecipientTypeDetails", "PropertySet", "Properties", "SortBy"], Get),
        new("New-Mailbox", ["Name"],
            ["Shared", "Room", "Equipment", "Alias", "DisplayName", "PrimarySmtpAddress", "FirstName", "LastName", "Initials",
                "MicrosoftOnlineServicesID", "ResourceCapacity"], New),
        new("Set-Mailbox", ["Identity"],
            ["EmailAddresses", "GrantSendOnBehalfTo", "HiddenFromAddressListsEnabled", "Type", "Name", "DisplayName", "Alias",
                "WindowsEmailAddress", "MicrosoftOnlineServicesID", .. Kept], Set),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var found = call.Text("Identity") is { } identity ? [recipients.Get(identity, IsMailbox)] : recipients.All.Where(IsMailbox);
        if (call.Texts("RecipientTypeDetails") is { } types)
            found = found.Where(mailbox => types.Contains(mailbox.Type.ToString(), StringComparer.OrdinalIgnoreCase));
        return found.Select(mailbox => RecipientValues.OfMailbox(mailbox, recipients));
    }

    private IEnumerable<JsonObject> New(CmdletCall call)
    {
        var name = recipients.FreeName(call.Required("Name"));
        var alias = RecipientAttributes.CheckedAlias(call.Text("Alias") ?? RecipientAttributes.AliasOf(name));
        var defaultDomain = tenant.Domains.All.First(domain => domain.IsDefault).Name;
        var primary = call.Text("PrimarySmtpAddress") ?? call.Text("MicrosoftOnlineServicesID") ?? $"{alias}@{defaultDomain}";
        var id = Guid.NewGuid();
        var mailbox = new TenantRecipient
        {
            Id = id,
            Type = NewType(call),
            Name = name,
            DisplayName = call.Text("DisplayName") ?? name,
            Alias = alias,
            UserPrincipalName = call.Text("MicrosoftOnlineServicesID") ?? primary,
            // Sign-in has to be blocked afterwards, in the directory.
            AccountEnabled = true,
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
            ExchangeGuid = Guid.NewGuid(),
            MailboxReady = tenant.Now,
            EmailAddresses = Addresses(primary, alias),
        };
        mailbox = RecipientAttributes.ApplySettings(RecipientAttributes.ApplyDetails(mailbox, call), call, ["ResourceCapacity"]);
        tenant.Database.Write(_ =>
        {
            recipients.Save(mailbox);
            tenant.Mailboxes.Create(mailbox.ExchangeGuid!.Value, mailbox.Id, language: null);
        });
        return [RecipientValues.OfMailbox(mailbox, recipients)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var before = recipients.Get(call.Required("Identity"), IsMailbox);
        var after = EmailAddressRules.Apply(RecipientAttributes.ApplyNames(before, call), call);
        after = RecipientAttributes.ApplySendOnBehalf(after, call, recipients);
        after = RecipientAttributes.ApplySettings(after, call, Kept);
        after = after with { UserPrincipalName = call.Text("MicrosoftOnlineServicesID") ?? after.UserPrincipalName };
        if (call.Text("Type") is { } type) after = after with { Type = Converted(type) };
        recipients.SaveChange(before, after, call);
        return [];
    }

    private IReadOnlyList<string> Addresses(string primary, string alias) =>
        primary.EndsWith("@" + tenant.Options.InitialDomain, StringComparison.OrdinalIgnoreCase)
            ? ["SMTP:" + primary]
            : ["SMTP:" + primary, tenant.Directory.FreeInitialAddress(alias)];

    private static RecipientTypeDetails NewType(CmdletCall call) =>
        (call.Switch("Shared"), call.Switch("Room"), call.Switch("Equipment")) switch
        {
            (true, false, false) => RecipientTypeDetails.SharedMailbox,
            (false, true, false) => RecipientTypeDetails.RoomMailbox,
            (false, false, true) => RecipientTypeDetails.EquipmentMailbox,
            _ => throw CmdletException.ParameterSet(
                "One or more parameters issued cannot be used together or an insufficient number of parameters were provided."),
        };

    private static RecipientTypeDetails Converted(string type) => type.ToLowerInvariant() switch
    {
        "regular" => RecipientTypeDetails.UserMailbox,
        "shared" => RecipientTypeDetails.SharedMailbox,
        "room" => RecipientTypeDetails.RoomMailbox,
        "equipment" => RecipientTypeDetails.EquipmentMailbox,
        _ => throw CmdletException.Transformation("Type", type, "Microsoft.Exchange.Data.Directory.Recipient.ConvertibleMailboxSubType"),
    };

    private static bool IsMailbox(TenantRecipient recipient) => recipient.HasMailbox;
}
