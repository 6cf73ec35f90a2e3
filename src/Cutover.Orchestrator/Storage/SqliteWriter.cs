using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Cutover.Orchestrator.Storage;

/// <summary>The one writer: takes what waits, commits it as one transaction, then tells each caller.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 1000;

    // SQLITE_FULL, and SQLITE_IOERR, which the write-ahead log meets when the disk is full.
    private const int DiskFull = 13;
    private const int DiskError = 10;

    private readonly SqliteConnection connection;
    private readonly Channel<Write> waiting = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task loop;
    private volatile SqliteException? outOfRoom;

    public SqliteWriter(SqliteConnection connection)
    {
        this.connection = connection;
        loop = Task.Run(RunAsync);
    }

    /// <summary>The last commit found the disk full; null since one succeeded.</summary>
    public SqliteException? OutOfRoom => outOfRoom;

    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new Write<T>(work);
        if (!waiting.Writer.TryWrite(write))
            throw new ObjectDisposedException(nameof(SqliteDatabase));
        return await write.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        await connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<Write>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxGroup && waiting.Reader.TryRead(out var write))
                group.Add(write);
            Commit(group);
        }
    }

    private void Commit(List<Write> group)
    {
        var failure = TryCommit(group);
        if (failure is null)
            group.ForEach(write => write.Succeed());
        else if (group.Count == 1)
            group[0].Fail(failure);
        else
            group.ForEach(write => Commit([write]));
    }

    private Exception? TryCommit(List<Write> group)
    {
        SqliteTransaction? transaction = null;
        try
        {
            transaction = connection.BeginTransaction();
            group.ForEach(write => write.Run(connection));
            transaction.Commit();
            outOfRoom = null;
            return null;
        }
        catch (Exception failure)
        {
            if (failure is SqliteException { SqliteErrorCode: DiskFull or DiskError } full) outOfRoom = full;
            return failure;
        }
        finally
        {
            Abandon(transaction);
        }
    }

    /// <summary>Rolls back what was not committed. SQLite may have done it by itself, as when the disk is full.</summary>
    private static void Abandon(SqliteTransaction? transaction)
    {
        try
        {
            transaction?.Dispose();
        }
        catch (SqliteException)
        {
        }
    }

    private abstract class Write
    {
        public abstract void Run(SqliteConnection connection);

        public abstract void Succeed();

        public abstract void Fail(Exception failure);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private T result = default!;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(SqliteConnection connection) => result = work(connection);

        public override void Succeed() => Done.TrySetResult(result);

        public override void Fail(Exception failure) => Done.TrySetException(failure);
    }
}
