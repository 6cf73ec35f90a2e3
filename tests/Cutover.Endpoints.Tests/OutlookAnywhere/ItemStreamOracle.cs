using System.Diagnostics;
using Cutover.Core.Mailboxes;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>../shared/oracles/item_stream.py, which was written apart from the product.</summary>
internal static class ItemStreamOracle
{
    /// <summary>Fails the test where the oracle does not read an item's stream to its end.</summary>
    public static async Task AcceptsAsync(MailboxItem item)
    {
        var script = Path.Combine(SharedMaterial.Require("oracles"), "item_stream.py");
        var file = Path.GetTempFileName();
        try
        {
            await using (var output = File.OpenWrite(file))
            await using (var stream = await item.OpenAsync(default)) await stream.CopyToAsync(output);
            var (code, said) = await RunAsync(script, file);
            Assert.True(code == 0, said);
            Assert.DoesNotContain("Traceback", said);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string script, string file)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [script, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEndAsync();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        return (python.ExitCode, output + await errors);
    }
}
