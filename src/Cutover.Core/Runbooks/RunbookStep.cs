namespace Cutover.Core.Runbooks;

/// <summary>What shows that a step is done: a sentence and the facts behind it, kept as the project's record.</summary>
public sealed record StepEvidence(string Summary, IReadOnlyDictionary<string, string> Facts)
{
    public static StepEvidence Of(string summary, params (string Name, string Value)[] facts) =>
        new(summary, facts.ToDictionary(fact => fact.Name, fact => fact.Value));
}

/// <summary>One step of a run-book: look whether it is already true, else make it so, and keep the evidence. Every step may run again.</summary>
/// <param name="name">A short name for good, such as <c>switch-mx</c>.</param>
/// <param name="title">What the administrator reads.</param>
public abstract class RunbookStep(string name, string title)
{
    public string Name { get; } = name;

    public string Title { get; } = title;

    /// <summary>Asked before running when the record says that the step was done: is it still so? Null runs it again.</summary>
    public virtual Task<StepEvidence?> CheckAsync(StepRecord recorded, CancellationToken ct) => Task.FromResult(recorded.Evidence);

    /// <summary>Makes it so. Fails with <see cref="Faults.MigrationFault"/>.</summary>
    public abstract Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct);
}

public enum StepStatus
{
    Waiting,
    Running,
    Done,
    Failed,
}

/// <summary>Where a step stands, and since when.</summary>
public sealed record StepRecord(string Name, StepStatus Status, DateTimeOffset Since, StepEvidence? Evidence, string? Error);
