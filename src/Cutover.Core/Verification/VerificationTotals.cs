namespace Cutover.Core.Verification;

/// <summary>What verification says of one item.</summary>
public enum VerificationOutcome
{
    /// <summary>Read back from the target: the same content digest and the same read state.</summary>
    Verified,

    /// <summary>At the target, but its content or its read state differs, or it can't be read back.</summary>
    Mismatched,

    /// <summary>At the source, not at the target.</summary>
    Missing,

    /// <summary>Two or more items at the target carry its key.</summary>
    Duplicated,

    /// <summary>The source changed or deleted it after the last sync; the next sync mends it.</summary>
    Stale,

    /// <summary>Could not be copied; the reason is recorded and, where it could be read, the original kept aside.</summary>
    Skipped,
}

/// <summary>Verification in numbers; one mailbox's, or the sum of several.</summary>
/// <param name="SourceItems">Items that the source lists now.</param>
/// <param name="ReadStateOnly">Those of <paramref name="Mismatched"/> whose content is equal and only the read state differs.</param>
/// <param name="Bytes">Bytes of the verified items, as the source counts them.</param>
public sealed record VerificationTotals(
    long SourceItems, long Verified, long Mismatched, long ReadStateOnly, long Missing, long Duplicated, long Stale, long Skipped, long Bytes)
{
    /// <summary>At most this share of significant findings is still <see cref="DataConsistencyScore.Investigate"/>.</summary>
    public const double InvestigateShare = 0.01;

    public static VerificationTotals None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Findings that a user could miss something by.</summary>
    public long Significant => Missing + Duplicated + Skipped + Mismatched - ReadStateOnly;

    /// <summary>Findings that the next sync mends, or that cost nobody anything.</summary>
    public long Insignificant => Stale + ReadStateOnly;

    public DataConsistencyScore Score =>
        Significant > Math.Max(1, InvestigateShare * SourceItems) ? DataConsistencyScore.Poor
        : Significant > 0 ? DataConsistencyScore.Investigate
        : Insignificant > 0 ? DataConsistencyScore.Good
        : DataConsistencyScore.Perfect;

    public static VerificationTotals operator +(VerificationTotals a, VerificationTotals b) => new(
        a.SourceItems + b.SourceItems, a.Verified + b.Verified, a.Mismatched + b.Mismatched, a.ReadStateOnly + b.ReadStateOnly,
        a.Missing + b.Missing, a.Duplicated + b.Duplicated, a.Stale + b.Stale, a.Skipped + b.Skipped, a.Bytes + b.Bytes);
}
