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
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cutover.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new CutoverProcess(new Process { StartInfo = start });
        running.process.OutputDataReceived += (_, line) => running.output.AppendLine(line.Data);
        running.process.ErrorDataReceived += (_, line) => running.errors.AppendLine(line.Data);
        running.process.Start();
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        return running;
    }

    public async Task<CutoverResult> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CutoverResult(process.ExitCode, output.ToString(), errors.ToString());
    }

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
