using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Cutover.Core.Endpoints;
using Cutover.Orchestrator.Hosting;

namespace Cutover.Server;

/// <summary>Where a cutover keeps what it remembers: its work folder alone, or a PostgreSQL database and a folder that several hosts share.</summary>
internal static class StorageAccess
{
    /// <exception cref="InvalidSettingsException">The settings can't be used.</exception>
    public static OrchestratorOptions ToOptions(this StorageSettings? storage, string work)
    {
        var options = new OrchestratorOptions { DatabaseFile = WorkDirectory.DatabaseOf(work), WorkDirectory = Path.GetFullPath(work) };
        return storage is null ? options : options with { WorkDirectory = SharedFolder(storage.Folder), Cluster = Member(storage, work) };
    }

    private static string SharedFolder(string folder)
    {
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidSettingsException($"The folder {folder} that storage names for all hosts can't be used: {error.Message}");
        }
    }

    /// <summary>One process at a time holds a work folder, so machine and folder name a host.</summary>
    private static ClusterHost Member(StorageSettings storage, string work)
    {
        var connectionString = Secrets.Read(new SecretRef(storage.ConnectionString));
        var address = storage.Address is null ? AddressTowards(DatabaseHost(connectionString))
            : IPAddress.TryParse(storage.Address, out var given) ? given
            : throw new InvalidSettingsException($"storage.address takes an IP address, not {storage.Address}.");
        return storage.SiloPort is >= 0 and <= ushort.MaxValue ? new ClusterHost($"{Environment.MachineName}:{Path.GetFullPath(work)}", connectionString, address, storage.SiloPort)
            : throw new InvalidSettingsException($"storage.siloPort takes 0 to {ushort.MaxValue}, not {storage.SiloPort}.");
    }

    /// <summary>Null when the string names none; what is wrong with it, whoever connects says.</summary>
    private static string? DatabaseHost(string connectionString)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = connectionString }.TryGetValue("Host", out var host) ? host.ToString() : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Our own address on the way to a host: nothing is sent.</summary>
    private static IPAddress AddressTowards(string? host)
    {
        if (host is null || host.StartsWith('/')) return IPAddress.Loopback;
        const int AnyPort = 9;
        try
        {
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host.Split(',')[0], AnyPort);
            var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        }
        catch (SocketException error)
        {
            throw new InvalidSettingsException($"The host of the PostgreSQL database can't be found: {error.Message}");
        }
    }
}
