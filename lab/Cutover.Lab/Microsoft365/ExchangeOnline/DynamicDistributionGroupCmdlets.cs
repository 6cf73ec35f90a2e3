using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>New-, Set- and Get-DynamicDistributionGroup. The lab keeps the filter and does not evaluate it; it only counts its brackets.</summary>
internal sealed class DynamicDistributionGroupCmdlets(Tenant tenant, RecipientLookup recipients)
{
    private const string Filter = "RecipientFilter";

    public IEnumerable<Cmdlet> All =>
    [
        new("Get-DynamicDistributionGroup", [], ["Identity", "ResultSize", "SortBy"], Get),
        new("New-DynamicDistributionGroup", ["Name", Filter], ["Alias", "DisplayName", "PrimarySmtpAddress"], New),
        new("Set-DynamicDistributionGroup", ["Identity"],
            ["EmailAddresses", "HiddenFromAddressListsEnabled", "PrimarySmtpAddress", "Alias", "DisplayName", "Name", Filter], Set),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call) =>
        (call.Text("Identity") is { } identity ? [recipients.Get(identity, IsDynamic)] : recipients.All.Where(IsDynamic)).Select(ToValue);

    private IEnumerable<JsonObject> New(CmdletCall call)
    {
        var name = recipients.FreeName(call.Required("Name"));
        var alias = RecipientAttributes.CheckedAlias(call.Text("Alias") ?? RecipientAttributes.AliasOf(name));
        var filter = call.Required(Filter);
        if (filter.Count(character => character == '(') != filter.Count(character => character == ')'))
            throw CmdletException.Validation($"The recipient filter \"{filter}\" has brackets without their other half.");
        var id = Guid.NewGuid();
        var group = RecipientAttributes.ApplySettings(new TenantRecipient
        {
            Id = id,
            Type = RecipientTypeDetails.DynamicDistributionGroup,
            Name = name,
            DisplayName = call.Text("DisplayName") ?? name,
            Alias = alias,
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
            EmailAddresses = ["SMTP:" + (call.Text("PrimarySmtpAddress") ?? $"{alias}@{tenant.Options.InitialDomain}")],
        }, call, [Filter]);
        recipients.Save(group);
        return [ToValue(group)];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var before = recipients.Get(call.Required("Identity"), IsDynamic);
        var after = EmailAddressRules.Apply(RecipientAttributes.ApplyNames(before, call), call);
        recipients.SaveChange(before, RecipientAttributes.ApplySettings(after, call, [Filter]), call);
        return [];
    }

    private JsonObject ToValue(TenantRecipient group) => RecipientValues.WithSettings(RecipientValues.Of(group, recipients), group);

    private static bool IsDynamic(TenantRecipient recipient) => recipient.Type == RecipientTypeDetails.DynamicDistributionGroup;
}
