using Cutover.Core.Batches;
using Cutover.Core.Runbooks;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>
/// Shows a run-book as it goes: on a terminal the steps and a live table of mailboxes, elsewhere a line per step and one of totals every few seconds.
/// </summary>
public sealed class RunbookDisplay(IAnsiConsole console, TimeProvider clock) : IRunbookObserver
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> noted = [];
    private string? current;
    private BatchStatus? batch;
    private string? trouble;

    public void StepChanged(RunbookStep step, StepRecord record)
    {
        lock (gate)
        {
            current = record.Status == StepStatus.Running ? step.Title : null;
            var line = record.Status switch
            {
                StepStatus.Done => $"[green]✓[/] [bold]{Escape(step.Title)}[/]: {Escape(record.Evidence?.Summary)}",
                StepStatus.Failed => $"[red]✗[/] [bold]{Escape(step.Title)}[/]: {Escape(record.Error)}",
                _ => $"[blue]▸[/] [bold]{Escape(step.Title)}[/]",
            };
            if (record.Status != StepStatus.Running || !console.Profile.Capabilities.Interactive) WriteLine(line);
        }
    }

    public void StepSays(RunbookStep step, string message)
    {
        lock (gate) WriteLine($"  [grey]{Escape(message)}[/]");
    }

    /// <summary>Runs the work while showing how the batch stands, and what the engine waits for.</summary>
    public async Task ShowAsync(Func<CancellationToken, Task> work, IMigrationService migration, BatchName name, CancellationToken ct)
    {
        if (console.Profile.Capabilities.Interactive)
            await console.Live(Picture()).AutoClear(true).StartAsync(context => PollAsync(work, migration, name, Refresh, () => context.UpdateTarget(Picture()), ct));
        else
            await PollAsync(work, migration, name, LineEvery, WriteTotals, ct);
    }

    private async Task PollAsync(Func<CancellationToken, Task> work, IMigrationService migration, BatchName name, TimeSpan every, Action show, CancellationToken ct)
    {
        Task<BatchStatus?>? asking = null;
        var running = work(ct);
        using var timer = new PeriodicTimer(every, clock);
        using var ended = new CancellationTokenSource();
        var watching = running.ContinueWith(_ => ended.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                // The batch may not answer while its database is away; that is said all the same.
                asking ??= migration.GetStatusAsync(name, ended.Token);
                if (asking.IsCompleted) (batch, asking) = (await asking, null);
                lock (gate)
                {
                    TellTrouble(migration.Trouble);
                    show();
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            // Whatever became of the picture, the work is waited for and its failure is the one that counts.
            await watching;
            await running;
        }
    }

    private void TellTrouble(string? now)
    {
        if (now == trouble) return;
        WriteLine(now is null ? "[green]It goes on.[/]" : $"[yellow]{Escape(now)}[/]");
        trouble = now;
    }

    private Rows Picture() => new(
        new Markup(current is null ? "" : $"[blue]▸[/] [bold]{Escape(current)}[/]"),
        batch is null ? Text.Empty : MailboxTable.Of(batch));

    private void WriteTotals()
    {
        if (batch is null || batch.ItemsTotal == 0) return;
        console.MarkupLine($"  [grey]{Escape(MailboxTable.Totals(batch))}[/]");
        foreach (var user in batch.Users.Where(user => noted.GetValueOrDefault(user.User.Name, "") != MailboxTable.Note(user)))
            console.MarkupLine($"    [grey]{Escape($"{user.User.Name}: {noted[user.User.Name] = MailboxTable.Note(user)}")}[/]");
    }

    private void WriteLine(string markup)
    {
        if (console.Profile.Capabilities.Interactive) console.Write(new LineAboveLive(markup));
        else console.MarkupLine(markup);
    }

    private static string Escape(string? text) => Markup.Escape(text ?? "");
}
