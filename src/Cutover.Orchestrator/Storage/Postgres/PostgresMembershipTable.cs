using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;

namespace Cutover.Orchestrator.Storage.Postgres;

/// <summary>
/// Which silos form the cluster, in PostgreSQL. Each change also moves the table's version, in one transaction, so that silos agree on one order of changes.
/// It never waits for a database that is away: Orleans asks again, and silos go on probing each other meanwhile.
/// </summary>
/// <param name="host">The name of this host, which no other has. An earlier process of this name is gone: nobody need wait until that is noticed.</param>
public sealed class PostgresMembershipTable(CutoverDatabase database, string cluster, string host) : IMembershipTable
{
    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        if (!tryInitTableVersion) return;
        await DoAsync(connection => connection.ExecuteAsync("INSERT INTO silo_version (cluster, version) VALUES (@cluster, 0) ON CONFLICT DO NOTHING", new { cluster }));
        while (await FindEarlierAsync() is var (table, entry, etag))
        {
            entry.Status = SiloStatus.Dead;
            await UpdateRow(entry, etag, table.Next());
        }
    }

    /// <summary>What an earlier process of this host left as if it were alive; null when nothing.</summary>
    private async Task<(TableVersion Table, MembershipEntry Entry, string Etag)?> FindEarlierAsync()
    {
        var all = await ReadAll();
        return all.Members.FirstOrDefault(member => member.Item1.SiloName == host && member.Item1.Status != SiloStatus.Dead) is var (entry, etag) ? (all.Version, entry, etag) : null;
    }

    public Task DeleteMembershipTableEntries(string clusterId) => DoAsync(connection => connection.ExecuteAsync(
        "DELETE FROM silo WHERE cluster = @clusterId; DELETE FROM silo_version WHERE cluster = @clusterId", new { clusterId }));

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        foreach (var (entry, _) in (await ReadAll()).Members.Where(member => member.Item1.Status == SiloStatus.Dead && member.Item1.IAmAliveTime < beforeDate.UtcDateTime))
            await DoAsync(connection => connection.ExecuteAsync("DELETE FROM silo WHERE cluster = @cluster AND address = @Address", new { cluster, Address = Text(entry.SiloAddress) }));
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAsync("AND address = @Address", new { cluster, Address = Text(key) });

    public Task<MembershipTableData> ReadAll() => ReadAsync("", new { cluster });

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(
        tableVersion, "INSERT INTO silo (cluster, address, entry, is_alive, etag) VALUES (@cluster, @Address, @Entry, @IsAlive, 0) ON CONFLICT DO NOTHING", Values(entry, etag: 0));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(
        tableVersion, "UPDATE silo SET entry = @Entry, is_alive = @IsAlive, etag = etag + 1 WHERE cluster = @cluster AND address = @Address AND etag = @Etag",
        Values(entry, long.Parse(etag, CultureInfo.InvariantCulture)));

    public Task UpdateIAmAlive(MembershipEntry entry) => DoAsync(connection => connection.ExecuteAsync(
        "UPDATE silo SET is_alive = @IsAlive WHERE cluster = @cluster AND address = @Address", Values(entry, etag: 0)));

    private async Task<bool> ChangeAsync(TableVersion next, string statement, object values)
    {
        await using var connection = await database.ConnectAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var expected = long.Parse(next.VersionEtag, CultureInfo.InvariantCulture);
        var isCurrent = await connection.ExecuteAsync(
            "UPDATE silo_version SET version = @Version WHERE cluster = @cluster AND version = @expected", new { Version = (long)next.Version, cluster, expected }) == 1;
        if (!isCurrent || await connection.ExecuteAsync(statement, values) != 1) return false;
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Rows and version of one moment.</summary>
    private async Task<MembershipTableData> ReadAsync(string condition, object values)
    {
        await using var connection = await database.ConnectAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var version = await connection.ExecuteScalarAsync<long>("SELECT version FROM silo_version WHERE cluster = @cluster", values);
        var rows = await connection.QueryAsync<SiloRow>($"SELECT entry, is_alive, etag FROM silo WHERE cluster = @cluster {condition}", values);
        var members = rows.Select(row => Tuple.Create(row.ToEntry(), row.Etag.ToString(CultureInfo.InvariantCulture))).ToList();
        return new MembershipTableData(members, new TableVersion((int)version, version.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task DoAsync(Func<DbConnection, Task> work)
    {
        await using var connection = await database.ConnectAsync(CancellationToken.None);
        await work(connection);
    }

    private object Values(MembershipEntry entry, long etag) => new
    {
        cluster,
        Address = Text(entry.SiloAddress),
        Entry = JsonSerializer.Serialize(Silo.Of(entry)),
        IsAlive = entry.IAmAliveTime.ToString("O", CultureInfo.InvariantCulture),
        Etag = etag,
    };

    private static string Text(SiloAddress address) => address.ToParsableString();

    private sealed record SiloRow(string Entry, string Is_Alive, long Etag)
    {
        public MembershipEntry ToEntry()
        {
            var entry = JsonSerializer.Deserialize<Silo>(Entry)!.ToEntry();
            entry.IAmAliveTime = DateTime.ParseExact(Is_Alive, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            return entry;
        }
    }

    private sealed record Suspicion(string By, DateTime At);

    private sealed record Silo(string Address, SiloStatus Status, IReadOnlyList<Suspicion> Suspicions, int ProxyPort, string HostName, string SiloName, DateTime Started)
    {
        public static Silo Of(MembershipEntry entry) => new(
            Text(entry.SiloAddress), entry.Status, [.. (entry.SuspectTimes ?? []).Select(suspect => new Suspicion(Text(suspect.Item1), suspect.Item2))],
            entry.ProxyPort, entry.HostName, entry.SiloName, entry.StartTime);

        public MembershipEntry ToEntry() => new()
        {
            SiloAddress = SiloAddress.FromParsableString(Address),
            Status = Status,
            SuspectTimes = [.. Suspicions.Select(suspicion => Tuple.Create(SiloAddress.FromParsableString(suspicion.By), suspicion.At))],
            ProxyPort = ProxyPort,
            HostName = HostName,
            SiloName = SiloName,
            StartTime = Started,
        };
    }
}
