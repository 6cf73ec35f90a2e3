using System.Text.Json;
using Cutover.Cli;
using Cutover.Cli.Commands;
using Cutover.Lab;
using Cutover.Server;
using Cutover.Tests;

namespace Cutover.EndToEnd.Tests;

public sealed class TelemetryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_finds_what_the_engine_does_while_it_does_it()
    {
        using var folder = new TemporaryFolder();
        await using var lab = await ContosoLab.StartAsync(new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 5, ItemsPerMailbox = 20 }, Ct);
        var port = PostgresServer.FreePort();
        // It stays in the last sync, so that it can be asked.
        var settings = LabSettingsFile.Settings(lab) with { Telemetry = new TelemetrySettings(port), MailRoutingWaitHours = 1 };
        var file = Path.Combine(folder.Path, "cutover.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(settings, SettingsJson.Default.CutoverSettings), Ct);
        using var migrate = CutoverProcess.Start("migrate", file, "--work", Path.Combine(folder.Path, "work"), "--yes");
        await migrate.SaysAsync("Senders may use the old MX");

        using var client = new HttpClient();
        var metrics = (await client.GetStringAsync($"http://localhost:{port}/metrics", Ct)).Split('\n');

        double Value(string name, string label) => double.Parse(
            metrics.First(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(100, Value("cutover_items", "outcome=\"created\""));
        Assert.True(Value("cutover_uploaded_bytes", "") > 10_000);
        Assert.True(Value("cutover_source_round_trips", "") > 15);
        Assert.True(Value("cutover_pass_duration_seconds_count", "kind=\"initial\"") >= 5);
        Assert.DoesNotContain(metrics, line => line.Contains("@contoso.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_name_no_place_are_refused()
    {
        using var folder = new TemporaryFolder();
        await using var lab = await ContosoLab.StartAsync(new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 5, ItemsPerMailbox = 1 }, Ct);
        var file = Path.Combine(folder.Path, "cutover.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(LabSettingsFile.Settings(lab) with { Telemetry = new TelemetrySettings(OtlpEndpoint: "collector") }, SettingsJson.Default.CutoverSettings), Ct);

        var result = await CutoverProcess.RunAsync("migrate", file, "--work", Path.Combine(folder.Path, "work"), "--yes");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("telemetry.otlpEndpoint", result.Errors, StringComparison.Ordinal);
    }
}
