using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cutover.Mapi.Tests.FastTransfer;

/// <summary>The small Python decoders that were written apart from the product.</summary>
internal static partial class Oracle
{
    /// <summary>What the oracle prints about a file. Skips the test where Python is missing, except in CI.</summary>
    public static async Task<string> RunAsync(string script, byte[] bytes)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes);
            return await RunAsync(script, file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The numbers in a printed dictionary that follows a word, such as <c>OK {'StartMessage': 48}</c>.</summary>
    public static SortedDictionary<string, int> Counts(string output, string word)
    {
        var start = output.IndexOf(word, StringComparison.Ordinal);
        Assert.True(start >= 0, output);
        var dictionary = output[start..output.IndexOf('}', start)];
        return new(Entry().Matches(dictionary).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value)));
    }

    private static async Task<string> RunAsync(string script, string file)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Captures.Oracles, script), file])
            {
                RedirectStandardOutput = true,
            })!;
            var output = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            return output;
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("python3 is not installed; it runs the oracles.");
            throw;
        }
    }

    [GeneratedRegex(@"'(\w+)': (\d+)")]
    private static partial Regex Entry();
}
