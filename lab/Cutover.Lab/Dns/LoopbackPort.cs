using System.Net;
using System.Net.Sockets;

namespace Cutover.Lab.Dns;

/// <summary>Ports of loopback that a DNS server can take: by UDP and by TCP.</summary>
public static class LoopbackPort
{
    private const int Attempts = 50;

    /// <summary>One that nobody holds now, by neither protocol; the caller takes it at once.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public static int FindFree()
    {
        for (var attempt = 1; ; attempt++)
        {
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            using var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return ((IPEndPoint)tcp.LocalEndpoint).Port;
            }
            catch (SocketException) when (attempt < Attempts)
            {
                // A connection or listener has it by TCP.
            }
        }
    }
}
