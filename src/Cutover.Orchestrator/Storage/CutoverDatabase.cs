using System.Data.Common;

namespace Cutover.Orchestrator.Storage;

/// <summary>What an error of the database means for the write or the reading that met it.</summary>
internal enum DatabaseFailure
{
    /// <summary>The statement's own; it would fail again.</summary>
    Final,

    /// <summary>Two transactions stood in each other's way; the same again, or less at once, will do.</summary>
    Again,

    /// <summary>The database is away or has no room: wait and go on.</summary>
    Outage,
}

/// <summary>
/// Where ledger, history, grain state and reminders live: one SQLite file, or PostgreSQL for several hosts. Both understand the same statements, apart from
/// their schemas and <see cref="SharedLock"/>. Writes of all mailboxes are committed in groups and are durable when their task ends. While the database
/// is away or its disk is full, writes and readings wait and go on by themselves; <see cref="Trouble"/> says so.
/// </summary>
public abstract class CutoverDatabase : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock;
    private readonly CancellationTokenSource closing = new();
    private volatile string? outage;
    private GroupWriter? writer;
    private int waiting;
    private int disposed;
    private volatile bool isClosed;

    private protected CutoverDatabase(TimeProvider clock) => this.clock = clock;

    /// <summary>What the database suffers from, for the administrator; null when nothing.</summary>
    public string? Trouble => Volatile.Read(ref waiting) > 0 ? outage : null;

    /// <summary>Follows a SELECT whose row must not change before the transaction ends; empty where one writer is all there is.</summary>
    internal abstract string SharedLock { get; }

    /// <summary>True when other processes write to the same database.</summary>
    internal abstract bool IsShared { get; }

    /// <summary>Runs <paramref name="work"/> in a transaction of the next group; durable when the task ends. It may run more than once, so its effect must be the same then.</summary>
    public Task WriteAsync(Func<DbConnection, Task> work, CancellationToken ct) =>
        WriteAsync(async connection =>
        {
            await work(connection);
            return true;
        }, ct);

    /// <inheritdoc cref="WriteAsync(Func{DbConnection, Task}, CancellationToken)"/>
    public Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct) =>
        (writer ?? throw new InvalidOperationException("The database is not open.")).WriteAsync(work, ct);

    /// <summary>Reads what is committed by now.</summary>
    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct) => PersistAsync(() => ReadOnceAsync(work, ct), ct);

    /// <summary>Writes what waits to be written, unless the database is away: that is left to the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await closing.CancelAsync();
        if (writer is not null)
            await writer.DisposeAsync();
        isClosed = true;
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the writing side, with <paramref name="lanes"/> connections that commit beside each other.</summary>
    private protected void BeginWriting(int lanes) => writer = new GroupWriter(this, lanes);

    internal abstract Task<DbConnection> ConnectAsync(CancellationToken ct);

    private protected abstract Task<T> ReadOnceAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct);

    private protected abstract ValueTask CloseAsync();

    internal abstract DatabaseFailure Judge(Exception failure);

    /// <summary>How the administrator reads of an outage.</summary>
    private protected abstract string Describe(Exception outage);

    /// <summary>Makes the call, again and again through outages, until it succeeds, fails otherwise, or the database is being closed.</summary>
    internal async Task<T> PersistAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        try
        {
            return await call();
        }
        catch (Exception failure) when (IsOutage(failure, ct))
        {
            outage = $"{Describe(failure)} Nothing is lost: Cutover waits and goes on by itself.";
        }

        Interlocked.Increment(ref waiting);
        try
        {
            return await TryAgainAsync(call, ct);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<T> TryAgainAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            await Task.Delay(wait, clock, linked.Token);
            try
            {
                return await call();
            }
            catch (Exception failure) when (IsOutage(failure, ct))
            {
            }
        }
    }

    private bool IsOutage(Exception failure, CancellationToken ct) =>
        !ct.IsCancellationRequested && !closing.IsCancellationRequested && Judge(failure) == DatabaseFailure.Outage;
}
