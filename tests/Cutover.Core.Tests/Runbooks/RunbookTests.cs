using Cutover.Core.Faults;
using Cutover.Core.Runbooks;
using Cutover.Core.Sync;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Core.Tests.Runbooks;

public sealed class RunbookTests
{
    private readonly MemoryRecord record = new();
    private readonly Observed observed = new();
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Steps_run_in_order_and_each_keeps_its_evidence()
    {
        await RunAsync(new Step("one"), new Step("two"));

        Assert.Equal(["one Running", "one Done", "two Running", "two Done"], observed.Changes);
        Assert.Equal("two is done", record.Steps["two"].Evidence?.Summary);
    }

    [Fact]
    public async Task A_run_book_goes_on_at_the_step_that_failed()
    {
        var second = new Step("two") { Fault = new MigrationFault(FaultScope.Operator, "no licence", "buy one") };
        await Assert.ThrowsAsync<MigrationFault>(() => RunAsync(new Step("one"), second));
        Assert.Equal((StepStatus.Failed, "no licence"), (record.Steps["two"].Status, record.Steps["two"].Error));

        var again = new Step("one");
        second.Fault = null;
        await RunAsync(again, second);

        Assert.Equal((0, 2), (again.Runs, second.Runs));
        Assert.Equal(StepStatus.Done, record.Steps["two"].Status);
    }

    [Fact]
    public async Task A_step_that_became_untrue_runs_again()
    {
        var step = new Step("one");
        await RunAsync(step);
        step.StillTrue = false;
        await RunAsync(step);

        Assert.Equal(2, step.Runs);
    }

    [Fact]
    public async Task A_fault_that_may_pass_costs_a_step_another_try_and_is_told()
    {
        var step = new Step("one") { Fault = new MigrationFault(FaultScope.Endpoint, "the server is busy", "wait") { IsTransient = true }, FaultsTimes = 2 };

        await RunAsync(step);

        Assert.Equal(3, step.Runs);
        Assert.All(observed.Said, said => Assert.Contains("the server is busy", said));
        Assert.Equal(StepStatus.Done, record.Steps["one"].Status);
    }

    [Fact]
    public async Task An_interrupted_step_is_neither_done_nor_failed()
    {
        using var stop = new CancellationTokenSource();
        var step = new Step("one") { During = stop.Cancel };

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(stop.Token, step));

        Assert.Equal(StepStatus.Running, record.Steps["one"].Status);
    }

    private Task RunAsync(params RunbookStep[] steps) => RunAsync(CancellationToken.None, steps);

    private Task RunAsync(CancellationToken ct, params RunbookStep[] steps) =>
        new Runbook(steps, record, observed, new PatientCalls(new FaultPolicy(new FaultPolicyOptions { FirstDelay = TimeSpan.Zero }), clock), clock).RunAsync(ct);

    private sealed class Step(string name) : RunbookStep(name, name)
    {
        public int Runs { get; private set; }

        public MigrationFault? Fault { get; set; }

        public int FaultsTimes { get; init; } = int.MaxValue;

        public bool StillTrue { get; set; } = true;

        public Action? During { get; init; }

        public override Task<StepEvidence?> CheckAsync(StepRecord recorded, CancellationToken ct) =>
            Task.FromResult(StillTrue ? recorded.Evidence : null);

        public override Task<StepEvidence> RunAsync(IProgress<string> progress, CancellationToken ct)
        {
            Runs++;
            During?.Invoke();
            ct.ThrowIfCancellationRequested();
            return Fault is null || Runs > FaultsTimes ? Task.FromResult(StepEvidence.Of($"{Name} is done")) : Task.FromException<StepEvidence>(Fault);
        }
    }

    private sealed class Observed : IRunbookObserver
    {
        public List<string> Changes { get; } = [];

        public void StepChanged(RunbookStep step, StepRecord record) => Changes.Add($"{step.Name} {record.Status}");

        public List<string> Said { get; } = [];

        public void StepSays(RunbookStep step, string message) => Said.Add(message);
    }
}

/// <summary>A run-book's memory that lasts as long as the test.</summary>
internal sealed class MemoryRecord : IRunbookRecord
{
    private readonly Dictionary<string, string> values = [];

    public Dictionary<string, StepRecord> Steps { get; } = [];

    public Task<StepRecord?> GetStepAsync(string step, CancellationToken ct) => Task.FromResult(Steps.GetValueOrDefault(step));

    public Task SaveStepAsync(StepRecord record, CancellationToken ct)
    {
        Steps[record.Name] = record;
        return Task.CompletedTask;
    }

    public Task<string?> GetValueAsync(string key, CancellationToken ct) => Task.FromResult(values.GetValueOrDefault(key));

    public Task SetValueAsync(string key, string json, CancellationToken ct)
    {
        values[key] = json;
        return Task.CompletedTask;
    }
}
