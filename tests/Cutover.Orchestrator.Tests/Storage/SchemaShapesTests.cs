using Cutover.Core.Batches;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Storage.Sqlite;
using Cutover.Orchestrator.Users;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Cutover.Orchestrator.Tests.Storage;

/// <summary>
/// Databases as earlier versions left them, each dumped from a cutover of the lab that was killed after its incremental sync: all of it is still read.
/// </summary>
public sealed class SchemaShapesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Shapes => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Shapes"), "sqlite-*.sql").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_database_of_an_earlier_version_is_read_as_it_was(string shape)
    {
        using (var earlier = new SqliteConnection($"Data Source={folder.Database};Pooling=False"))
            earlier.Execute(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Shapes", shape), Ct));

        await using var database = SqliteDatabase.Open(folder.Database, TimeProvider.System);
        var (batches, name) = (new BatchStore(database), BatchName.Parse("cutover"));
        var batch = (await batches.FindAsync(name, Ct))!;
        var totals = await Task.WhenAll(batch.Users.Select(async user =>
            await (await DatabaseItemLedger.OpenAsync(database, "cutover", user.Source.LegacyExchangeDN, Ct)).GetTotalsAsync(Ct)));

        Assert.Equal((5, 36L, 3L), (batch.Users.Count, totals.Sum(one => one.Copied), totals.Sum(one => one.Deleted)));
        Assert.Equal(37, await batches.GetHistoryAsync(name, Ct).CountAsync(Ct));
        Assert.Empty(await batches.GetApprovalsAsync(name, Ct));
        Assert.Equal(9, await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM runbook_step"), Ct));
        foreach (var user in batch.Users)
            Assert.Equal(MigrationUserStatus.IncrementalSynced, (await StateOfAsync(database, user)).Status);
        await batches.AddHistoryAsync(new StateChange(DateTimeOffset.UnixEpoch, name, null, null, "Created", "cause", "actor"), Ct);
        Assert.Equal(38, await batches.GetHistoryAsync(name, Ct).CountAsync(Ct));
    }

    public void Dispose() => folder.Dispose();

    private static async Task<MigrationUserState> StateOfAsync(CutoverDatabase database, MigrationUser user)
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var id = await database.ReadAsync(
            connection => connection.ExecuteScalarAsync<string>("SELECT grain_id FROM grain_state WHERE state_name = 'user' AND grain_id LIKE @like", new { like = $"%{user.Name}" }), Ct);
        var state = new GrainState<MigrationUserState>();
        await new DatabaseGrainStorage(database, services.GetRequiredService<Serializer>(), "cutover").ReadStateAsync("user", GrainId.Parse(id!, System.Globalization.CultureInfo.InvariantCulture), state);
        return state.State!;
    }
}
