using System.Globalization;
using System.Text.Json;
using Cutover.Cli;
using Cutover.Cli.Commands;
using Cutover.Lab;
using Cutover.Server;
using Cutover.Tests;
using Npgsql;

namespace Cutover.EndToEnd.Tests;

/// <summary>Three hosts as three processes over one PostgreSQL: one is replaced, one killed, one hung, while 200 mailboxes are copied.</summary>
public sealed class ClusterTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const int AtOnce = 8;
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_that_are_replaced_killed_and_hung_lose_nothing_and_bring_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        var options = new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 200, ItemsPerMailbox = 12 };
        await using var lab = await ContosoLab.StartAsync(options, Ct);
        var connectionString = await postgres.CreateDatabaseAsync();
        var settings = await WriteSettingsAsync(folder.Path, lab, connectionString);
        CutoverProcess Serve(string name) => CutoverProcess.Start("serve", settings, "--work", Path.Combine(folder.Path, name));

        using var replaced = Serve("a");
        using var killed = Serve("b");
        await replaced.SaysAsync("This host copies");
        await killed.SaysAsync("This host copies");
        using var migrate = CutoverProcess.Start("migrate", settings, "--work", Path.Combine(folder.Path, "m"), "--yes", "--json");

        await SyncedAsync(connectionString, 15);
        await using var sessions = new MostSessions(lab);
        await replaced.InterruptAfterAsync("This host copies");
        Assert.Equal(ExitCode.Success, (await replaced.EndAsync()).ExitCode);
        using var upgraded = Serve("a");
        await upgraded.SaysAsync("This host copies");

        await SyncedAsync(connectionString, 50);
        Assert.InRange(await sessions.EndAsync(), 1, AtOnce);
        killed.Kill();
        var killedAt = TimeProvider.System.GetUtcNow();
        await SyncedAsync(connectionString, 90);

        upgraded.Suspend();
        var suspendedAt = TimeProvider.System.GetUtcNow();
        await AbandonedAsync(connectionString, "a");
        await SyncedAsync(connectionString, 120);
        upgraded.Continue();

        var result = await migrate.EndAsync();
        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        DemoTests.AssertNothingLost(result);
        Assert.Empty(OrganisationComparison.Differences(lab));
        // Every mailbox that was under way on a lost host was begun again elsewhere in time.
        var begun = (await QueryAsync(connectionString, "SELECT at FROM history WHERE cause LIKE 'Begun again%' ORDER BY at"))
            .Select(at => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)).Where(at => at > killedAt).ToList();
        Assert.NotEmpty(begun);
        Assert.All(begun, at => Assert.InRange(at - (at > suspendedAt ? suspendedAt : killedAt), TimeSpan.Zero, TakeOver));
    }

    [Fact]
    public async Task A_database_that_is_gone_for_a_minute_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        var options = new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 10, ItemsPerMailbox = 60 };
        await using var lab = await ContosoLab.StartAsync(options, Ct);
        await using var away = new PostgresServer();
        await away.InitializeAsync();
        var connectionString = await away.CreateDatabaseAsync();
        using var migrate = CutoverProcess.Start("migrate", await WriteSettingsAsync(folder.Path, lab, connectionString), "--work", Path.Combine(folder.Path, "m"), "--yes", "--json");
        await migrate.SaysAsync("Copy every mailbox");
        await SyncedAsync(connectionString, 2);

        await away.StopAsync();
        await migrate.SaysAsync("does not answer");
        // A minute is the promise itself: longer than any call of the engine waits for its answer.
        await Task.Delay(TimeSpan.FromMinutes(1), Ct);
        await away.StartAsync();

        var result = await migrate.EndAsync();
        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        DemoTests.AssertNothingLost(result);
        Assert.Empty(OrganisationComparison.Differences(lab));
    }

    /// <summary>How many mailboxes of the source were open at once, as long as somebody looks.</summary>
    private sealed class MostSessions : IAsyncDisposable
    {
        private readonly CancellationTokenSource ended = new();
        private readonly Task<int> looking;

        public MostSessions(ContosoLab lab) => looking = Task.Run(() =>
        {
            var most = 0;
            while (!ended.IsCancellationRequested)
            {
                most = Math.Max(most, lab.Exchange.Sessions);
                ended.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
            }
            return most;
        });

        public async Task<int> EndAsync()
        {
            await ended.CancelAsync();
            return await looking;
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            ended.Dispose();
        }
    }

    private static async Task SyncedAsync(string connectionString, int mailboxes)
    {
        while ((await QueryAsync(connectionString, """SELECT "user" FROM history WHERE "to" = 'Synced' AND "user" IS NOT NULL""")).Distinct().Count() < mailboxes)
            await Task.Delay(100, Ct);
    }

    /// <summary>Returns when the others have declared the host dead.</summary>
    private static async Task AbandonedAsync(string connectionString, string host)
    {
        while (!(await QueryAsync(connectionString, "SELECT entry FROM silo")).Select(entry => JsonDocument.Parse(entry).RootElement)
            .Where(entry => entry.GetProperty("SiloName").GetString()!.EndsWith($"/{host}", StringComparison.Ordinal))
            .All(entry => entry.GetProperty("Status").GetInt32() == (int)Orleans.Runtime.SiloStatus.Dead))
            await Task.Delay(100, Ct);
    }

    private static async Task<IReadOnlyList<string>> QueryAsync(string connectionString, string query)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var found = new List<string>();
        while (await reader.ReadAsync(Ct)) found.Add(reader.GetString(0));
        return found;
    }

    private static async Task<string> WriteSettingsAsync(string folder, ContosoLab lab, string connectionString)
    {
        var secret = Path.Combine(folder, "postgres");
        await File.WriteAllTextAsync(secret, connectionString, Ct);
        var settings = LabSettingsFile.Settings(lab);
        settings = settings with
        {
            Source = settings.Source with { MaxConcurrentMigrations = AtOnce },
            Storage = new StorageSettings($"file:{secret}", Path.Combine(folder, "shared")),
        };
        var file = Path.Combine(folder, "cutover.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(settings, SettingsJson.Default.CutoverSettings), Ct);
        return file;
    }
}
