using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Cutover.EndToEnd.Tests;

/// <summary>What one run of the program left.</summary>
internal sealed record CutoverResult(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public long Number(string name) => Json.GetProperty(name).GetInt64();
}

/// <summary>The program itself, as its users start it.</summary>
internal sealed class CutoverProcess : IDisposable
{
    private const int SigInt = 2;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    private CutoverProcess(Process process) => this.process = process;

    public static async Task<CutoverResult> RunAsync(params string[] arguments)
    {
        using var running = Start(arguments);
        return await running.EndAsync();
    }

    public static CutoverProcess Start(params string[] arguments)
    {
        // A shell that runs the tests in the background ignores Ctrl+C, and its children would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "cutover.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new CutoverProcess(new Process { StartInfo = start });
        running.process.OutputDataReceived += (_, line) => running.Hear(running.output, line.Data);
        running.process.ErrorDataReceived += (_, line) => running.Hear(running.errors, line.Data);
        running.process.Start();
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        return running;
    }

    private void Hear(StringBuilder heard, string? line)
    {
        lock (output) heard.AppendLine(line);
    }

    public async Task<CutoverResult> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CutoverResult(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Ctrl+C, once standard output or error holds these words.</summary>
    public async Task InterruptAfterAsync(string words)
    {
        await SaysAsync(words);
        Assert.Equal(0, Signal(process.Id, SigInt));
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process.Kill();

    /// <summary>SIGSTOP: it stands still, and its connections stay open.</summary>
    public void Suspend() => Assert.Equal(0, Signal(process.Id, SigStop));

    /// <summary>SIGCONT.</summary>
    public void Continue() => Assert.Equal(0, Signal(process.Id, SigContinue));

    /// <summary>Returns once standard output or error holds these words.</summary>
    public async Task SaysAsync(string words)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!Said().Contains(words, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, $"it ended before it said '{words}': {Said()}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private string Said()
    {
        lock (output) return $"{output}{errors}";
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    /// <summary>SIGKILL after this long, or not at all when it ended before; true when it was killed.</summary>
    public async Task<bool> KillAfterAsync(TimeSpan moment)
    {
        using var timer = new CancellationTokenSource(moment);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return true;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cutover-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
