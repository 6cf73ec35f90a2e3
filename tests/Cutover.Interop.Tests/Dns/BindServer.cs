using System.Diagnostics;
using System.Net;

namespace Cutover.Interop.Tests.Dns;

/// <summary>A private BIND 9 on loopback that is the primary of contoso.com. It has one key that may change the zone and one that may not.</summary>
public sealed class BindServer : IAsyncDisposable
{
    public const string Secret = "c2VjcmV0IG9mIHRoZSBsYWIsIG5vdCBvZiBhbnlib2R5";
    private const string Named = "/usr/sbin/named";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-bind-");
    private readonly Process process;

    private BindServer(int port)
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        WriteConfiguration(port);
        // -g: in the foreground, with its log on standard error.
        process = Process.Start(new ProcessStartInfo(Named, ["-4", "-g", "-n", "1", "-c", Path.Combine(directory.FullName, "named.conf")])
        {
            RedirectStandardError = true,
        })!;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Starts BIND and waits until it says that it runs. Skips the test where BIND isn't installed, except in CI.</summary>
    public static async Task<BindServer> StartAsync()
    {
        Tools.Require(Named, "bind9");
        var server = new BindServer(Tools.FreePort());
        while (await server.process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.EndsWith(" running", StringComparison.Ordinal)) continue;
            _ = server.process.StandardError.ReadToEndAsync();
            return server;
        }
        throw new InvalidOperationException($"BIND ended with {server.process.ExitCode} before it ran; its configuration is in {server.directory}.");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        directory.Delete(recursive: true);
    }

    private void WriteConfiguration(int port)
    {
        File.WriteAllText(Path.Combine(directory.FullName, "contoso.com.zone"), """
            $TTL 3600
            @            IN SOA   ns1 hostmaster 1 3600 600 1209600 300
            @            IN NS    ns1
            @            IN MX    10 mail
            @            IN TXT   "v=spf1 mx -all"
            @            IN TXT   "other-verification=1"
            ns1          IN A     127.0.0.1
            mail         IN A     192.0.2.25
            autodiscover IN A     192.0.2.25
            autodiscover IN TXT   "old"

            """);
        File.WriteAllText(Path.Combine(directory.FullName, "named.conf"), $$"""
            options {
                directory "{{directory.FullName}}"; listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
                recursion no; dnssec-validation no; pid-file none; session-keyfile none; allow-transfer { none; };
            };
            controls { };
            key "cutover" { algorithm hmac-sha256; secret "{{Secret}}"; };
            key "cutover512" { algorithm hmac-sha512; secret "{{Secret}}"; };
            key "reader" { algorithm hmac-sha256; secret "{{Secret}}"; };
            zone "contoso.com" {
                type primary; file "contoso.com.zone"; update-policy { grant cutover zonesub ANY; grant cutover512 zonesub ANY; };
            };
            """);
    }
}
