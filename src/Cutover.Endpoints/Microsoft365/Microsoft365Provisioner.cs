using System.Net;
using System.Text.Json.Nodes;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Provisioning;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>
/// Makes recipients in a tenant: users, licences and managers through Graph, everything else through Exchange Online's cmdlets. Each call looks first, so that
/// one whose answer was lost is simply made again.
/// </summary>
public sealed class Microsoft365Provisioner : IRecipientProvisioner
{
    /// <summary>Directory and Exchange Online show a change to each other after a while.</summary>
    private static readonly TimeSpan ReplicationLimit = TimeSpan.FromMinutes(5);

    /// <summary>Mailboxes usually come within minutes of the licence, at times within an hour.</summary>
    private static readonly TimeSpan MailboxLimit = TimeSpan.FromHours(2);

    private readonly GraphClient graph;
    private readonly ExchangeOnlineClient exchange;
    private readonly RetryOptions retry;
    private readonly TenantFacts tenant;
    private readonly UserAccounts users;
    private readonly Licences licences;
    private readonly ExchangeRecipients recipients;
    private readonly RecipientPlanner planner;

    internal Microsoft365Provisioner(GraphClient graph, ExchangeOnlineClient exchange, Microsoft365Settings settings, RetryOptions retry)
    {
        this.graph = graph;
        this.exchange = exchange;
        this.retry = retry;
        tenant = new TenantFacts(graph, exchange, settings);
        users = new UserAccounts(graph, tenant);
        licences = new Licences(graph, exchange, settings);
        recipients = new ExchangeRecipients(exchange, tenant);
        planner = new RecipientPlanner(graph, exchange, tenant);
    }

    public Task<IReadOnlyList<PlannedRecipient>> PlanAsync(
        IReadOnlyList<Recipient> recipients, IReadOnlyCollection<string> domainsToCome, CancellationToken ct) =>
        RunAsync("read the tenant's recipients", () => planner.PlanAsync(recipients, domainsToCome, ct), ct);

    public Task<LicencePlan> PlanLicencesAsync(IReadOnlyList<Recipient> recipients, CancellationToken ct) => RunAsync("read the tenant's licences",
        async () => await licences.PlanAsync(recipients, await tenant.GetUsageLocationAsync(ct), ct), ct);

    public Task<ProvisionedRecipient> ProvisionAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct) =>
        RunAsync($"create {Describe(recipient)}", () => WhenSeenAsync(() => ProvisionOnceAsync(recipient, passwords, ct), ct), ct);

    public Task AssignLicenceAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct)
    {
        if (recipient.Type != RecipientType.UserMailbox) return Task.CompletedTask;
        return RunAsync(
            $"give {Describe(recipient)} a licence", () => WhenSeenAsync(() => licences.AssignAsync(recipient, provisioned.TargetId, ct), ct), ct);
    }

    public Task<string> WaitForMailboxAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct) =>
        RunAsync($"open the mailbox of {Describe(recipient)}", () => WaitAsync(recipient, provisioned, ct), ct);

    public Task<IReadOnlyList<string>> SetAddressesAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct) =>
        RunAsync($"give {Describe(recipient)} its addresses", () => WhenSeenAsync(() => SetAddressesOnceAsync(recipient, provisioned, ct), ct), ct);

    public Task SetMembersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> members,
        CancellationToken ct) =>
        RunAsync($"set the members of {Describe(group)}", () => WhenSeenAsync(() => SetMembersOnceAsync(provisioned, members, ct), ct), ct);

    public Task SetOwnersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> owners, CancellationToken ct) =>
        RunAsync($"set the owners of {Describe(group)}", () => WhenSeenAsync(() => exchange.InvokeAsync("Set-DistributionGroup", new JsonObject
        {
            ["Identity"] = provisioned.TargetId,
            ["ManagedBy"] = ExchangeOnlineClient.Array(owners.Select(owner => owner.TargetId)),
            ["BypassSecurityGroupManagerCheck"] = true,
        }, ct), ct), ct);

    public Task SetManagerAsync(ProvisionedRecipient user, ProvisionedRecipient manager, CancellationToken ct) =>
        RunAsync("set a manager", () => WhenSeenAsync(() => users.SetManagerAsync(user.TargetId, manager.TargetId, ct), ct), ct);

    public Task SetDelegatesAsync(Recipient mailbox, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> delegates,
        CancellationToken ct) =>
        RunAsync($"let others send on behalf of {Describe(mailbox)}", () => WhenSeenAsync(() => exchange.InvokeAsync("Set-Mailbox", new JsonObject
        {
            ["Identity"] = provisioned.TargetId,
            ["GrantSendOnBehalfTo"] = ExchangeOnlineClient.Adding(delegates.Select(each => each.TargetId)),
        }, ct), ct), ct);

    private async Task<ProvisionedRecipient> ProvisionOnceAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        if (recipient.Type == RecipientType.UserMailbox) return await users.ProvisionAsync(recipient, passwords, ct);
        var provisioned = await recipients.ProvisionAsync(recipient, passwords, ct);
        // Also where it was there: it may be ours, made by a request whose answer was lost.
        if (recipient.HasMailbox && await WhenSeenAsync(() => users.BlockSignInAsync(provisioned.TargetId, ct), ct) && provisioned.Outcome == ProvisioningOutcome.Matched)
            provisioned = provisioned with { Outcome = ProvisioningOutcome.Changed };
        if (recipient.Type == RecipientType.MailUser)
            await WhenSeenAsync(() => users.DescribeAsync(recipient, provisioned.TargetId, ct), ct);
        return provisioned;
    }

    private async Task<string> WaitAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct)
    {
        var path = $"users/{GraphClient.Segment(provisioned.TargetId)}/settings/exchange";
        var started = graph.Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if ((await graph.GetAsync(path, GraphJson.Default.ExchangeSettings, ct)).PrimaryMailboxId is { Length: > 0 } id) return id;
            }
            catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound)
                || refusal.Code.StartsWith("MailboxNot", StringComparison.Ordinal))
            {
            }

            if (graph.Clock.GetElapsedTime(started) > MailboxLimit)
                throw new MigrationFault(FaultScope.Mailbox, $"{recipient.PrimarySmtpAddress} still has no mailbox after {MailboxLimit.TotalHours} hours.",
                    "Check its licence in the Microsoft 365 admin centre, then run again.");
            await Task.Delay(retry.BackOff(attempt), graph.Clock, ct);
        }
    }

    private async Task<IReadOnlyList<string>> SetAddressesOnceAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct)
    {
        var found = await recipients.FindAsync(recipient, provisioned.TargetId, ct)
            ?? throw new ServiceRefusal(HttpStatusCode.NotFound, ExchangeOnlineError.NotFound,
                $"Exchange Online does not show {recipient.PrimarySmtpAddress}.", null);
        var current = found.Texts("EmailAddresses");
        var wanted = RecipientAddresses.Of(recipient, current, await tenant.GetAcceptedDomainsAsync(ct));
        if (wanted.LeftOut.Count > 0)
        {
            await tenant.ForgetAsync(ct);
            wanted = RecipientAddresses.Of(recipient, current, await tenant.GetAcceptedDomainsAsync(ct));
        }

        var change = new JsonObject { ["Identity"] = provisioned.TargetId };
        if (!wanted.AreIn(current)) change["EmailAddresses"] = ExchangeOnlineClient.Array(wanted.Addresses);
        if (found.Flag("HiddenFromAddressListsEnabled") != recipient.HiddenFromAddressLists) change["HiddenFromAddressListsEnabled"] = recipient.HiddenFromAddressLists;
        // The application owns no group; a dynamic one has no owner to ask.
        if (change.Count > 1 && recipient is { IsGroup: true, Type: not RecipientType.DynamicDistributionGroup }) change["BypassSecurityGroupManagerCheck"] = true;
        if (change.Count > 1) await exchange.InvokeAsync($"Set-{ExchangeRecipients.NounOf(recipient)}", change, ct);
        return wanted.LeftOut;
    }

    private async Task SetMembersOnceAsync(ProvisionedRecipient group, IReadOnlyList<ProvisionedRecipient> members, CancellationToken ct)
    {
        // Without ResultSize the list stops at 1,000 and says nothing.
        var listed = await exchange.InvokeAsync("Get-DistributionGroupMember",
            new JsonObject { ["Identity"] = group.TargetId, ["ResultSize"] = "Unlimited" }, ct);
        var current = listed.Select(member => member.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (current.SetEquals(members.Select(member => member.TargetId))) return;
        await exchange.InvokeAsync("Update-DistributionGroupMember", new JsonObject
        {
            ["Identity"] = group.TargetId,
            ["Members"] = ExchangeOnlineClient.Array(members.Select(member => member.TargetId)),
            ["BypassSecurityGroupManagerCheck"] = true,
            ["Confirm"] = false,
        }, ct);
    }

    /// <summary>Makes the operation again while the service does not show yet what was made a moment ago.</summary>
    private async Task<T> WhenSeenAsync<T>(Func<Task<T>> operation, CancellationToken ct)
    {
        var started = graph.Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation();
            }
            catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound) && graph.Clock.GetElapsedTime(started) < ReplicationLimit)
            {
                await Task.Delay(retry.BackOff(attempt), graph.Clock, ct);
            }
        }
    }

    private Task WhenSeenAsync(Func<Task> operation, CancellationToken ct) => WhenSeenAsync(async () =>
    {
        await operation();
        return true;
    }, ct);

    /// <summary>Names the operation in its faults, and makes it again, look and all, when an answer was lost or the service was busy.</summary>
    private async Task<T> RunAsync<T>(string doing, Func<Task<T>> operation, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Refusals.NameAsync(doing, FaultScope.Item, operation);
            }
            catch (MigrationFault fault) when (fault.IsTransient && attempt < retry.Attempts)
            {
                await Task.Delay(fault.RetryAfter ?? retry.BackOff(attempt), graph.Clock, ct);
            }
        }
    }

    private Task RunAsync(string doing, Func<Task> operation, CancellationToken ct) => RunAsync(doing, async () =>
    {
        await operation();
        return true;
    }, ct);

    private static string Describe(Recipient recipient) => $"the {recipient.Type} {recipient.PrimarySmtpAddress}";
}
