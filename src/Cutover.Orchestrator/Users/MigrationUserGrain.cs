using System.Diagnostics;
using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Sync;
using Cutover.Core.Telemetry;
using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Cutover.Orchestrator.Users;

/// <summary>
/// Keeps a user's status and runs its one loop: pass, wait, pass. The loop starts with a call or a reminder's tick, which both return at once; after a
/// crash a later tick starts it again, and it goes on from the ledger.
/// </summary>
internal sealed partial class MigrationUserGrain(
    [PersistentState("user")] IPersistentState<MigrationUserState> persistent,
    BatchStore batches, MailboxConnector connector, MailboxPass mailboxPass, FaultPolicy policy, OrchestratorOptions options,
    TimeProvider clock, ILogger<MigrationUserGrain> logger) : Grain, IMigrationUserGrain, IRemindable
{
    private const string Reminder = "sync";
    private const string Engine = "engine";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim saving = new(1);
    private readonly ProgressCounter counter = new(clock);

    private UserKey key;
    private Task loop = Task.CompletedTask;
    private CancellationTokenSource running = new();
    private TaskCompletionSource wake = NewWake();
    private IGrainTimer? reporting;
    private string? waiting;
    private UserReport? lastReport;
    private long lastSave;
    private bool isLeaving;

    private MigrationUserState State => persistent.State;

    private MigrationUserStatus Status => State.Status;

    public override Task OnActivateAsync(CancellationToken ct)
    {
        key = UserKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken ct)
    {
        isLeaving = true;
        return HaltAsync();
    }

    public async Task StartAsync(string actor)
    {
        if (Status.Summary() == MigrationStatusSummary.Completed || Status == MigrationUserStatus.Removing)
            return;
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        (State.IsStarted, State.Error, State.NextStep) = (true, null, null);
        await MoveAsync(MigrationUserEvent.Start, "Started", actor);
        await SaveAsync();
        await WakeAsync();
    }

    public async Task StopAsync(string actor)
    {
        await MoveAsync(MigrationUserEvent.Stop, "Stopped by the administrator", actor);
        State.IsStarted = false;
        await HaltAsync();
        await Permits.ForgetAsync(GrainFactory, key.ToString(), await FindBatchAsync());
        await MoveAsync(MigrationUserEvent.Halted, "Nothing is on its way any more", Engine);
        await SaveAsync();
        await ForgetReminderAsync();
    }

    public async Task SyncNowAsync(string actor)
    {
        if (!State.IsStarted || Status == MigrationUserStatus.Failed)
            return;
        // Saved, so that a host which is lost, or was replaced without knowing it, does not take the wish along.
        State.IsSyncOwed = true;
        await SaveAsync();
        if (Status == MigrationUserStatus.IncrementalFailed)
            await MoveAsync(MigrationUserEvent.Start, "A sync was asked for", actor);
        await WakeAsync();
    }

    public Task WakeAsync()
    {
        (var sleeping, wake) = (wake, NewWake());
        sleeping.TrySetResult();
        EnsureLoop();
        return Task.CompletedTask;
    }

    public async Task ReconnectAsync()
    {
        await HaltAsync();
        EnsureLoop();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        EnsureLoop();
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(string actor)
    {
        await MoveAsync(MigrationUserEvent.Remove, "The batch is being removed", actor);
        State.IsStarted = false;
        await HaltAsync();
        await Permits.ForgetAsync(GrainFactory, key.ToString(), await FindBatchAsync());
        var flawed = State.Counts.Skipped > 0 || State.Error is not null;
        await MoveAsync(flawed ? MigrationUserEvent.RemovedWithWarnings : MigrationUserEvent.Removed, "The batch was removed", actor);
        await SaveAsync();
        await ForgetReminderAsync();
    }

    public Task<UserReport> GetReportAsync() => Task.FromResult(Report());

    private bool MayRun => State.IsStarted && Status.Summary() is MigrationStatusSummary.Active or MigrationStatusSummary.Synced
        && Status != MigrationUserStatus.Removing;

    private void EnsureLoop()
    {
        if (!loop.IsCompleted || !MayRun)
            return;
        running = new CancellationTokenSource();
        loop = RunAsync(running.Token);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await Permits.ForgetAsync(GrainFactory, key.ToString(), await FindBatchAsync());
            await MoveAsync(MigrationUserEvent.Restarted, "Begun again, from the ledger", Engine);
            for (var failures = 0; !ct.IsCancellationRequested && MayRun;)
            {
                if (PassIsDue())
                    failures = await PassAsync(failures, ct);
                else
                    await SleepAsync(State.LastSynced!.Value + options.IncrementalSyncInterval - clock.GetUtcNow(), ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (InconsistentStateException takenOver)
        {
            // Another host has this mailbox now: what this activation knows is old.
            LogTakenOver(takenOver, key.ToString());
            DeactivateOnIdle();
        }
        catch (Exception unforeseen)
        {
            // The reminder starts the loop again; what happened here is the storage's or the silo's, not the mailbox's.
            LogLoopEnded(unforeseen, key.ToString());
        }
    }

    private bool PassIsDue() =>
        State.IsSyncOwed || Status.IsInitialSync() || State.LastSynced is not { } last || last + options.IncrementalSyncInterval <= clock.GetUtcNow();

    /// <summary>One pass with all that may go wrong; returns how many failed in a row, this one included.</summary>
    private async Task<int> PassAsync(int failures, CancellationToken ct)
    {
        try
        {
            // Refused when another host has taken this mailbox over: then this activation must not begin.
            await SaveAsync();
            await RunPassAsync(ct);
            return 0;
        }
        catch (Exception failure) when (failure is not InconsistentStateException && (failure is not OperationCanceledException || !ct.IsCancellationRequested))
        {
            var soFar = counter.HasMoved ? 1 : failures + 1;
            await EndCountingAsync();
            await FollowAsync(ToFault(failure), soFar, ct);
            return soFar;
        }
        finally
        {
            waiting = null;
            await EndCountingAsync();
        }
    }

    private async Task RunPassAsync(CancellationToken ct)
    {
        var (batch, user) = await batches.FindUserAsync(key.Batch, key.User, ct);
        waiting = "Waiting for its turn: the endpoint's limit of mailboxes at once is reached.";
        await TellBatchAsync();
        await using var permits = new Permits(GrainFactory, key.ToString());
        using (EngineTelemetry.Enter("waiting"))
            await permits.AcquireAsync(Kind, Urgency(user), FindBatchAsync, ct);
        waiting = null;
        await MoveAsync(MigrationUserEvent.Admitted, "Its turn has come", Engine);
        using var copying = EngineTelemetry.Enter("copying");
        await using var connection = await Task.Run(() => connector.OpenAsync(batch, user, ct), ct);
        await CopyAsync(batch, user, connection, ct);
    }

    /// <summary>The first copy of the largest mailbox, then the sync of the one furthest behind.</summary>
    private long Urgency(MigrationUser user) => Kind == PermitKind.Migration ? user.Size : -(State.LastSynced?.UtcTicks ?? 0);

    private PermitKind Kind => Status.IsInitialSync() ? PermitKind.Migration : PermitKind.IncrementalSync;

    private async Task CopyAsync(MigrationBatch batch, MigrationUser user, MailboxConnection connection, CancellationToken ct)
    {
        await MoveAsync(MigrationUserEvent.Validated, "Both mailboxes opened", Engine);
        await MoveAsync(MigrationUserEvent.PassStarted, Status.IsInitialSync() ? "The first copy begins" : "A sync begins", Engine);
        (var began, State.IsSyncOwed) = (clock.GetUtcNow(), false);
        State.Began ??= began;
        BeginCounting(connection);
        var pass = await Task.Run(() => mailboxPass.RunAsync(batch, user, connection, counter.Board, ct), ct);
        await EndCountingAsync();
        EngineTelemetry.PassEnded(clock.GetUtcNow() - began, State.LastSynced is not null, connection.Source.RoundTrips, connection.Target.Requests);
        var totals = await mailboxPass.GetTotalsAsync(batch, user, ct);
        State.Counts = State.Counts with { Items = totals.Copied, Skipped = totals.Skipped, Deleted = totals.Deleted, Folders = totals.Folders };
        (State.LastSynced, State.Error, State.NextStep) = (began, null, null);
        if (await OverSkipLimitAsync(batch, totals.Skipped) is { } fault)
        {
            await FailAsync(fault);
            return;
        }
        State.Copied ??= clock.GetUtcNow();
        await MoveAsync(MigrationUserEvent.PassFinished, $"In step: {pass.Created} created, {pass.Replaced} replaced, {pass.Deleted} deleted, {pass.Skipped} skipped", Engine);
        await SaveAsync();
        await TellBatchAsync();
    }

    /// <summary>What the administrator must look at first; null when no more is skipped than the batch allows or a person approved.</summary>
    private async Task<MigrationFault?> OverSkipLimitAsync(MigrationBatch batch, long skipped)
    {
        if (batch.SkipLimit is not { } limit || skipped <= limit) return null;
        var approved = (await batches.GetApprovalsAsync(batch.Name, CancellationToken.None)).LastOrDefault(approval => approval.User == key.User)?.Skipped ?? 0;
        return skipped <= approved ? null : new MigrationFault(
            FaultScope.Operator, $"{skipped} items of {key.User} could not be copied, more than the {limit} that the batch allows; everything else is copied.",
            "Look at them (cutover batch skipped), mend what can be mended and start again, or approve the loss by name (cutover batch approve).");
    }

    private async Task FailAsync(MigrationFault fault)
    {
        (State.Error, State.NextStep, State.IsSyncOwed) = (fault.Message, fault.NextStep, false);
        await MoveAsync(MigrationUserEvent.PassFailed, fault.Message, Engine);
        await SaveAsync();
        await TellBatchAsync();
    }

    private async Task FollowAsync(MigrationFault fault, int failures, CancellationToken ct)
    {
        EngineTelemetry.Failed(fault.Scope);
        LogPassFailed(fault, key.ToString(), failures, fault.Message);
        // The pass that failed is still owed, whatever the interval says.
        (State.Error, State.NextStep, State.IsSyncOwed) = (fault.Message, fault.NextStep, true);
        switch (policy.Decide(fault, failures))
        {
            case RerunMailbox(var delay):
                await WaitAsync("Trying again", delay, ct);
                break;
            case PauseEndpoint(var duration):
                await WaitAsync("The endpoint asked for rest", duration, ct);
                break;
            case StopAndAsk:
                await FailAsync(fault);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>What other hosts and their hand-overs cause passes by itself.</summary>
    private static MigrationFault ToFault(Exception failure) => failure is OrleansException or TimeoutException or SupersededPassException
        ? new MigrationFault(FaultScope.Mailbox, $"Another host could not be reached or took over: {failure.Message}", "The engine goes on by itself.", failure) { IsTransient = true }
        : FaultPolicy.ToMailboxFault(failure);

    private async Task<MigrationBatch> FindBatchAsync() =>
        await batches.FindAsync(key.Batch, CancellationToken.None) ?? throw new InvalidOperationException($"There is no batch {key.Batch}.");

    private async Task WaitAsync(string why, TimeSpan delay, CancellationToken ct)
    {
        waiting = $"{why} at {clock.GetUtcNow() + delay:HH:mm:ss} UTC.";
        await SaveAsync();
        await TellBatchAsync();
        await SleepAsync(delay, ct);
        waiting = null;
    }

    /// <summary>Sleeps until the time is over or somebody wakes the grain.</summary>
    private async Task SleepAsync(TimeSpan duration, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(wake.Task, Task.Delay(duration > TimeSpan.Zero ? duration : TimeSpan.Zero, clock, linked.Token));
        await linked.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private async Task HaltAsync()
    {
        await running.CancelAsync();
        await loop;
    }

    private async Task MoveAsync(MigrationUserEvent happened, string cause, string actor)
    {
        if (Status.Next(happened) is not { } next || next == Status)
            return;
        var change = new StateChange(clock.GetUtcNow(), key.Batch, key.User, Status.ToString(), next.ToString(), cause, actor);
        State.Status = next;
        await batches.AddHistoryAsync(change, CancellationToken.None);
        await SaveAsync();
        await TellBatchAsync();
    }

    private async Task TickAsync(CancellationToken ct)
    {
        await TellBatchAsync();
        if (counter.HasMoved && clock.GetElapsedTime(lastSave) > SavePeriod)
            await KeepCountsAsync();
    }

    /// <summary>What a pass counted would be lost with the process; the ledger keeps the items, only these numbers are the grain's.</summary>
    private Task KeepCountsAsync()
    {
        (State.Counts, State.ItemsTotal) = counter.Read(State.Counts, State.ItemsTotal);
        return SaveAsync();
    }

    /// <summary>While a pass runs its batch hears of it twice a second.</summary>
    private void BeginCounting(MailboxConnection connection)
    {
        counter.Begin(State.Counts, State.LastSynced is not null, connection);
        reporting = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(ReportPeriod, ReportPeriod) { Interleave = true });
    }

    private async Task EndCountingAsync()
    {
        reporting?.Dispose();
        reporting = null;
        await KeepCountsAsync();
        counter.End();
    }

    private async Task TellBatchAsync()
    {
        var report = Report();
        // The next activation tells; a host that is leaving would wait for an answer in vain.
        if (report == lastReport || isLeaving)
            return;
        try
        {
            await GrainFactory.GetGrain<IMigrationBatchGrain>(key.Batch.Value).ReportAsync(report);
            lastReport = report;
        }
        catch (Exception unheard) when (unheard is TimeoutException or OrleansException)
        {
            // The next tick tells it again; a pass does not end because nobody listens.
            LogReportUnheard(unheard, key.ToString());
        }
    }

    private UserReport Report()
    {
        var (counts, total) = counter.Read(State.Counts, State.ItemsTotal);
        var progress = counter.Board.Latest;
        var isActive = Status is MigrationUserStatus.Syncing or MigrationUserStatus.IncrementalSyncing;
        return new UserReport(
            key.User, Status, counts, total, isActive ? progress?.ItemsPerSecond ?? 0 : 0, isActive ? progress?.BytesPerSecond ?? 0 : 0,
            isActive ? progress?.Folder : null, State.LastSynced, State.Error, State.NextStep, waiting ?? counter.Waiting, State.Began, State.Copied);
    }

    private async Task SaveAsync()
    {
        await saving.WaitAsync();
        try
        {
            lastSave = clock.GetTimestamp();
            await persistent.WriteStateAsync();
        }
        finally
        {
            saving.Release();
        }
    }

    private async Task ForgetReminderAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pass of {User} failed ({Failures} in a row): {Reason}")]
    private partial void LogPassFailed(Exception fault, string user, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The batch did not hear the report of {User}")]
    private partial void LogReportUnheard(Exception failure, string user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} was taken over by another host")]
    private partial void LogTakenOver(Exception reason, string user);

    [LoggerMessage(Level = LogLevel.Error, Message = "The loop of {User} ended; its reminder starts it again")]
    private partial void LogLoopEnded(Exception failure, string user);
}
