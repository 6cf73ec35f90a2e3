using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Get-, Add-, Remove- and Update-DistributionGroupMember.</summary>
internal sealed class GroupMemberCmdlets(RecipientLookup recipients)
{
    public IEnumerable<Cmdlet> All =>
    [
        new("Get-DistributionGroupMember", ["Identity"], ["ResultSize"], Get),
        new("Add-DistributionGroupMember", ["Identity"], ["Member", "BypassSecurityGroupManagerCheck"], Add),
        new("Remove-DistributionGroupMember", ["Identity"], ["Member", "BypassSecurityGroupManagerCheck"], Remove),
        new("Update-DistributionGroupMember", ["Identity"], ["Members", "BypassSecurityGroupManagerCheck"], Update),
    ];

    private IEnumerable<JsonObject> Get(CmdletCall call) => Group(call).Members.Select(recipients.Find).OfType<TenantRecipient>()
        .Select(member => RecipientValues.Of(member, recipients));

    private IEnumerable<JsonObject> Add(CmdletCall call)
    {
        var (group, member) = (Group(call), Member(call));
        GroupManager.Check(call);
        if (group.Members.Contains(member.Id))
            throw CmdletException.Recipient("MemberAlreadyExistsException",
                $"The recipient \"{member.DisplayName}\" is already a member of the group \"{group.DisplayName}\".");
        recipients.Save(group with { Members = [.. group.Members, member.Id] });
        return [];
    }

    private IEnumerable<JsonObject> Remove(CmdletCall call)
    {
        var (group, member) = (Group(call), Member(call));
        GroupManager.Check(call);
        if (!group.Members.Contains(member.Id))
            throw CmdletException.Recipient("MemberNotFoundException",
                $"The recipient \"{member.DisplayName}\" isn't a member of the group \"{group.DisplayName}\".");
        recipients.Save(group with { Members = [.. group.Members.Where(id => id != member.Id)] });
        return [];
    }

    private IEnumerable<JsonObject> Update(CmdletCall call)
    {
        var group = Group(call);
        GroupManager.Check(call);
        var removed = recipients.Ids(call.Removed("Members"));
        var members = call.MultiValued("Members", [.. group.Members.Select(id => id.ToString())]) ?? [];
        recipients.Save(group with { Members = [.. recipients.Ids(members).Except(removed)] });
        return [];
    }

    private TenantRecipient Group(CmdletCall call) => recipients.Get(call.Required("Identity"), recipient => recipient.IsGroup);

    private TenantRecipient Member(CmdletCall call) => recipients.Get(call.Required("Member"));
}
