using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>New-, Set- and Get-MailContact, and Set-Contact and Set-User for a person's details.</summary>
internal sealed class MailContactCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private static readonly string[] Kept =
        ["MailTip", "RequireSenderAuthenticationEnabled", "SimpleDisplayName", .. RecipientAttributes.CustomAttributes];

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-MailContact", [], ["Identity", "ResultSize", "SortBy"], Get),
        new("New-MailContact", ["Name", "ExternalEmailAddress"],
            ["Alias", "DisplayName", "FirstName", "LastName", "Initials", "MessageFormat", "MessageBodyFormat"], New),
        new("Set-MailContact", ["Identity"],
            ["EmailAddresses", "ExternalEmailAddress", "HiddenFromAddressListsEnabled", "WindowsEmailAddress", "Alias", "DisplayName",
                "Name", "GrantSendOnBehalfTo", "ForceUpgrade", .. Kept], Set),
        new("Set-Contact", ["Identity"], ["DisplayName", "Name", "Manager", .. RecipientAttributes.ContactParameters],
            call => SetDetails(call, recipient => recipient.Type == RecipientTypeDetails.MailContact)),
        new("Set-User", ["Identity"], ["DisplayName", "Name", "Manager", .. RecipientAttributes.ContactParameters],
            call => SetDetails(call, recipient => recipient.IsUser)),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call) =>
        (call.Text("Identity") is { } identity ? [recipients.Get(identity, IsContact)] : recipients.All.Where(IsContact)).Select(ToValue);

    private IEnumerable<JsonObject> New(CmdletCall call)
    {
        var name = recipients.FreeName(call.Required("Name"));
        var external = "SMTP:" + ProxyAddress.WithoutPrefix(call.Required("ExternalEmailAddress"));
        var id = Guid.NewGuid();
        var contact = RecipientAttributes.ApplyDetails(new TenantRecipient
        {
            Id = id,
            Type = RecipientTypeDetails.MailContact,
            Name = name,
            DisplayName = call.Text("DisplayName") ?? name,
            Alias = RecipientAttributes.CheckedAlias(call.Text("Alias") ?? RecipientAttributes.AliasOf(name)),
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
            ExternalEmailAddress = external,
            EmailAddresses = [external],
        }, call);
        recipients.Save(contact);
        return [ToValue(contact)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var before = recipients.Get(call.Required("Identity"), IsContact);
        var after = EmailAddressRules.Apply(RecipientAttributes.ApplyNames(before, call), call);
        if (call.Text("ExternalEmailAddress") is { } external)
            after = after with { ExternalEmailAddress = "SMTP:" + ProxyAddress.WithoutPrefix(external) };
        after = RecipientAttributes.ApplySendOnBehalf(after, call, recipients);
        recipients.SaveChange(before, RecipientAttributes.ApplySettings(after, call, Kept), call);
        return [];
    }

    private IEnumerable<JsonObject> SetDetails(CmdletCall call, Func<TenantRecipient, bool> kind)
    {
        var before = recipients.Get(call.Required("Identity"), kind);
        var after = RecipientAttributes.ApplyDetails(RecipientAttributes.ApplyNames(before, call), call);
        if (call.Text("Manager") is { Length: > 0 } manager) after = after with { Manager = recipients.Get(manager).Id };
        recipients.SaveChange(before, after, call);
        return [];
    }

    private JsonObject ToValue(TenantRecipient contact) => RecipientValues.WithSettings(RecipientValues.Of(contact, recipients), contact);

    private static bool IsContact(TenantRecipient recipient) => recipient.Type == RecipientTypeDetails.MailContact;
}
