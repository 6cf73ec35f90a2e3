namespace Cutover.Core.Preflight;

public enum PreflightVerdict
{
    Passed,

    /// <summary>Goes on, but the administrator should know.</summary>
    Advice,

    /// <summary>The cutover can't start before this is mended.</summary>
    Blocked,
}

/// <summary>What one check found.</summary>
/// <param name="Check">The S-number of the mission, such as S27.</param>
/// <param name="Finding">What was looked at and what was seen.</param>
/// <param name="Remedy">The command or action that mends it; null when nothing is to be done.</param>
public sealed record PreflightResult(string Check, PreflightVerdict Verdict, string Finding, string? Remedy = null);

/// <summary>A prerequisite of the cutover as something that can be run.</summary>
public interface IPreflightCheck
{
    IAsyncEnumerable<PreflightResult> RunAsync(CancellationToken ct);
}
