namespace Cutover.Core.Recipients;

/// <summary>Something of a recipient that can't be carried although the recipient itself is in place.</summary>
/// <param name="Requirement">The rule that it falls under, such as S36.</param>
/// <param name="NextStep">What the administrator can do about it.</param>
public sealed record ProvisioningFinding(string Requirement, string Message, string NextStep)
{
    /// <summary>Of a conflict: what decision settles it, beside leaving the recipient behind. Null for what is only to be known.</summary>
    public Settlement? Settlement { get; init; }
}

/// <summary>A decision that settles a conflict.</summary>
public enum SettlementKind
{
    OtherAlias,
    OtherPrimaryAddress,
    WithoutAddress,
    GiveFilter,

    /// <summary>Nothing but leaving it behind, unless it is mended at one of the sides.</summary>
    LeaveBehind,
}

/// <param name="Address">The address that it is about, for <see cref="SettlementKind.WithoutAddress"/>.</param>
public sealed record Settlement(SettlementKind Kind, string? Address = null);
