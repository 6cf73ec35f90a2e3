using System.Data.Common;
using System.Net.Sockets;
using Cutover.Core.Faults;
using Npgsql;

namespace Cutover.Orchestrator.Storage.Postgres;

/// <summary>A database on PostgreSQL (12 or later), shared by the hosts of a cluster.</summary>
public sealed class PostgresDatabase : CutoverDatabase
{
    private const int Lanes = 4;
    private readonly NpgsqlDataSource source;
    private readonly string name;

    private PostgresDatabase(NpgsqlDataSource source, string name, TimeProvider clock) : base(clock)
    {
        (this.source, this.name) = (source, name);
        BeginWriting(Lanes);
    }

    internal override string SharedLock => "FOR SHARE";

    internal override bool IsShared => true;

    /// <summary>
    /// Connects and brings the schema up to date. Fails with an operator's <see cref="MigrationFault"/> when the connection string is none, the database can't be
    /// reached, or a newer Cutover made its tables.
    /// </summary>
    /// <param name="connectionString">Npgsql's, such as <c>Host=db;Database=cutover;Username=cutover;Password=…</c>. Never shown.</param>
    public static PostgresDatabase Open(string connectionString, TimeProvider clock)
    {
        var settings = Parse(connectionString);
        var name = $"{settings.Database ?? settings.Username} at {settings.Host}:{settings.Port}";
        var source = NpgsqlDataSource.Create(settings);
        try
        {
            using (var connection = source.OpenConnection())
                PostgresSchema.Migrate(connection, name);
            return new PostgresDatabase(source, name, clock);
        }
        catch (Exception broken)
        {
            source.Dispose();
            if (broken is not NpgsqlException) throw;
            throw new MigrationFault(
                FaultScope.Operator, $"The PostgreSQL database {name} can't be used: {broken.Message}", "Check the connection string, that the server runs, and the account's rights.", broken);
        }
    }

    internal override async Task<DbConnection> ConnectAsync(CancellationToken ct) => await source.OpenConnectionAsync(ct);

    private protected override async Task<T> ReadOnceAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await work(connection);
    }

    private protected override ValueTask CloseAsync() => source.DisposeAsync();

    internal override DatabaseFailure Judge(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => DatabaseFailure.Again,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction } =>
            DatabaseFailure.Outage,
        // Shutdown, crash, still starting (class 57P), and every way in which a connection ends.
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] or ['5', '8', ..] } => DatabaseFailure.Outage,
        PostgresException => DatabaseFailure.Final,
        NpgsqlException or SocketException or IOException or TimeoutException => DatabaseFailure.Outage,
        _ => DatabaseFailure.Final,
    };

    private protected override string Describe(Exception outage) => $"The PostgreSQL database {name} does not answer or can't write ({outage.Message}).";

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "cutover", Pooling = true };
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The message of the parser may repeat a part of the string, and with it the password.
            throw new MigrationFault(FaultScope.Operator, "The PostgreSQL connection string can't be read.", "Write it as Host=…;Database=…;Username=…;Password=….");
        }
    }
}
