namespace Cutover.Core.Recipients;

/// <summary>What provisioning would do with a recipient.</summary>
public enum PlannedAction
{
    /// <summary>It is not there and will be made.</summary>
    Create,

    /// <summary>It is there as it should be.</summary>
    Match,

    /// <summary>It is there and gets what it lacks; what it has stays.</summary>
    Change,

    /// <summary>It can't be made as it is; the findings say why and what settles it.</summary>
    Conflict,

    /// <summary>Cutover can't make it; the finding has the command that does.</summary>
    ByHand,
}

/// <summary>What provisioning would do with one recipient, found out by looking alone.</summary>
/// <param name="SignInName">The user principal name that an account has or gets; null for recipients that nobody signs in to.</param>
/// <param name="Changes">What it would get, in the administrator's words.</param>
/// <param name="Findings">What stands in the way of a conflict, and what can't be carried of the others.</param>
public sealed record PlannedRecipient(
    Recipient Recipient, PlannedAction Action, string? SignInName, IReadOnlyList<string> Changes, IReadOnlyList<ProvisioningFinding> Findings);
