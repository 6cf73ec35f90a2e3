namespace Cutover.Core.Verification;

/// <summary>How well a mailbox or a batch arrived. The rules are published in docs/formats/data-consistency-score.md.</summary>
public enum DataConsistencyScore
{
    /// <summary>Every item of the source was read back from the target and is equal.</summary>
    Perfect,

    /// <summary>Only findings that the next sync mends, or read states that differ.</summary>
    Good,

    /// <summary>At most 1 in 100 items is missing, different, doubled or skipped: look at each.</summary>
    Investigate,

    /// <summary>More than 1 in 100 items is missing, different, doubled or skipped: find the cause first.</summary>
    Poor,
}
