using Cutover.Core.Batches;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Users;
using Orleans.Concurrency;

namespace Cutover.Orchestrator.Batches;

/// <summary>Passes the administrator's wishes on to the users and reads its own status off theirs. Reentrant: users report while it calls them.</summary>
[Reentrant]
internal sealed class MigrationBatchGrain(
    [PersistentState("batch")] IPersistentState<MigrationBatchState> persistent, BatchStore batches, CutoverDatabase database, TimeProvider clock)
    : Grain, IMigrationBatchGrain
{
    private const string Engine = "engine";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim saving = new(1);
    private readonly Dictionary<string, UserReport> users = [];
    private readonly Dictionary<MigrationUserStatus, int> statuses = [];
    private TaskCompletionSource changed = NewSignal();
    private long version;
    private BatchName name;

    private MigrationBatchState State => persistent.State;

    private MigrationBatchStatus Status => State.Status;

    public override async Task OnActivateAsync(CancellationToken ct)
    {
        name = BatchName.Parse(this.GetPrimaryKeyString());
        // Versions go on growing when the grain moves to another host.
        version = clock.GetUtcNow().UtcTicks;
        await LearnUsersAsync();
    }

    public async Task DefineAsync(string actor)
    {
        if (State.Created is null)
        {
            State.Created = clock.GetUtcNow();
            await RecordAsync(null, Status, "The batch was created", actor);
        }

        await LearnUsersAsync();
    }

    public Task ReconnectAsync() => ForEachUserAsync(user => user.ReconnectAsync());

    public async Task StartAsync(string actor)
    {
        if (Status is MigrationBatchStatus.Removing || Status.IsFinal())
            return;
        State.Started ??= clock.GetUtcNow();
        await MoveAsync(MigrationBatchEvent.Start, "Started", actor);
        await SaveAsync();
        await ForEachUserAsync(user => user.StartAsync(actor));
        await ReadUsersAsync();
    }

    public async Task RetryFailedAsync(string actor)
    {
        var failed = users.Values.Where(user => user.Status.Summary() == MigrationStatusSummary.Failed).Select(user => user.User).ToList();
        if (Status.IsFinal() || failed.Count == 0)
            return;
        await NoteAsync($"{failed.Count} mailboxes that failed are tried again", actor);
        await Task.WhenAll(failed.Select(user => Grain(user).StartAsync(actor)));
        await ReadUsersAsync();
    }

    public async Task ApproveAsync(string user, string actor)
    {
        await Grain(user).StartAsync(actor);
        await ReadUsersAsync();
    }

    public Task NoteAsync(string what, string actor) => RecordAsync(Status, Status, what, actor);

    public async Task StopAsync(string actor)
    {
        await MoveAsync(MigrationBatchEvent.Stop, "Stopped by the administrator", actor);
        await ForEachUserAsync(user => user.StopAsync(actor));
        await MoveAsync(MigrationBatchEvent.Halted, "Nothing is on its way any more", Engine);
    }

    public Task SyncNowAsync(string actor) => ForEachUserAsync(user => user.SyncNowAsync(actor));

    public async Task ResumeAsync()
    {
        if (State.Started is null || Status.IsFinal())
            return;
        if (Status == MigrationBatchStatus.Removing)
            await RemoveAsync(Engine);
        else if (Status == MigrationBatchStatus.Stopping)
            await StopAsync(Engine);
        else if (Status != MigrationBatchStatus.Stopped)
            await ForEachUserAsync(user => user.WakeAsync());
    }

    public async Task RemoveAsync(string actor)
    {
        if (Status.IsFinal())
            return;
        await MoveAsync(MigrationBatchEvent.Remove, "The batch is being removed", actor);
        await ForEachUserAsync(user => user.RemoveAsync(actor));
        await DatabaseItemLedger.EraseAsync(database, name.Value, CancellationToken.None);
        var flawed = users.Values.Any(user => user.Status != MigrationUserStatus.Completed);
        await MoveAsync(flawed ? MigrationBatchEvent.RemovedWithErrors : MigrationBatchEvent.Removed, "The batch was removed", actor);
    }

    public async Task ReportAsync(UserReport report)
    {
        var before = users.GetValueOrDefault(report.User)?.Status;
        Keep(report);
        var reading = before != report.Status ? ReadUsersAsync() : Task.CompletedTask;
        Tell();
        await reading;
    }

    public Task<BatchReport> GetReportAsync() =>
        Task.FromResult(new BatchReport(Status, State.Created ?? clock.GetUtcNow(), State.Started, [.. users.Values], version));

    public async Task<BatchReport> WaitForChangeAsync(long seen)
    {
        if (version <= seen)
            await Task.WhenAny(changed.Task, Task.Delay(Patience, clock));
        return await GetReportAsync();
    }

    /// <summary>Asks the users that the definition names and that have not reported yet.</summary>
    private async Task LearnUsersAsync()
    {
        var unknown = ((await batches.FindAsync(name, CancellationToken.None))?.Users ?? []).Where(user => !users.ContainsKey(user.Name));
        var reports = await Task.WhenAll(unknown.Select(user => Grain(user.Name).GetReportAsync()));
        foreach (var report in reports.Where(report => !users.ContainsKey(report.User)))
            Keep(report);
        Tell();
    }

    /// <summary>Users report often and may be many: how many have each status is counted along.</summary>
    private void Keep(UserReport report)
    {
        if (users.TryGetValue(report.User, out var before)) statuses[before.Status]--;
        users[report.User] = report;
        statuses[report.Status] = statuses.GetValueOrDefault(report.Status) + 1;
    }

    private Task ReadUsersAsync() => State.Started is null || users.Count == 0
        ? Task.CompletedTask
        : MoveAsync(MigrationTransitions.Reading(statuses), "Its mailboxes say so", Engine);

    private Task ForEachUserAsync(Func<IMigrationUserGrain, Task> act) =>
        Task.WhenAll(users.Keys.ToList().Select(user => act(Grain(user))));

    private IMigrationUserGrain Grain(string user) => GrainFactory.GetGrain<IMigrationUserGrain>(new UserKey(name, user).ToString());

    private async Task MoveAsync(MigrationBatchEvent happened, string cause, string actor)
    {
        if (Status.Next(happened) is not { } next || next == Status)
            return;
        var before = Status;
        State.Status = next;
        await RecordAsync(before, next, cause, actor);
    }

    private async Task RecordAsync(MigrationBatchStatus? from, MigrationBatchStatus to, string cause, string actor)
    {
        await batches.AddHistoryAsync(
            new StateChange(clock.GetUtcNow(), name, null, from?.ToString(), to.ToString(), cause, actor), CancellationToken.None);
        await SaveAsync();
        Tell();
    }

    private async Task SaveAsync()
    {
        await saving.WaitAsync();
        try
        {
            await persistent.WriteStateAsync();
        }
        finally
        {
            saving.Release();
        }
    }

    private void Tell()
    {
        version++;
        (var waiting, changed) = (changed, NewSignal());
        waiting.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
