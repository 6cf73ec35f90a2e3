using System.Data.Common;
using System.Threading.Channels;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// Takes what waits to be written, commits it as one transaction, then tells each caller: durability costs one flush per group and not one per record.
/// A group that fails is made again write by write, so that one caller's error is not another's.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    private const int MaxGroup = 1000;

    private readonly CutoverDatabase database;
    private readonly Channel<Write> waiting = Channel.CreateUnbounded<Write>();
    private readonly Task[] lanes;

    public GroupWriter(CutoverDatabase database, int lanes)
    {
        this.database = database;
        this.lanes = [.. Enumerable.Range(0, lanes).Select(_ => Task.Run(RunAsync))];
    }

    public async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new Write<T>(work);
        if (!waiting.Writer.TryWrite(write))
            throw new ObjectDisposedException(nameof(CutoverDatabase));
        return await write.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await Task.WhenAll(lanes);
    }

    private async Task RunAsync()
    {
        var lane = new Lane(database);
        var group = new List<Write>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxGroup && waiting.Reader.TryRead(out var write))
                group.Add(write);
            if (group.Count > 0)
                await CommitAsync(lane, group);
        }

        await lane.DisposeAsync();
    }

    private async Task CommitAsync(Lane lane, List<Write> group)
    {
        try
        {
            await database.PersistAsync(() => lane.CommitAsync(group), CancellationToken.None);
            group.ForEach(write => write.Succeed());
        }
        catch (Exception failure) when (group.Count == 1 && database.Judge(failure) == DatabaseFailure.Again)
        {
            await CommitAsync(lane, group);
        }
        catch (Exception failure) when (group.Count == 1 || failure is ObjectDisposedException or OperationCanceledException)
        {
            group.ForEach(write => write.Fail(failure));
        }
        catch (Exception)
        {
            foreach (var write in group)
                await CommitAsync(lane, [write]);
        }
    }

    /// <summary>One connection that commits one group after the other, opened anew when it broke.</summary>
    private sealed class Lane(CutoverDatabase database) : IAsyncDisposable
    {
        private DbConnection? connection;

        public async Task<bool> CommitAsync(List<Write> group)
        {
            connection ??= await database.ConnectAsync(CancellationToken.None);
            DbTransaction? transaction = null;
            try
            {
                transaction = await connection.BeginTransactionAsync();
                foreach (var write in group)
                    await write.RunAsync(connection);
                await transaction.CommitAsync();
                return true;
            }
            finally
            {
                await AbandonAsync(transaction);
                if (connection.State != System.Data.ConnectionState.Open) await DisposeAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (connection is not null) await connection.DisposeAsync();
            connection = null;
        }

        /// <summary>Rolls back what was not committed. The database may have done it by itself, as when its disk is full or the connection broke.</summary>
        private static async Task AbandonAsync(DbTransaction? transaction)
        {
            try
            {
                if (transaction is not null) await transaction.DisposeAsync();
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
            }
        }
    }

    private abstract class Write
    {
        public abstract Task RunAsync(DbConnection connection);

        public abstract void Succeed();

        public abstract void Fail(Exception failure);
    }

    private sealed class Write<T>(Func<DbConnection, Task<T>> work) : Write
    {
        private T result = default!;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task RunAsync(DbConnection connection) => result = await work(connection);

        public override void Succeed() => Done.TrySetResult(result);

        public override void Fail(Exception failure) => Done.TrySetException(failure);
    }
}
