namespace Cutover.Core.Runbooks;

/// <summary>What a run-book remembers across restarts: where each step stands and what later steps need from earlier ones. Kept for good.</summary>
public interface IRunbookRecord
{
    Task<StepRecord?> GetStepAsync(string step, CancellationToken ct);

    Task SaveStepAsync(StepRecord record, CancellationToken ct);

    /// <summary>A value that an earlier step left behind, as JSON; null when it did not.</summary>
    Task<string?> GetValueAsync(string key, CancellationToken ct);

    Task SetValueAsync(string key, string json, CancellationToken ct);
}
