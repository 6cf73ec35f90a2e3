using System.Diagnostics;
using System.Runtime.InteropServices;
using Cutover.Interop.Tests.Dns;

namespace Cutover.Interop.Tests.Kerberos;

/// <summary>A private realm CONTOSO.TEST on loopback: MIT's KDC with a user, and a web server's principal in a keytab.</summary>
internal sealed class KerberosRealm : IAsyncDisposable
{
    public const string Name = "CONTOSO.TEST";
    private const string Kdc = "/usr/sbin/krb5kdc";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-kdc-");
    private Process? kdc;

    private KerberosRealm()
    {
    }

    public string Keytab => At("http.keytab");

    /// <summary>What MIT's programs need to know of the realm; also set in this process, whose own GSSAPI asks it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["KRB5_CONFIG"] = At("krb5.conf"),
        ["KRB5_KDC_PROFILE"] = At("kdc.conf"),
        ["KRB5_KTNAME"] = Keytab,
        ["KRB5RCACHEDIR"] = directory.FullName,
    };

    /// <summary>Starts the KDC and waits until it says that it serves. Skips the test where it isn't installed, except in CI.</summary>
    public static async Task<KerberosRealm> StartAsync(string user, string password)
    {
        Tools.Require(Kdc, "krb5-kdc");
        Tools.Require("/usr/sbin/kadmin.local", "krb5-admin-server");
        var realm = new KerberosRealm();
        realm.WriteConfiguration(Tools.FreePort());
        await realm.RunAsync("/usr/sbin/kdb5_util", "create", "-s", "-r", Name, "-P", "master");
        await realm.RunAsync("/usr/sbin/kadmin.local", "-r", Name, "-q", $"addprinc -pw {password} {user}");
        await realm.RunAsync("/usr/sbin/kadmin.local", "-r", Name, "-q", "addprinc -randkey HTTP/localhost");
        await realm.RunAsync("/usr/sbin/kadmin.local", "-r", Name, "-q", $"ktadd -k {realm.Keytab} HTTP/localhost");
        await realm.ServeAsync();
        // Environment.SetEnvironmentVariable is .NET's own copy, which native libraries do not see.
        foreach (var (name, value) in realm.Environment) Assert.Equal(0, SetEnvironment(name, value, 1));
        return realm;
    }

    public async ValueTask DisposeAsync()
    {
        if (kdc is not null)
        {
            kdc.Kill();
            await kdc.WaitForExitAsync();
            kdc.Dispose();
        }
        directory.Delete(recursive: true);
    }

    /// <summary>A program that knows the realm.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task ServeAsync()
    {
        kdc = Start(Kdc, "-n");
        while (await kdc.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains("commencing operation", StringComparison.Ordinal)) continue;
            _ = kdc.StandardError.ReadToEndAsync();
            return;
        }
        throw new InvalidOperationException($"The KDC ended before it served; its configuration is in {directory}.");
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]}: {await output}{error}");
    }

    private string At(string file) => Path.Combine(directory.FullName, file);

    private void WriteConfiguration(int port)
    {
        File.WriteAllText(At("krb5.conf"), $$"""
            [libdefaults]
                default_realm = {{Name}}
                dns_lookup_kdc = false
                dns_canonicalize_hostname = false
                rdns = false
            [realms]
                {{Name}} = { kdc = 127.0.0.1:{{port}} }
            """.Replace("{ ", "{\n", StringComparison.Ordinal).Replace(" }", "\n}", StringComparison.Ordinal));
        File.WriteAllText(At("kdc.conf"), $$"""
            [kdcdefaults]
                kdc_listen = 127.0.0.1:{{port}}
                kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
                {{Name}} = {
                    database_name = {{At("principal")}}
                    key_stash_file = {{At("stash")}}
                }
            [logging]
                kdc = STDERR
            """);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
