using System.Collections.Concurrent;
using Cutover.Core.Faults;

namespace Cutover.Core.Recipients;

/// <summary>How one recipient came out: where it is at the target, or what stood in the way.</summary>
/// <param name="MailboxId">For recipients with a mailbox, once it exists.</param>
public sealed record RecipientResult(Recipient Recipient, ProvisionedRecipient? Provisioned, string? MailboxId, MigrationFault? Fault);

/// <summary>Takes initial passwords, to be handed over once.</summary>
public interface IInitialPasswords
{
    /// <summary>Keeps the password durably before it returns.</summary>
    Task KeepAsync(Recipient recipient, string password, CancellationToken ct);
}

/// <summary>
/// Puts the whole organisation's recipients in place, in the order their references need: empty security groups first (S34), then mailboxes, mail
/// users, contacts and distribution groups, then licences, addresses, members, managers and delegates. Running it again changes nothing. What
/// goes wrong with one recipient stops only that one; an operator's fault stops all.
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
        await EachAsync("fill", recipients.Where(recipient => recipient is { IsGroup: true, Type: not RecipientType.DynamicDistributionGroup }), FillAsync, progress, ct);
        await EachAsync("relate", recipients.Where(recipient => recipient.Manager is not null || recipient.Delegates.Count > 0), RelateAsync, progress, ct);
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

    private Task EachAsync(
        string phase, IEnumerable<Recipient> recipients, Func<RecipientResult, CancellationToken, Task<RecipientResult>> act, IProgress<string>? progress,
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

    private async Task<RecipientResult> CreateAsync(RecipientResult result, CancellationToken ct)
    {
        var provisioned = await provisioner.ProvisionAsync(result.Recipient, ct);
        if (provisioned.InitialPassword is { } password) await passwords.KeepAsync(result.Recipient, password, ct);
        return result with { Provisioned = provisioned with { InitialPassword = null } };
    }

    private async Task<RecipientResult> LicenseAsync(RecipientResult result, CancellationToken ct)
    {
        await provisioner.AssignLicenceAsync(result.Recipient, Placed(result), ct);
        return result;
    }

    private async Task<RecipientResult> WaitAsync(RecipientResult result, CancellationToken ct) =>
        result with { MailboxId = await provisioner.WaitForMailboxAsync(result.Recipient, Placed(result), ct) };

    private async Task<RecipientResult> AddressAsync(RecipientResult result, CancellationToken ct)
    {
        await provisioner.SetAddressesAsync(result.Recipient, Placed(result), ct);
        return result;
    }

    private async Task<RecipientResult> FillAsync(RecipientResult result, CancellationToken ct)
    {
        await provisioner.SetMembersAsync(result.Recipient, Placed(result), Find(result.Recipient.Members), ct);
        return result;
    }

    private async Task<RecipientResult> RelateAsync(RecipientResult result, CancellationToken ct)
    {
        if (result.Recipient.Manager is { } manager && Find([manager]) is [var found])
            await provisioner.SetManagerAsync(Placed(result), found, ct);
        if (Find(result.Recipient.Delegates) is { Count: > 0 } delegates && result.Recipient.HasMailbox)
            await provisioner.SetDelegatesAsync(result.Recipient, Placed(result), delegates, ct);
        return result;
    }

    private static ProvisionedRecipient Placed(RecipientResult result) =>
        result.Provisioned ?? throw new InvalidOperationException($"{result.Recipient.PrimarySmtpAddress} has no place at the target yet.");

    /// <summary>Those of these recipients that are at the target; preflight told which are not (S36).</summary>
    private List<ProvisionedRecipient> Find(IEnumerable<string> legacyExchangeDNs) =>
        [.. legacyExchangeDNs.Select(dn => results.GetValueOrDefault(dn)?.Provisioned).OfType<ProvisionedRecipient>()];
}
