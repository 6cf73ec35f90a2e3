namespace Cutover.Core.Recipients;

/// <summary>Something of a recipient that can't be carried although the recipient itself is in place.</summary>
/// <param name="Requirement">The rule that it falls under, such as S36.</param>
/// <param name="NextStep">What the administrator can do about it.</param>
public sealed record ProvisioningFinding(string Requirement, string Message, string NextStep);
