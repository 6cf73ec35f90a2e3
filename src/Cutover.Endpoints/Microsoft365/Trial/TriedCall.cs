namespace Cutover.Endpoints.Microsoft365.Trial;

/// <summary>What our knowledge of a call rests on (docs/protocols/microsoft365.md).</summary>
public enum RestsOn
{
    /// <summary>Microsoft's documentation or published metadata.</summary>
    Documented,

    /// <summary>Published captures, or several public programs that use it daily.</summary>
    Seen,

    /// <summary>Nobody wrote it down.</summary>
    Inferred,
}

public enum TrialOutcome
{
    Works,
    Fails,

    /// <summary>What it builds on failed before.</summary>
    NotTried,
}

/// <summary>One thing that a cutover needs of a tenant, tried on it.</summary>
/// <param name="Call">What was tried, such as "import an item".</param>
/// <param name="Found">What the tenant answered, in a sentence.</param>
/// <param name="NextStep">What to do about a failure.</param>
public sealed record TriedCall(string Call, RestsOn RestsOn, TrialOutcome Outcome, string Found, string? NextStep = null);
