using System.Collections.Concurrent;
using System.Data.Common;
using Cutover.Core.Faults;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Orchestrator.Storage.Sqlite;

/// <summary>
/// The one SQLite file. One connection writes, each commit flushed to the disk (synchronous=FULL); readings go beside it on their own connections (WAL).
/// </summary>
public sealed class SqliteDatabase : CutoverDatabase
{
    // SQLITE_FULL, and SQLITE_IOERR, which the write-ahead log meets when the disk is full.
    private const int DiskFull = 13;
    private const int DiskError = 10;

    private readonly FileStream processLock;
    private readonly string path;
    private readonly string connectionString;
    private readonly ConcurrentBag<SqliteConnection> idleReaders = [];
    private volatile bool isClosed;

    private SqliteDatabase(FileStream processLock, string path, string connectionString, TimeProvider clock) : base(clock)
    {
        (this.processLock, this.path, this.connectionString) = (processLock, path, connectionString);
        BeginWriting(lanes: 1);
    }

    internal override string SharedLock => "";

    internal override bool IsShared => false;

    /// <summary>
    /// Opens the file, makes it if need be, and brings its schema up to date. Fails with an operator's <see cref="MigrationFault"/> when another
    /// process holds it, it can't be written, or a newer Cutover made it.
    /// </summary>
    public static SqliteDatabase Open(string file, TimeProvider clock)
    {
        var path = Path.GetFullPath(file);
        var processLock = Lock(path);
        try
        {
            var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString();
            using (var connection = Connect(connectionString))
                SqliteSchema.Migrate(connection, path);
            return new SqliteDatabase(processLock, path, connectionString, clock);
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

    internal override Task<DbConnection> ConnectAsync(CancellationToken ct) => Task.FromResult<DbConnection>(Connect(connectionString));

    private protected override async Task<T> ReadOnceAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var reader = idleReaders.TryTake(out var idle) ? idle : Connect(connectionString);
        try
        {
            return await work(reader);
        }
        finally
        {
            if (isClosed)
                await reader.DisposeAsync();
            else
                idleReaders.Add(reader);
        }
    }

    private protected override async ValueTask CloseAsync()
    {
        isClosed = true;
        while (idleReaders.TryTake(out var reader))
            await reader.DisposeAsync();
        await processLock.DisposeAsync();
    }

    internal override DatabaseFailure Judge(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: DiskFull or DiskError } ? DatabaseFailure.Outage : DatabaseFailure.Final;

    private protected override string Describe(Exception outage) =>
        $"The disk of the work folder {Path.GetDirectoryName(path)} is full or can't be written ({outage.Message}). Make room.";

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
