using System.Net;
using Cutover.Orchestrator.Storage.Postgres;
using Cutover.Tests;

namespace Cutover.Orchestrator.Tests.Storage;

[Collection(PostgresCollection.Name)]
public sealed class PostgresMembershipTableTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TestPostgres database = new(server);

    private PostgresMembershipTable Table => new(database.Current, "cutover", "silo0");

    [Fact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        var entry = Entry(1);
        entry.SuspectTimes = [Tuple.Create(Entry(2).SiloAddress, DateTime.UnixEpoch)];
        Assert.True(await Table.InsertRow(entry, (await Table.ReadAll()).Version.Next()));
        entry.IAmAliveTime = entry.IAmAliveTime.AddSeconds(5);
        await Table.UpdateIAmAlive(entry);

        var (read, _) = Assert.Single((await Table.ReadRow(entry.SiloAddress)).Members);

        Assert.Equal(
            (entry.SiloAddress, entry.Status, entry.HostName, entry.SiloName, entry.StartTime, entry.IAmAliveTime, entry.ProxyPort),
            (read.SiloAddress, read.Status, read.HostName, read.SiloName, read.StartTime, read.IAmAliveTime, read.ProxyPort));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(DateTimeKind.Utc, read.IAmAliveTime.Kind);
        Assert.Empty((await Table.ReadRow(Entry(2).SiloAddress)).Members);
    }

    [Fact]
    public async Task Of_two_changes_to_one_version_one_is_refused_and_changes_nothing()
    {
        var version = (await Table.ReadAll()).Version.Next();
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => Table.InsertRow(Entry(number), version)));

        Assert.Single(outcomes, made => made);
        var after = await Table.ReadAll();
        Assert.Single(after.Members);
        Assert.Equal(version.Version, after.Version.Version);
    }

    [Fact]
    public async Task A_row_that_changed_meanwhile_is_not_changed_and_the_version_stays()
    {
        var entry = Entry(1);
        await Table.InsertRow(entry, (await Table.ReadAll()).Version.Next());
        var (etag, version) = ((await Table.ReadAll()).Members[0].Item2, (await Table.ReadAll()).Version);
        entry.Status = SiloStatus.Dead;
        Assert.True(await Table.UpdateRow(entry, etag, version.Next()));
        var current = await Table.ReadAll();

        Assert.False(await Table.UpdateRow(entry, etag, current.Version.Next()));
        Assert.False(await Table.InsertRow(entry, current.Version.Next()));

        Assert.Equal(current.Version.Version, (await Table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task What_is_long_dead_is_cleaned_away_and_the_cluster_can_be_forgotten()
    {
        var (alive, dead) = (Entry(1), Entry(2));
        dead.Status = SiloStatus.Dead;
        foreach (var entry in new[] { alive, dead })
            Assert.True(await Table.InsertRow(entry, (await Table.ReadAll()).Version.Next()));

        await Table.CleanupDefunctSiloEntries(DateTimeOffset.UnixEpoch.AddYears(1));
        Assert.Equal(alive.SiloAddress, Assert.Single((await Table.ReadAll()).Members).Item1.SiloAddress);

        await Table.DeleteMembershipTableEntries("cutover");
        Assert.Empty((await Table.ReadAll()).Members);
    }

    [Fact]
    public async Task An_earlier_process_of_the_same_host_is_dead_at_once()
    {
        foreach (var number in new[] { 1, 2 })
            Assert.True(await Table.InsertRow(Entry(number), (await Table.ReadAll()).Version.Next()));

        await new PostgresMembershipTable(database.Current, "cutover", "silo2").InitializeMembershipTable(tryInitTableVersion: true);

        Assert.Equal(
            [("silo1", SiloStatus.Active), ("silo2", SiloStatus.Dead)],
            (await Table.ReadAll()).Members.Select(member => (member.Item1.SiloName, member.Item1.Status)).Order());
    }

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        await Table.InitializeMembershipTable(tryInitTableVersion: true);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static MembershipEntry Entry(int port) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, generation: 7),
        Status = SiloStatus.Active,
        HostName = "host",
        SiloName = $"silo{port}",
        StartTime = DateTime.UnixEpoch,
        IAmAliveTime = DateTime.UnixEpoch.AddHours(1),
        ProxyPort = 0,
        SuspectTimes = [],
    };
}
