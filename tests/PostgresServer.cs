using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Cutover.Tests;

/// <summary>A private PostgreSQL on loopback, of the Debian package, for the tests of one assembly.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Owner = "cutover";
    private readonly string folder = Directory.CreateTempSubdirectory("cutover-postgres-").FullName;
    private int databases;
    private int port;

    public async ValueTask InitializeAsync()
    {
        port = FreePort();
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", folder);
        // A power loss is not among what these tests hold against it.
        await RunAsync(Program("initdb"), "-D", Data, "-U", Owner, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale");
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), $"\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder}'\nfsync = off\nmax_connections = 300\n");
        await StartAsync();
    }

    public Task StartAsync() => RunAsync(Program("pg_ctl"), "start", "-w", "-D", Data, "-l", Path.Combine(folder, "log"));

    /// <summary>As a crash would: connections end without a word.</summary>
    public Task StopAsync() => RunAsync(Program("pg_ctl"), "stop", "-w", "-m", "immediate", "-D", Data);

    /// <summary>An empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"cutover{Interlocked.Increment(ref databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Database={database};Username={Owner}";

    private static string Program(string name) => Directory.EnumerateFiles("/usr/lib/postgresql", name, SearchOption.AllDirectories).Order().LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is not installed: run eng/packages.sh.");

    /// <summary>A port that nobody uses at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root, and the server outlives pg_ctl: their output goes to a file.</summary>
    private async Task RunAsync(string program, params string[] arguments)
    {
        const string Quietly = """exec "$0" "$@" >/dev/null 2>&1""";
        var asPostgres = Environment.UserName == "root" && program != "chown";
        string[] command = ["/bin/sh", "-c", Quietly, program, .. arguments];
        using var process = Process.Start(asPostgres
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command])
            : new ProcessStartInfo(command[0], command[1..]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
