namespace Cutover.Core.Recipients;

public enum ProvisioningOutcome
{
    Created,
    Matched,
    Changed,
}

/// <summary>A recipient as it stands at the target.</summary>
/// <param name="TargetId">The target's object id.</param>
public sealed record ProvisionedRecipient(string LegacyExchangeDN, string TargetId, ProvisioningOutcome Outcome);

/// <summary>Takes initial passwords, to be handed over once.</summary>
public interface IInitialPasswords
{
    /// <summary>
    /// Keeps the password durably before it returns. Called just before the account is made, so that no account has a password that nobody knows,
    /// whenever the process ends. Of several passwords of one account the last counts.
    /// </summary>
    /// <param name="userPrincipalName">What the user signs in with.</param>
    Task KeepAsync(string userPrincipalName, string password, CancellationToken ct);
}

/// <summary>
/// Makes recipients at the target. Each call looks first and makes it so, hence each may be made again and changes nothing the second time.
/// Fails with <see cref="Faults.MigrationFault"/>. The order between recipients is <see cref="RecipientProvisioning"/>'s affair.
/// </summary>
public interface IRecipientProvisioner
{
    /// <summary>Looks what <see cref="ProvisionAsync"/> and the calls after it would do, and writes nothing. One answer for each recipient, in their order.</summary>
    /// <param name="domainsToCome">Domains that the cutover proves before it makes recipients.</param>
    Task<IReadOnlyList<PlannedRecipient>> PlanAsync(IReadOnlyList<Recipient> recipients, IReadOnlyCollection<string> domainsToCome, CancellationToken ct);

    /// <summary>Looks which licence each user mailbox of these would get, and writes nothing.</summary>
    Task<LicencePlan> PlanLicencesAsync(IReadOnlyList<Recipient> recipients, CancellationToken ct);

    /// <summary>Creates the recipient or finds the one that is there (by primary address): user, shared or resource mailbox, mail user, mail contact, group without members.</summary>
    /// <param name="passwords">Gets the initial password of an account before it is made.</param>
    Task<ProvisionedRecipient> ProvisionAsync(Recipient recipient, IInitialPasswords passwords, CancellationToken ct);

    /// <summary>Assigns a licence with an Exchange Online plan where the mailbox needs one; shared and resource mailboxes don't.</summary>
    Task AssignLicenceAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct);

    /// <summary>Waits until the mailbox exists and returns its id, such as MBX:…; items can then be copied into it.</summary>
    Task<string> WaitForMailboxAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct);

    /// <summary>
    /// Gives the recipient every proxy address of the source and <c>X500:</c> of its legacyExchangeDN, so that replies to old mail find it. Hides it
    /// from address lists where the source does. Returns the addresses left out, because the target accepts no mail for their domain.
    /// </summary>
    Task<IReadOnlyList<string>> SetAddressesAsync(Recipient recipient, ProvisionedRecipient provisioned, CancellationToken ct);

    /// <summary>Gives the group exactly these members.</summary>
    Task SetMembersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> members, CancellationToken ct);

    /// <summary>Makes exactly these the group's owners: mailboxes, mail users or security groups.</summary>
    Task SetOwnersAsync(Recipient group, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> owners, CancellationToken ct);

    Task SetManagerAsync(ProvisionedRecipient user, ProvisionedRecipient manager, CancellationToken ct);

    /// <summary>Send on behalf of the mailbox.</summary>
    Task SetDelegatesAsync(Recipient mailbox, ProvisionedRecipient provisioned, IReadOnlyList<ProvisionedRecipient> delegates, CancellationToken ct);
}
