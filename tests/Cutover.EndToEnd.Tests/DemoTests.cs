using Cutover.Cli;
using Cutover.Lab;

namespace Cutover.EndToEnd.Tests;

/// <summary>The main job, by the program itself, judged from the stores of both sides.</summary>
public sealed class DemoTests
{
    private static readonly string[] Small = ["--mailboxes", "6", "--items", "30"];

    [Fact]
    public async Task Contoso_moves_whole_and_running_again_changes_nothing()
    {
        using var work = new TemporaryFolder();

        var first = await DemoAsync(work, Small);
        Assert.True(first.ExitCode == ExitCode.Success, first.Errors);
        Assert.Equal("Completed", first.Json.GetProperty("status").GetString());
        Assert.Equal("Perfect", first.Json.GetProperty("consistencyScore").GetString());
        AssertNothingLost(first);
        Assert.True(first.Number("incrementalItems") > 0, "nothing changed meanwhile");
        Assert.Empty(await DifferencesAsync(work, Small));

        var again = await DemoAsync(work, Small);
        Assert.True(again.ExitCode == ExitCode.Success, again.Errors);
        foreach (var number in (string[])["mailboxes", "recipients", "itemsSource", "itemsCopied", "itemsVerified", "bytesCopied", "foldersCopied"])
            Assert.Equal(first.Number(number), again.Number(number));
    }

    [Fact]
    public async Task Servers_that_refuse_throttle_stall_and_lose_answers_lose_nothing()
    {
        using var work = new TemporaryFolder();

        var result = await DemoAsync(work, [.. Small, "--faults"]);

        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        AssertNothingLost(result);
        Assert.Empty(await DifferencesAsync(work, Small));
    }

    [Fact]
    public async Task Real_messages_are_each_verified_or_in_the_receipt_with_their_reason()
    {
        var corpus = SharedMaterial.Require("corpora/mail");
        using var work = new TemporaryFolder();

        var result = await DemoAsync(work, ["--mailboxes", "6", "--corpus", corpus]);

        Assert.True(result.ExitCode is ExitCode.Success or ExitCode.DoneWithSkippedItems, result.Errors);
        AssertNothingLost(result);
        Assert.True(result.Number("itemsSource") > 500, "the corpus was not loaded");
        Assert.Equal(result.Number("itemsSource"), result.Number("itemsVerified") + result.Number("itemsSkipped"));
    }

    [Fact]
    public async Task An_interrupted_cutover_says_so_and_goes_on_when_run_again()
    {
        using var work = new TemporaryFolder();
        using var running = CutoverProcess.Start(["demo", "--json", "--work", work.Path, .. Small]);
        await running.InterruptAfterAsync("Copy every mailbox");
        var interrupted = await running.EndAsync();
        Assert.True(interrupted.ExitCode == ExitCode.Interrupted, $"{interrupted.ExitCode}: {interrupted.Errors}");
        Assert.Contains("goes on where it was", interrupted.Errors);

        var result = await DemoAsync(work, Small);

        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        AssertNothingLost(result);
        Assert.Empty(await DifferencesAsync(work, Small));
    }

    [Fact]
    public async Task A_lab_that_runs_alone_is_moved_by_another_process_with_the_settings_it_wrote()
    {
        using var lab = new TemporaryFolder();
        using var work = new TemporaryFolder();
        using var running = CutoverProcess.Start(["lab", "start", "--work", lab.Path, .. Small]);
        await running.SaysAsync("Stop the lab with Ctrl+C");

        var settings = Path.Combine(lab.Path, "cutover.json");
        var before = await CutoverProcess.RunAsync("recipients", "plan", settings, "--json");
        var licences = await CutoverProcess.RunAsync("licences", "plan", settings, "--json");
        var result = await CutoverProcess.RunAsync("migrate", settings, "--work", work.Path, "--yes", "--json");
        var after = await CutoverProcess.RunAsync("recipients", "plan", settings, "--json");
        var mailbox = after.Json.EnumerateArray().First(one => one.GetProperty("recipient").GetProperty("type").GetString() == "UserMailbox");
        var tried = await CutoverProcess.RunAsync("tenant", "check", settings, "--mailbox", mailbox.GetProperty("signInName").GetString()!, "--json");
        await running.InterruptAfterAsync("Stop the lab");
        await running.EndAsync();

        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        Assert.Equal(["Create"], Actions(before));
        Assert.Equal(["Match"], Actions(after));
        Assert.Equal(0, licences.Json.GetProperty("short").GetInt32());
        Assert.True(tried.ExitCode == ExitCode.Success, tried.Errors);
        AssertNothingLost(result);
        Assert.Empty(await DifferencesAsync(lab, Small));
    }

    [Fact]
    public async Task A_receipt_is_genuine_and_one_changed_byte_is_found()
    {
        using var work = new TemporaryFolder();
        var result = await DemoAsync(work, ["--mailboxes", "5", "--items", "5"]);
        var receipt = Directory.GetFiles(result.Json.GetProperty("receiptPath").GetString()!, "*.jsonl")[0];
        Assert.Equal(ExitCode.Success, (await CutoverProcess.RunAsync("receipt", "verify", receipt)).ExitCode);

        var bytes = await File.ReadAllBytesAsync(receipt);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(receipt, bytes);

        var verdict = await CutoverProcess.RunAsync("receipt", "verify", receipt);
        Assert.Equal(ExitCode.Failed, verdict.ExitCode);
        Assert.Contains("not as it was signed", verdict.Errors);
    }

    private static IEnumerable<string?> Actions(CutoverResult plan) =>
        plan.Json.EnumerateArray().Select(one => one.GetProperty("action").GetString()).Distinct().Order(StringComparer.Ordinal);

    internal static Task<CutoverResult> DemoAsync(TemporaryFolder work, string[] options) =>
        CutoverProcess.RunAsync(["demo", "--json", "--work", work.Path, .. options]);

    internal static void AssertNothingLost(CutoverResult result)
    {
        Assert.Equal((0, 0, 0), (result.Number("itemsMissing"), result.Number("itemsDuplicated"), result.Number("itemsMismatched")));
        Assert.True(result.Number("itemsSource") > 0, "there was nothing to copy");
    }

    /// <summary>Starts the lab once more on what the demo left, and compares both sides' own stores.</summary>
    internal static async Task<IReadOnlyList<string>> DifferencesAsync(TemporaryFolder work, string[] small)
    {
        var options = new LabOptions
        {
            WorkDirectory = Path.Combine(work.Path, "lab"),
            Mailboxes = int.Parse(small[1]),
            ItemsPerMailbox = int.Parse(small[3]),
        };
        await using var lab = await ContosoLab.StartAsync(options, TestContext.Current.CancellationToken);
        return OrganisationComparison.Differences(lab);
    }
}
