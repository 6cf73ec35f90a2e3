using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cutover.Interop.Tests.Dns;

/// <summary>Programs of others that these tests use.</summary>
internal static class Tools
{
    /// <summary>Skips the test when the program isn't there; in CI, where everything is installed, that is a failure instead.</summary>
    public static void Require(string program, string package)
    {
        if (File.Exists(program)) return;
        var reason = $"{program} is not installed: apt-get install {package}";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }

    /// <summary>Runs a program with this input and gives what it wrote, errors after output.</summary>
    public static async Task<string> RunAsync(string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output + await errors).Trim();
    }

    /// <summary>A port of loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
