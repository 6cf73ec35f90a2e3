using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>New-, Set- and Get-MailUser.</summary>
internal sealed class MailUserCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private static readonly string[] Kept =
        ["ExchangeGuid", "MailTip", "RequireSenderAuthenticationEnabled", .. RecipientAttributes.CustomAttributes];

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-MailUser", [], ["Identity", "ResultSize", "SortBy"], Get),
        new("New-MailUser", ["Name"],
        [
            "MicrosoftOnlineServicesID", "Password", "FederatedIdentity", "ExternalEmailAddress", "Alias", "DisplayName", "FirstName",
            "LastName", "Initials", "PrimarySmtpAddress", "UsageLocation",
        ], New),
        new("Set-MailUser", ["Identity"],
            ["EmailAddresses", "ExternalEmailAddress", "HiddenFromAddressListsEnabled", "WindowsEmailAddress", "MicrosoftOnlineServicesID",
                "Alias", "DisplayName", "Name", "GrantSendOnBehalfTo", .. Kept], Set),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call) =>
        (call.Text("Identity") is { } identity ? [recipients.Get(identity, IsMailUser)] : recipients.All.Where(IsMailUser)).Select(ToValue);

    private IEnumerable<JsonObject> New(CmdletCall call)
    {
        if (!call.Has("FederatedIdentity") && !(call.Has("MicrosoftOnlineServicesID") && call.Has("Password")))
            throw CmdletException.ParameterSet(
                "One or more parameters issued cannot be used together or an insufficient number of parameters were provided.");
        var name = recipients.FreeName(call.Required("Name"));
        var principalName = call.Text("MicrosoftOnlineServicesID") ?? call.Required("FederatedIdentity");
        if (!tenant.Directory.IsAcceptedDomain(ProxyAddress.Domain(principalName))) throw CmdletException.NotAcceptedDomain(principalName);
        var id = Guid.NewGuid();
        var user = RecipientAttributes.ApplyDetails(new TenantRecipient
        {
            Id = id,
            Type = RecipientTypeDetails.MailUser,
            Name = name,
            DisplayName = call.Text("DisplayName") ?? name,
            Alias = RecipientAttributes.CheckedAlias(call.Text("Alias") ?? RecipientAttributes.AliasOf(name)),
            UserPrincipalName = principalName,
            AccountEnabled = true,
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
            ExternalEmailAddress = call.Text("ExternalEmailAddress") is { } external
                ? "SMTP:" + ProxyAddress.WithoutPrefix(external)
                : null,
            EmailAddresses = ["SMTP:" + (call.Text("PrimarySmtpAddress") ?? principalName)],
        }, call);
        recipients.Save(user);
        return [ToValue(user)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var before = recipients.Get(call.Required("Identity"), IsMailUser);
        var after = EmailAddressRules.Apply(RecipientAttributes.ApplyNames(before, call), call);
        if (call.Text("ExternalEmailAddress") is { } external)
            after = after with { ExternalEmailAddress = "SMTP:" + ProxyAddress.WithoutPrefix(external) };
        after = after with { UserPrincipalName = call.Text("MicrosoftOnlineServicesID") ?? after.UserPrincipalName };
        after = RecipientAttributes.ApplySendOnBehalf(after, call, recipients);
        recipients.SaveChange(before, RecipientAttributes.ApplySettings(after, call, Kept), call);
        return [];
    }

    private JsonObject ToValue(TenantRecipient user)
    {
        var value = RecipientValues.Of(user, recipients);
        value["UserPrincipalName"] = user.UserPrincipalName;
        value["MicrosoftOnlineServicesID"] = user.UserPrincipalName;
        return RecipientValues.WithSettings(value, user);
    }

    private static bool IsMailUser(TenantRecipient recipient) => recipient.Type == RecipientTypeDetails.MailUser;
}
