using System.Collections.Concurrent;
using Cutover.Core.Faults;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Orchestrator.Storage;

/// <summary>
/// The one SQLite file. Writes of all mailboxes go through one writer that commits them in groups, each commit flushed to the disk
/// (synchronous=FULL), so durability costs one flush per group and not one per record. Reads go beside it on their own connections (WAL).
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly FileStream processLock;
    private readonly string connectionString;
    private readonly ConcurrentBag<SqliteConnection> idleReaders = [];
    private readonly SqliteWriter writer;
    private int disposed;

    private SqliteDatabase(FileStream processLock, string connectionString, SqliteConnection writing)
    {
        (this.processLock, this.connectionString) = (processLock, connectionString);
        writer = new SqliteWriter(writing);
    }

    /// <summary>
    /// Opens the file, makes it if need be, and brings its schema up to date. Fails with an operator's <see cref="MigrationFault"/> when another
    /// process holds it, it can't be written, or a newer Cutover made it.
    /// </summary>
    public static SqliteDatabase Open(string file)
    {
        var path = Path.GetFullPath(file);
        var processLock = Lock(path);
        try
        {
            var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString();
            var writing = Connect(connectionString);
            SqliteSchema.Migrate(writing, path);
            return new SqliteDatabase(processLock, connectionString, writing);
        }
        catch (SqliteException broken)
        {
            processLock.Dispose();
            throw new MigrationFault(FaultScope.Operator, $"The database {path} can't be opened: {broken.Message}", "Check the file, its rights and the disk's free space.", broken);
        }
        catch
        {
            processLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in the writer's next transaction; durable when the task ends. It may run twice when its group failed.</summary>
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken ct) =>
        WriteAsync(connection =>
        {
            work(connection);
            return true;
        }, ct);

    /// <inheritdoc cref="WriteAsync(Action{SqliteConnection}, CancellationToken)"/>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct) => writer.WriteAsync(work, ct);

    /// <summary>Fails when the disk was full at the last commit: nothing goes on before there is room.</summary>
    public void RequireRoom()
    {
        if (writer.OutOfRoom is { } full)
            throw new MigrationFault(
                FaultScope.Operator, $"The disk of the work folder is full or can't be written: {full.Message}",
                "Make room and run the same command again: it goes on where it was, and nothing is half-written.", full);
    }

    /// <summary>Reads what is committed by now.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        var reader = idleReaders.TryTake(out var idle) ? idle : Connect(connectionString);
        try
        {
            return work(reader);
        }
        finally
        {
            if (disposed == 0)
                idleReaders.Add(reader);
            else
                reader.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await writer.DisposeAsync();
        while (idleReaders.TryTake(out var reader))
            await reader.DisposeAsync();
        await processLock.DisposeAsync();
    }

    private static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000; PRAGMA foreign_keys=ON;");
        return connection;
    }

    /// <summary>A lock that ends with its process however that ends; two engines on one ledger would copy everything twice.</summary>
    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MigrationFault(
                FaultScope.Operator, $"The work folder {Path.GetDirectoryName(path)} can't be used: {e.Message}",
                "If another cutover runs there, let it finish or stop it; else check the folder's rights and free space.", e);
        }
    }
}
