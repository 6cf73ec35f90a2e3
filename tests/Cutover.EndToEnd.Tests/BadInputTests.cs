using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cutover.Cli;
using Cutover.Cli.Commands;
using Cutover.Lab;
using Cutover.Server;

namespace Cutover.EndToEnd.Tests;

/// <summary>Bad input and bad surroundings: one clear message, a documented exit code, nothing half-written.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task An_unknown_corpus_folder_is_named()
    {
        using var work = new TemporaryFolder();
        var result = await CutoverProcess.RunAsync("demo", "--work", work.Path, "--corpus", "/nowhere/at/all");
        AssertRefused(result, ExitCode.Usage, "/nowhere/at/all");
        Assert.Empty(Directory.GetFileSystemEntries(work.Path));
    }

    [Theory]
    [InlineData("--mailboxes", "two", "two")]
    [InlineData("--mailboxes", "1", "--mailboxes")]
    [InlineData("--dns-port", "70000", "--dns-port")]
    [InlineData("--frobnicate", "1", "--frobnicate")]
    public async Task A_wrong_option_is_named(string option, string value, string named) =>
        AssertRefused(await CutoverProcess.RunAsync("demo", option, value), ExitCode.Usage, named);

    [Theory]
    [InlineData("receipt", "verify", "Name the file")]
    [InlineData("recipients", "plan", "Name the settings")]
    [InlineData("recipients", "settle", "Name the settings")]
    [InlineData("licences", "plan", "Name the settings")]
    public async Task A_file_without_a_name_is_asked_for(string command, string subcommand, string asked)
    {
        var result = await CutoverProcess.RunAsync(command, subcommand, "");
        AssertRefused(result, ExitCode.Usage, asked);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        using var work = new TemporaryFolder();
        var result = await CutoverProcess.RunAsync("demo", "--work", work.Path, "--mailboxes", "5", "--items", "1", "--exchange-port", $"{port}");
        AssertRefused(result, ExitCode.Failed, $"{port}");
    }

    [Fact]
    public async Task A_work_folder_in_use_is_named()
    {
        using var work = new TemporaryFolder();
        using var held = WorkDirectory.Open(work.Path);
        AssertRefused(await CutoverProcess.RunAsync("demo", "--work", work.Path), ExitCode.Usage, work.Path);
    }

    [Fact]
    public async Task Settings_that_are_not_there_or_not_right_are_named()
    {
        using var work = new TemporaryFolder();
        var file = Path.Combine(work.Path, "cutover.json");
        AssertRefused(await CutoverProcess.RunAsync("migrate", file, "--work", work.Path), ExitCode.Usage, file);
        await File.WriteAllTextAsync(file, """{"domain": "contoso.com", "organizationName": "Contoso"}""");
        AssertRefused(await CutoverProcess.RunAsync("migrate", file, "--work", work.Path), ExitCode.Usage, "organizationName");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_nothing_is_written_to_the_tenant() => await MigrateAsync(
        (lab, settings, folder) =>
        {
            var wrong = Path.Combine(folder, "wrong-password");
            File.WriteAllText(wrong, "not-" + lab.Organisation.Administrator.Password);
            return settings with { Source = settings.Source with { Password = $"file:{wrong}" } };
        },
        (lab, result) =>
        {
            AssertRefused(result, ExitCode.Failed, lab.Organisation.Administrator.UserName);
            Assert.DoesNotContain(lab.Organisation.Administrator.Password, result.Errors + result.Output);
            Assert.Empty(lab.Microsoft365.Mailboxes.All);
        });

    [Fact]
    public async Task An_untrusted_certificate_is_told_with_its_issuer() => await MigrateAsync(
        (_, settings, _) => settings with { Network = settings.Network with { TrustedCertificates = [] } },
        (_, result) => AssertRefused(result, ExitCode.Failed, "certificate"));

    [Fact]
    public async Task A_full_disk_is_told_and_with_room_the_job_goes_on_by_itself()
    {
        using var disk = TemporaryDisk.TryMount(megabytes: 3);
        if (disk is null) Assert.Skip("Mounting a small file system needs root.");
        using var roomy = new TemporaryFolder();
        await using var lab = await ContosoLab.StartAsync(LabIn(roomy.Path, items: 60), TestContext.Current.CancellationToken);
        var settings = WriteSettings(roomy.Path, LabSettingsFile.Settings(lab));

        using var migrate = CutoverProcess.Start("migrate", settings, "--work", disk.Path, "--yes", "--json");
        await migrate.SaysAsync("disk");

        disk.Grow(megabytes: 300);
        var result = await migrate.EndAsync();
        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        DemoTests.AssertNothingLost(result);
        Assert.Empty(OrganisationComparison.Differences(lab));
    }

    private static async Task MigrateAsync(Func<ContosoLab, CutoverSettings, string, CutoverSettings> change, Action<ContosoLab, CutoverResult> assert)
    {
        using var folder = new TemporaryFolder();
        await using var lab = await ContosoLab.StartAsync(LabIn(folder.Path, items: 1), TestContext.Current.CancellationToken);
        var settings = WriteSettings(folder.Path, change(lab, LabSettingsFile.Settings(lab), folder.Path));
        assert(lab, await CutoverProcess.RunAsync("migrate", settings, "--work", Path.Combine(folder.Path, "work"), "--yes"));
    }

    private static LabOptions LabIn(string folder, int items) => new() { WorkDirectory = Path.Combine(folder, "lab"), Mailboxes = 5, ItemsPerMailbox = items };

    private static string WriteSettings(string folder, CutoverSettings settings)
    {
        var file = Path.Combine(folder, "cutover.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings, SettingsJson.Default.CutoverSettings));
        return file;
    }

    private static void AssertRefused(CutoverResult result, int exitCode, string named)
    {
        Assert.True(exitCode == result.ExitCode, $"exit code {result.ExitCode}\n{result.Output}\n{result.Errors}");
        Assert.Contains(named, result.Errors);
        Assert.DoesNotContain("   at Cutover.", result.Errors);
    }
}
