using System.Diagnostics;

namespace Cutover.Interop.Tests;

/// <summary>Runs the independent clients that Debian's python3-impacket makes possible.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Skips the test without impacket, except in CI, where it must be there.</summary>
    public static async Task RequireImpacketAsync()
    {
        const string Missing = "Debian's python3-impacket is not installed: apt-get install python3-impacket";
        var isThere = File.Exists(Interpreter) && (await RunAsync("", "-c", "import impacket")).ExitCode == 0;
        Assert.True(isThere || Environment.GetEnvironmentVariable("CI") != "true", Missing);
        Assert.SkipUnless(isThere, Missing);
    }

    /// <summary>Runs a script of the impacket folder and returns its lines; a failing script fails the test with what it wrote.</summary>
    public static async Task<string[]> RunScriptAsync(string script, string input, params string[] arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "impacket", script);
        var (exitCode, output, error) = await RunAsync(input, [file, .. arguments]);
        Assert.True(exitCode == 0, $"{script} ended with {exitCode}\n{output}\n{error}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string input, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(Interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', arguments.Take(1))} did not end within 2 minutes");
        }
    }
}
