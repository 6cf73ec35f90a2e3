using System.Globalization;
using System.Text.Json;
using Cutover.Cli;
using Cutover.Cli.Commands;
using Cutover.Lab;
using Cutover.Lab.Organisation;
using Cutover.Server;
using Cutover.Tests;

namespace Cutover.EndToEnd.Tests;

/// <summary>
/// One cutover of 50 mailboxes killed over and over, at seeded random moments, while mail goes on arriving, being read, moved and deleted at the source. Twenty
/// kills on each database; <c>CUTOVER_KILLS=200</c> is the whole storm (<c>make storm</c>).
/// </summary>
public sealed class KillStormTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const double EarliestKill = 0.5;
    private const double LatestKill = 6;

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("CUTOVER_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public Task On_SQLite() => StormAsync(seed: 1, storage: null);

    [Fact]
    public async Task On_PostgreSQL() => await StormAsync(seed: 2, await postgres.CreateDatabaseAsync());

    private static async Task StormAsync(int seed, string? storage)
    {
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var options = new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 50, ItemsPerMailbox = 30 };
        await using var lab = await ContosoLab.StartAsync(options, TestContext.Current.CancellationToken);
        var settings = Settings(folder.Path, lab, storage) with { IncrementalSyncMinutes = 0.05, MailRoutingWaitHours = 1 };
        string[] migrate = ["migrate", Write(folder.Path, settings), "--work", Path.Combine(folder.Path, "work"), "--yes", "--json"];

        for (var kill = 1; kill <= Kills; kill++)
        {
            using var running = CutoverProcess.Start(migrate);
            if (!await running.KillAfterAsync(TimeSpan.FromSeconds(EarliestKill + random.NextDouble() * (LatestKill - EarliestKill))))
                Assert.Fail($"It ended by itself before kill {kill}: {(await running.EndAsync()).Errors}");
            ContosoMail.DeliverMeanwhile(lab.Store, lab.Organisation, seed * 1000 + kill);
        }

        Write(folder.Path, settings with { MailRoutingWaitHours = 0 });
        var result = await CutoverProcess.RunAsync(migrate);
        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        DemoTests.AssertNothingLost(result);
        Assert.Empty(OrganisationComparison.Differences(lab));
    }

    private static CutoverSettings Settings(string folder, ContosoLab lab, string? storage)
    {
        if (storage is null) return LabSettingsFile.Settings(lab);
        var secret = Path.Combine(folder, "postgres");
        File.WriteAllText(secret, storage);
        return LabSettingsFile.Settings(lab) with { Storage = new StorageSettings($"file:{secret}", Path.Combine(folder, "shared")) };
    }

    private static string Write(string folder, CutoverSettings settings)
    {
        var file = Path.Combine(folder, "cutover.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings, SettingsJson.Default.CutoverSettings));
        return file;
    }
}
