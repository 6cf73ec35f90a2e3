using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Cutover.Lab.Certificates;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Http;

/// <summary>A proxy that answers the OUT channel byte by byte as a test writes it, to be as odd as real ones are.</summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 Success\r\nContent-Type: application/rpc\r\nContent-Length: 1073741824\r\n\r\n";
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CertificateChain chain;
    private readonly Func<ScriptedProxy, Stream, Task> onOut;
    private readonly Func<Stream, Task>? onIn;
    private readonly Channel<RpcPdu> received = Channel.CreateUnbounded<RpcPdu>();
    private readonly List<Task> connections = [];
    private readonly CancellationTokenSource closing = new();

    private ScriptedProxy(CertificateChain chain, Func<ScriptedProxy, Stream, Task> onOut, Func<Stream, Task>? onIn)
    {
        this.chain = chain;
        this.onOut = onOut;
        this.onIn = onIn;
        listener.Start();
        connections.Add(AcceptAsync());
    }

    public ConnectTo ConnectTo => new("", 443, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);

    /// <summary>CONN/A3 and CONN/C2, with which a connection is open.</summary>
    public static byte[] Opened => [.. RtsPdu.ConnA3(120_000).ToArray(), .. RtsPdu.ConnC2(65536, 120_000).ToArray()];

    public static ScriptedProxy Start(
        CertificateChain chain, Func<ScriptedProxy, Stream, Task> onOut, Func<Stream, Task>? onIn = null, string challenge = "") =>
        new(chain, onOut, onIn) { Challenge = challenge };

    /// <summary>The head of every request, as it came.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>What a request without content is answered with.</summary>
    public string Challenge { get; init; } = "";

    /// <summary>The next RPC PDU that the client sent.</summary>
    public async Task<RpcPdu> NextAsync() => await received.Reader.ReadAsync(closing.Token);

    /// <summary>Opens the connection and accepts its bind.</summary>
    public async Task AcceptBindAsync(Stream stream, string head = Ok)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(Opened);
        var bind = await NextAsync();
        await stream.WriteAsync(BindAck(bind.CallId));
    }

    public static byte[] BindAck(uint callId) =>
        new BindAckPdu(callId, [new PresentationResult(PresentationResultCode.Accepted, 0, TransferSyntax.Ndr)]) { SecondaryAddress = "6001" }.ToArray();

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        foreach (var connection in connections.ToArray()) await connection.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true) connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(closing.Token)));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(chain.Server, chain.Intermediates, offline: true),
        });
        var input = PipeReader.Create(tls);
        var method = await ReadHeadAsync(input);
        for (; Heads.Last().Contains("Content-Length: 0\r\n", StringComparison.Ordinal); method = await ReadHeadAsync(input))
            await tls.WriteAsync(Encoding.ASCII.GetBytes(Challenge));
        var pdus = new RpcPduReader(input);
        if (method == "RPC_OUT_DATA") await onOut(this, tls);
        else if (onIn is not null) await onIn(tls);
        while (await pdus.ReadAsync(closing.Token) is { } pdu)
            if (RpcPduHeader.Read(pdu.Span).Type != RpcPacketType.Rts) received.Writer.TryWrite(RpcPdu.Read(pdu.ToArray()));
    }

    private async Task<string> ReadHeadAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync(closing.Token);
            var text = Encoding.ASCII.GetString(result.Buffer);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                input.AdvanceTo(result.Buffer.GetPosition(end + 4));
                Heads.Enqueue(text[..(end + 4)]);
                return text.Split(' ')[0];
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
