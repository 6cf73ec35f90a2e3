using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Storage.Postgres;
using Cutover.Orchestrator.Storage.Sqlite;
using Cutover.Tests;

namespace Cutover.Orchestrator.Tests.Storage;

/// <summary>An empty database that outlives the connections of a test.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    public CutoverDatabase Current { get; private set; } = null!;

    public virtual ValueTask InitializeAsync()
    {
        Current = Open();
        return ValueTask.CompletedTask;
    }

    /// <summary>As the next process would find it.</summary>
    public async Task ReopenAsync()
    {
        await Current.DisposeAsync();
        Current = Open();
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Current.DisposeAsync();
    }

    protected abstract CutoverDatabase Open();
}

public sealed class TestSqlite : TestDatabase
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override CutoverDatabase Open() => SqliteDatabase.Open(folder.Database, TimeProvider.System);
}

public sealed class TestPostgres(PostgresServer server) : TestDatabase
{
    public string ConnectionString { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    protected override CutoverDatabase Open() => PostgresDatabase.Open(ConnectionString, TimeProvider.System);
}

/// <summary>Tests that share one PostgreSQL.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
