using System.Collections.Concurrent;
using Cutover.Core.Faults;

namespace Cutover.Core.Recipients;

/// <summary>How one recipient came out: where it is at the target, or what stood in the way.</summary>
/// <param name="MailboxId">For recipients with a mailbox, once it exists.</param>
public sealed record RecipientResult(Recipient Recipient, ProvisionedRecipient? Provisioned, string? MailboxId, MigrationFault? Fault)
{
    /// <summary>References and addresses that can't be carried (S36); the recipient is in place all the same.</summary>
    public IReadOnlyList<ProvisioningFinding> Findings { get; init; } = [];
}

/// <summary>
/// Puts the whole organisation's recipients in place, in the order their references need: empty security groups first (S34), then mailboxes, mail
/// users, contacts and distribution groups, then licences, addresses, members (innermost groups first), owners, managers and delegates. Running it
/// again changes nothing. What goes wrong with one recipient stops only that one; a fault of the endpoint or for the operator stops all, and running
/// again goes on from there.
/// </summary>
public sealed class RecipientProvisioning(IRecipientProvisioner provisioner, IInitialPasswords passwords, int atOnce = 4)
{
    private readonly ConcurrentDictionary<string, RecipientResult> results = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Provisions them all and returns one result for each, in their order.</summary>
    /// <param name="progress">Told which phase runs on which recipient.</param>
    public async Task<IReadOnlyList<RecipientResult>> RunAsync(IReadOnlyList<Recipient> recipients, IProgress<string>? progress, CancellationToken ct)
    {
        results.Clear();
        foreach (var recipient in recipients) results[recipient.LegacyExchangeDN] = new RecipientResult(recipient, null, null, null);
        foreach (var group in recipients.GroupBy(Order).OrderBy(group => group.Key))
            await EachAsync("provision", group, CreateAsync, progress, ct);
        await EachAsync("license", recipients.Where(recipient => recipient.Type == RecipientType.UserMailbox), LicenseAsync, progress, ct);
        await EachAsync("wait for", recipients.Where(recipient => recipient.HasMailbox), WaitAsync, progress, ct);
        await EachAsync("address", recipients, AddressAsync, progress, ct);
        foreach (var groups in new NestedGroups(recipients.Where(IsStaticGroup)).InnermostFirst())
            await EachAsync("fill", groups, FillAsync, progress, ct);
        await EachAsync("relate", recipients.Where(recipient => recipient.Manager is not null || recipient.Delegates.Count > 0), RelateAsync,
            progress, ct);
        return [.. recipients.Select(recipient => results[recipient.LegacyExchangeDN])];
    }

    private static int Order(Recipient recipient) => recipient.Type switch
    {
        RecipientType.MailUniversalSecurityGroup => 0,
        RecipientType.UserMailbox => 1,
        RecipientType.SharedMailbox or RecipientType.RoomMailbox or RecipientType.EquipmentMailbox => 2,
        RecipientType.MailUser => 3,
        RecipientType.MailContact => 4,
        _ => 5,
    };

    private static bool IsStaticGroup(Recipient recipient) => recipient is { IsGroup: true, Type: not RecipientType.DynamicDistributionGroup };

    private Task EachAsync(
        string phase, IEnumerable<Recipient> recipients, Func<RecipientResult, CancellationToken, Task<RecipientResult>> act,
            IProgress<string>? progress,
        CancellationToken ct) =>
        Parallel.ForEachAsync(recipients, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = ct }, async (recipient, token) =>
        {
            var before = results[recipient.LegacyExchangeDN];
            if (before.Fault is not null) return;
            progress?.Report($"{phase} {recipient.PrimarySmtpAddress}");
            results[recipient.LegacyExchangeDN] = await OrFaultAsync(act, before, token);
        });

    private static async Task<RecipientResult> OrFaultAsync(
        Func<RecipientResult, CancellationToken, Task<RecipientResult>> act, RecipientResult before, CancellationToken ct)
    {
        try
        {
            return await act(before, ct);
        }
        catch (MigrationFault fault) when (fault.Scope is FaultScope.Item or FaultScope.Mailbox)
        {
            return before with { Fault = fault };
        }
    }

    private async Task<RecipientResult> CreateAsync(RecipientResult result, CancellationToken ct) =>
        result with { Provisioned = await provisioner.ProvisionAsync(result.Recipient, passwords, ct) };

    private async Task<RecipientResult> LicenseAsync(RecipientResult result, CancellationToken ct)
    {
        await provisioner.AssignLicenceAsync(result.Recipient, Placed(result), ct);
        return result;
    }

    private async Task<RecipientResult> WaitAsync(RecipientResult result, CancellationToken ct) =>
        result with { MailboxId = await provisioner.WaitForMailboxAsync(result.Recipient, Placed(result), ct) };

    private async Task<RecipientResult> AddressAsync(RecipientResult result, CancellationToken ct)
    {
        var leftOut = await provisioner.SetAddressesAsync(result.Recipient, Placed(result), ct);
        return With(result, leftOut.Select(address => new ProvisioningFinding(
            "S37", $"{result.Recipient.PrimarySmtpAddress} can't keep its address {address}: the target accepts no mail for that domain.",
            "Add and verify the domain at the target and run again, or leave the address behind if nobody writes to it.")));
    }

    private async Task<RecipientResult> FillAsync(RecipientResult result, CancellationToken ct)
    {
        var (members, missing) = Find(result.Recipient, "member", result.Recipient.Members);
        await provisioner.SetMembersAsync(result.Recipient, Placed(result), members, ct);
        var (owners, alsoMissing) = Find(result.Recipient, "owner", [.. result.Recipient.ManagedBy.Where(MayOwn)]);
        if (owners.Count > 0) await provisioner.SetOwnersAsync(result.Recipient, Placed(result), owners, ct);
        var unfit = result.Recipient.ManagedBy.Where(owner => !MayOwn(owner)).Select(owner => new ProvisioningFinding(
            "S36", $"{result.Recipient.PrimarySmtpAddress} loses its owner {results[owner].Recipient.PrimarySmtpAddress}: only mailboxes, mail users and security groups may own a group.",
            "Make another recipient the owner."));
        return With(result, [.. missing, .. alsoMissing, .. unfit]);
    }

    private async Task<RecipientResult> RelateAsync(RecipientResult result, CancellationToken ct)
    {
        var recipient = result.Recipient;
        var (managers, missing) = Find(recipient, "manager", recipient.Manager is { } manager ? [manager] : []);
        var mayHaveManager = recipient.Type is not RecipientType.MailContact && !recipient.IsGroup;
        if (managers is [var found] && mayHaveManager) await provisioner.SetManagerAsync(Placed(result), found, ct);
        var (delegates, alsoMissing) = Find(recipient, "delegate", recipient.HasMailbox ? recipient.Delegates : []);
        if (delegates.Count > 0) await provisioner.SetDelegatesAsync(recipient, Placed(result), delegates, ct);
        var unfit = mayHaveManager || managers.Count == 0 ? [] : new[] { new ProvisioningFinding(
            "S36", $"{recipient.PrimarySmtpAddress} loses its manager: only users have one at the target.",
                "Set it with Set-Contact -Manager if it matters.") };
        return With(result, [.. missing, .. alsoMissing, .. unfit]);
    }

    // Groups that are no security groups, and contacts, own nothing at Microsoft 365.
    private bool MayOwn(string legacyExchangeDN) => results.GetValueOrDefault(legacyExchangeDN)?.Recipient is not { } owner
        || owner.HasMailbox || owner.Type is RecipientType.MailUser or RecipientType.MailUniversalSecurityGroup;

    private static RecipientResult With(RecipientResult result, IEnumerable<ProvisioningFinding> findings) =>
        result with { Findings = [.. result.Findings, .. findings] };

    private static ProvisionedRecipient Placed(RecipientResult result) =>
        result.Provisioned ?? throw new InvalidOperationException($"{result.Recipient.PrimarySmtpAddress} has no place at the target yet.");

    /// <summary>Those of these recipients that are at the target, and a finding for each that is not (S36).</summary>
    private (List<ProvisionedRecipient> Found, List<ProvisioningFinding> Missing) Find(Recipient holder, string role,
        IReadOnlyList<string> legacyExchangeDNs)
    {
        var (found, missing) = (new List<ProvisionedRecipient>(), new List<ProvisioningFinding>());
        foreach (var name in legacyExchangeDNs)
        {
            var other = results.GetValueOrDefault(name);
            if (other?.Provisioned is { } provisioned) found.Add(provisioned);
            else missing.Add(Lost(holder, role, other, name));
        }

        return (found, missing);
    }

    private static ProvisioningFinding Lost(Recipient holder, string role, RecipientResult? other, string legacyExchangeDN) => other is null
        ? new ProvisioningFinding("S36", $"{holder.PrimarySmtpAddress} loses its {role} {legacyExchangeDN}, who is not moved.",
            $"Take the {role} off, or add it to the cutover.")
        : new ProvisioningFinding("S36", $"{holder.PrimarySmtpAddress} lacks its {role} {other.Recipient.PrimarySmtpAddress}, who could not be made.",
            $"Mend what stopped {other.Recipient.PrimarySmtpAddress} and run again.");
}
