using Cutover.Core.Faults;
using Cutover.Core.Sync;

namespace Cutover.Core.Runbooks;

/// <summary>Told as the run-book goes on.</summary>
public interface IRunbookObserver
{
    void StepChanged(RunbookStep step, StepRecord record);

    /// <summary>What a running step is doing right now.</summary>
    void StepSays(RunbookStep step, string message);
}

/// <summary>Runs steps in order, each again where a fault may pass, remembers them, and goes on where it was after a stop.</summary>
public sealed class Runbook(IReadOnlyList<RunbookStep> steps, IRunbookRecord record, IRunbookObserver observer, PatientCalls calls, TimeProvider clock)
{
    public IReadOnlyList<RunbookStep> Steps { get; } = steps;

    /// <summary>Runs to the end, or to the first step that fails; that step's <see cref="MigrationFault"/> comes out.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var step in Steps)
        {
            if (await CheckAsync(step, ct) is { } evidence)
                observer.StepChanged(step, Now(step, StepStatus.Done, evidence));
            else
                await RunAsync(step, ct);
        }
    }

    private async Task<StepEvidence?> CheckAsync(RunbookStep step, CancellationToken ct) =>
        await record.GetStepAsync(step.Name, ct) is { Status: StepStatus.Done } recorded ? await step.CheckAsync(recorded, ct) : null;

    private async Task RunAsync(RunbookStep step, CancellationToken ct)
    {
        await SaveAsync(step, Now(step, StepStatus.Running), ct);
        try
        {
            var progress = new StepProgress(said => observer.StepSays(step, said));
            var evidence = await calls.RunAsync(() => step.RunAsync(progress, ct),
                (fault, wait) => progress.Report($"{fault.Message} Trying again in {wait.TotalSeconds:0.#} s."), ct);
            await SaveAsync(step, Now(step, StepStatus.Done, evidence), ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await SaveAsync(step, Now(step, StepStatus.Failed, error: fault.Message), CancellationToken.None);
            throw;
        }
    }

    private async Task SaveAsync(RunbookStep step, StepRecord state, CancellationToken ct)
    {
        await record.SaveStepAsync(state, ct);
        observer.StepChanged(step, state);
    }

    private StepRecord Now(RunbookStep step, StepStatus status, StepEvidence? evidence = null, string? error = null) =>
        new(step.Name, status, clock.GetUtcNow(), evidence, error);

    // Progress<T> posts to the thread pool and may report out of order; a run-book's words come in order.
    private sealed class StepProgress(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
