using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Benchmarks;

/// <summary>How fast bytes come over RPC over HTTP, beside the same bytes over nothing but TLS on loopback. Client and server share the cores.</summary>
internal sealed class Wire : IRpcInterface, IAsyncDisposable
{
    private const int AnswerSize = 256 * 1024;
    private static readonly LabAccount Account = new("migration", "migration@contoso.com", "Secret-1", "/o=Contoso/cn=Recipients/cn=migration", true);
    private readonly byte[] answer = new byte[AnswerSize];
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-bench-");
    private readonly LabCertificateAuthority authority;
    private readonly CertificateChain chain;
    private readonly TcpListener raw = new(IPAddress.Loopback, 0);
    private ExchangeServer? exchange;

    private Wire()
    {
        new Random(1).NextBytes(answer);
        authority = LabCertificateAuthority.Open(directory.FullName);
        chain = authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com");
        raw.Start();
    }

    public RpcInterfaceId Id { get; } = new(new Guid("60A15EC5-4DE8-11D7-A637-005056A20182"), 1, 0);

    /// <param name="outLifetime">After so many bytes the OUT channel gives way to a successor.</param>
    public static async Task<Wire> StartAsync(long outLifetime)
    {
        var wire = new Wire();
        wire.exchange = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", [], Account),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = wire },
            CertificateChain = wire.chain,
            OutChannelLifetime = outLifetime,
        });
        return wire;
    }

    public Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>(answer);

    /// <summary>Megabytes per second of stubs through one virtual connection.</summary>
    public async Task<double> RpcAsync(long bytes, RpcAuthenticationLevel protection)
    {
        var options = new RpcHttpOptions
        {
            ProxyUrl = new Uri("https://mail.contoso.com/rpc/rpcproxy.dll"),
            Server = "EX01.contoso.com",
            Port = 6001,
            Credential = new NetworkCredential(Account.UserName, Account.Password),
            Connector = Connector(exchange?.Port ?? 0),
            Protection = protection,
        };
        await using var client = await RpcHttpClient.ConnectAsync(options, Id, default);
        var time = Stopwatch.StartNew();
        for (var left = bytes; left > 0; left -= AnswerSize) await client.CallAsync(0, default, default);
        return bytes / time.Elapsed.TotalSeconds / 1e6;
    }

    /// <summary>Megabytes per second of the same bytes through one TLS connection.</summary>
    public async Task<double> TlsAsync(long bytes)
    {
        var sending = SendAsync(bytes);
        await using var stream = await Connector(((IPEndPoint)raw.LocalEndpoint).Port).ConnectAsync("mail.contoso.com", 443, default);
        var buffer = new byte[64 * 1024];
        var time = Stopwatch.StartNew();
        for (var left = bytes; left > 0;) left -= await stream.ReadAsync(buffer);
        await sending;
        return bytes / time.Elapsed.TotalSeconds / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        raw.Dispose();
        if (exchange is not null) await exchange.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private Connector Connector(int port) => new() { TrustedRoots = [authority.Root], ConnectTo = [new ConnectTo("", 443, "127.0.0.1", port)] };

    private async Task SendAsync(long bytes)
    {
        using var client = await raw.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(chain.Server, chain.Intermediates, offline: true),
        });
        for (var left = bytes; left > 0; left -= AnswerSize) await tls.WriteAsync(answer);
    }
}
