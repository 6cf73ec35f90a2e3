using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Tests.Microsoft365;

namespace Cutover.Endpoints.Tests.Contracts;

/// <summary>What done means for any provisioner: each call looks first and makes it so, and a plan tells beforehand what the calls would do.</summary>
public abstract class RecipientProvisionerContract
{
    protected static readonly CancellationToken Ct = CancellationToken.None;

    public static TheoryData<RecipientType> Kinds => [.. Enum.GetValues<RecipientType>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_recipient_of_each_kind_is_planned_made_once_and_matched_from_then_on(RecipientType type)
    {
        var provisioner = await OpenAsync();
        var (recipient, passwords) = (Recipient("one", type), new Passwords());

        var planned = Assert.Single(await provisioner.PlanAsync([recipient], [], Ct));
        Assert.Equal(PlannedAction.Create, planned.Action);
        var made = await ProvisionAsync(provisioner, recipient, passwords);
        var (after, kept) = (Snapshot(), passwords.Count);
        var again = await ProvisionAsync(await OpenAsync(), recipient, passwords);
        planned = Assert.Single(await provisioner.PlanAsync([recipient], [], Ct));

        Assert.Equal((ProvisioningOutcome.Created, ProvisioningOutcome.Matched, made.TargetId), (made.Outcome, again.Outcome, again.TargetId));
        Assert.Equal((PlannedAction.Match, ""), (planned.Action, string.Join("; ", planned.Changes)));
        Assert.Equal(after, Snapshot());
        Assert.Equal((type is RecipientType.UserMailbox or RecipientType.MailUser ? 1 : 0, kept), (kept, passwords.Count));
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        var provisioner = await OpenAsync();
        var before = Snapshot();

        await provisioner.PlanAsync([Recipient("one", RecipientType.UserMailbox), Recipient("two", RecipientType.MailContact)], ["later.test"], Ct);
        await provisioner.PlanLicencesAsync([Recipient("one", RecipientType.UserMailbox)], Ct);

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_group_has_exactly_the_members_that_it_was_given_last()
    {
        var provisioner = await OpenAsync();
        var (group, passwords) = (Recipient("team", RecipientType.MailUniversalDistributionGroup), new Passwords());
        var place = await ProvisionAsync(provisioner, group, passwords);
        var (one, two) = (await ProvisionAsync(provisioner, Recipient("one", RecipientType.SharedMailbox), passwords), await ProvisionAsync(provisioner, Recipient("two", RecipientType.MailContact), passwords));

        await provisioner.SetMembersAsync(group, place, [one, two], Ct);
        Assert.Equal([one.TargetId, two.TargetId], Members(place).Order(StringComparer.Ordinal).OrderBy(id => id == two.TargetId));
        await provisioner.SetMembersAsync(group, place, [two], Ct);
        await provisioner.SetMembersAsync(group, place, [two], Ct);

        Assert.Equal([two.TargetId], Members(place));
    }

    [Fact]
    public async Task An_address_that_another_kind_of_recipient_has_is_an_items_fault_and_a_planned_conflict()
    {
        var provisioner = await OpenAsync();
        await ProvisionAsync(provisioner, Recipient("desk", RecipientType.SharedMailbox), new Passwords());
        var clash = Recipient("desk", RecipientType.MailUniversalSecurityGroup);
        var before = Snapshot();

        var planned = Assert.Single(await provisioner.PlanAsync([clash], [], Ct));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => provisioner.ProvisionAsync(clash, new Passwords(), Ct));

        Assert.Equal((PlannedAction.Conflict, FaultScope.Item, false), (planned.Action, fault.Scope, fault.IsTransient));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Addresses_that_the_target_takes_are_set_and_the_others_are_named()
    {
        var provisioner = await OpenAsync();
        var recipient = Recipient("info", RecipientType.SharedMailbox);
        recipient = recipient with { EmailAddresses = [.. recipient.EmailAddresses, "smtp:info@elsewhere.test"] };
        var place = await ProvisionAsync(provisioner, recipient, new Passwords());

        Assert.Equal(["info@elsewhere.test"], await provisioner.SetAddressesAsync(recipient, place, Ct));
        var after = Snapshot();
        Assert.Equal(["info@elsewhere.test"], await provisioner.SetAddressesAsync(recipient, place, Ct));

        Assert.Equal(after, Snapshot());
        Assert.Contains($"X500:{recipient.LegacyExchangeDN}", after, StringComparison.Ordinal);
    }

    /// <summary>Opens the same target each time, without any recipient at first.</summary>
    protected abstract Task<IRecipientProvisioner> OpenAsync();

    /// <summary>A recipient with its primary address in a domain of the target.</summary>
    protected abstract Recipient Recipient(string alias, RecipientType type);

    /// <summary>Everything that the target knows of recipients; equal texts mean that nothing changed.</summary>
    protected abstract string Snapshot();

    protected abstract IReadOnlyList<string> Members(ProvisionedRecipient group);

    private static async Task<ProvisionedRecipient> ProvisionAsync(IRecipientProvisioner provisioner, Recipient recipient, IInitialPasswords passwords)
    {
        var place = await provisioner.ProvisionAsync(recipient, passwords, Ct);
        if (recipient.Type == RecipientType.UserMailbox) await provisioner.AssignLicenceAsync(recipient, place, Ct);
        if (recipient.HasMailbox) await provisioner.WaitForMailboxAsync(recipient, place, Ct);
        await provisioner.SetAddressesAsync(recipient, place, Ct);
        return place;
    }
}
