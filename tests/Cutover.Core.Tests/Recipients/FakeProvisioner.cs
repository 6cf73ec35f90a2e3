using System.Collections.Concurrent;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;

namespace Cutover.Core.Tests.Recipients;

/// <summary>A target in memory that notes every call in its order and fails where it is told to.</summary>
internal sealed class FakeProvisioner : IRecipientProvisioner
{
    private readonly ConcurrentDictionary<string, string> placed = new();

    /// <summary>Every call, as "verb alias", or "verb alias: others".</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Calls that fail, and how.</summary>
    public Dictionary<string, MigrationFault> Failures { get; } = [];

    public List<string> RefusedAddresses { get; } = [];

    public int MostAtOnce { get; private set; }

    private int atOnce;

    public IEnumerable<string> CallsOf(string verb) => Calls.Where(call => call.StartsWith(verb + " ", StringComparison.Ordinal));

    public Task<IReadOnlyList<PlannedRecipient>> PlanAsync(
        IReadOnlyList<Recipient> recipients, IReadOnlyCollection<string> domainsToCome, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<PlannedRecipient>>([.. recipients.Select(recipient =>
            new PlannedRecipient(recipient, placed.ContainsKey(recipient.LegacyExchangeDN) ? PlannedAction.Match : PlannedAction.Create, null, [], []))]);

    public Task<LicencePlan> PlanLicencesAsync(IReadOnlyList<Recipient> recipients, CancellationToken ct) =>
        Task.FromResult(new LicencePlan([], [.. recipients.Select(recipient => new PlannedLicence(recipient.PrimarySmtpAddress, "FAKE", false))], "NL"));

    public async Task<ProvisionedRecipient> ProvisionAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct)
    {
        await NoteAsync($"provision {recipient.Alias}");
        var isNew = placed.TryAdd(recipient.LegacyExchangeDN, recipient.Alias);
        if (isNew && recipient.Type == RecipientType.UserMailbox) await passwords.KeepAsync(recipient.Alias, $"secret-of-{recipient.Alias}", ct);
        return new ProvisionedRecipient(recipient.LegacyExchangeDN, recipient.Alias, isNew ? ProvisioningOutcome.Created : ProvisioningOutcome.Matched);
    }

    public Task AssignLicenceAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct) => NoteAsync($"license {recipient.Alias}");

    public async Task<string> WaitForMailboxAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct)
    {
        await NoteAsync($"wait {recipient.Alias}");
        return $"MBX:{recipient.Alias}";
    }

    public async Task<IReadOnlyList<string>> SetAddressesAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct)
    {
        await NoteAsync($"address {recipient.Alias}");
        return [.. recipient.EmailAddresses.Where(RefusedAddresses.Contains)];
    }

    public Task SetMembersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> members, CancellationToken ct) =>
        NoteAsync($"fill {group.Alias}: {Names(members)}");

    public Task SetOwnersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> owners, CancellationToken ct) =>
        NoteAsync($"own {group.Alias}: {Names(owners)}");

    public Task SetManagerAsync(ProvisionedRecipient user, ProvisionedRecipient manager, CancellationToken ct) =>
        NoteAsync($"manage {user.TargetId}: {manager.TargetId}");

    public Task SetDelegatesAsync(Recipient mailbox, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> delegates, CancellationToken ct) =>
        NoteAsync($"delegate {mailbox.Alias}: {Names(delegates)}");

    private static string Names(IEnumerable<ProvisionedRecipient> recipients) => string.Join(",", recipients.Select(recipient => recipient.TargetId));

    private async Task NoteAsync(string call)
    {
        var now = Interlocked.Increment(ref atOnce);
        lock (Failures) MostAtOnce = Math.Max(MostAtOnce, now);
        try
        {
            await Task.Yield();
            if (Failures.TryGetValue(call, out var fault)) throw fault;
            Calls.Enqueue(call);
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }
}

internal sealed class KeptPasswords : IInitialPasswords
{
    public ConcurrentDictionary<string, string> Kept { get; } = new();

    public Task KeepAsync(string userPrincipalName, string password, CancellationToken ct)
    {
        Kept[userPrincipalName] = password;
        return Task.CompletedTask;
    }
}
