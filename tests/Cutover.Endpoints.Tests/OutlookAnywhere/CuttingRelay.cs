using System.Net;
using System.Net.Sockets;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>A wire between client and server that breaks after so many bytes, both ways and all connections together.</summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private readonly List<Socket> open = [];
    private readonly Task accepting;
    private long left = long.MaxValue;

    public CuttingRelay(int targetPort)
    {
        target = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many bytes went through since <see cref="CutAfter"/>.</summary>
    public long Carried { get; private set; }

    /// <summary>True once the wire was cut; connections made since then are whole.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Lets so many bytes through from now on, then cuts once.</summary>
    public void CutAfter(long bytes)
    {
        lock (gate) (left, Carried, HasCut) = (bytes, 0, false);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate) Reset();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync(closing.Token);
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, target, closing.Token);
            lock (gate) open.AddRange([client, server]);
            _ = PumpAsync(client, server);
            _ = PumpAsync(server, client);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count && Allow(count) is > 0 and var allowed)
            {
                for (var sent = 0; sent < allowed;) sent += await to.SendAsync(buffer.AsMemory(sent, allowed - sent));
                if (allowed < count) break;
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or closed by one of the ends.
        }
    }

    private int Allow(int count)
    {
        lock (gate)
        {
            var allowed = (int)Math.Min(count, left);
            Carried += allowed;
            if (left != long.MaxValue) left -= allowed;
            if (allowed < count) Reset();
            return allowed;
        }
    }

    private void Reset()
    {
        (left, HasCut) = (long.MaxValue, true);
        foreach (var socket in open) socket.Close(0);
        open.Clear();
    }
}
