using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Cutover.Mapi.Http;

/// <summary>
/// One raw HTTP connection of a virtual connection: HttpClient cannot read an answer while it still sends the request. Source: [MS-RPCH] 2.1.2.
/// </summary>
internal sealed class RpcChannel : IAsyncDisposable
{
    private readonly Stream connection;
    private readonly string method;
    private readonly RpcHttpOptions options;

    private RpcChannel(Stream connection, string method, RpcHttpOptions options)
    {
        this.connection = connection;
        this.method = method;
        this.options = options;
        Input = PipeReader.Create(connection, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
    }

    private PipeReader Input { get; }

    /// <summary>Connects with TLS; nothing is sent yet.</summary>
    /// <param name="method">RPC_IN_DATA or RPC_OUT_DATA.</param>
    public static async Task<RpcChannel> ConnectAsync(string method, RpcHttpOptions options, CancellationToken ct) =>
        new(await options.Connector.ConnectAsync(options.ProxyUrl.Host, options.ProxyUrl.Port, ct), method, options);

    /// <summary>Authenticates and sends the request's head and first PDU.</summary>
    /// <param name="contentLength">What the channel may carry: 76 for OUT, which says nothing but CONN/A1.</param>
    /// <param name="beforeProof">What the name and password wait for: they are not sent when it fails.</param>
    public async Task SendRequestAsync(long contentLength, byte[] first, CancellationToken ct, Func<Task>? beforeProof = null)
    {
        try
        {
            var authentication = options.Authentication ?? new HttpAuthentication(options.Credential, HttpAuthenticationScheme.Basic);
            var authorization = await authentication.AuthorizeAsync(new Legs(this), ct);
            if (beforeProof is not null) await beforeProof();
            byte[] request = [.. Encoding.UTF8.GetBytes(Head(contentLength, authorization)), .. first];
            await connection.WriteAsync(request, ct);
            await connection.FlushAsync(ct);
        }
        catch (IOException e)
        {
            // A server that refuses may close before it has read everything; its answer says more than the broken pipe.
            throw await TryReadRefusalAsync(ct)
                ?? new MapiProtocolException($"{options.ProxyUrl.Host} closed the {method} channel while it was being opened: {e.Message}", e);
        }
    }

    /// <summary>Reads the answer's head and returns its body; an answer other than 200 throws.</summary>
    /// <param name="lifetime">How many bytes the server will send at most.</param>
    public async Task<(PipeReader Body, long Lifetime)> ReadAnswerAsync(long lifetime, CancellationToken ct)
    {
        var head = await HttpResponseHead.ReadAsync(Input, ct)
            ?? throw new MapiProtocolException($"{options.ProxyUrl.Host} closed the RPC_OUT_DATA channel without an answer");
        if (head.StatusCode != HttpStatusCode.OK) throw RpcHttpException.For(head, options);
        var body = head.IsChunked ? PipeReader.Create(new ChunkedBody(Input), new StreamPipeReaderOptions(bufferSize: 64 * 1024)) : Input;
        return (body, head.ContentLength ?? lifetime);
    }

    /// <summary>Waits for the answer on the IN channel: it comes only when something is wrong. Null when the connection just ended.</summary>
    public async Task<RpcHttpException?> ReadRefusalAsync(CancellationToken ct)
    {
        var head = await HttpResponseHead.ReadAsync(Input, ct);
        return head is null ? null : RpcHttpException.For(head, options);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> pdu, CancellationToken ct)
    {
        await connection.WriteAsync(pdu, ct);
        await connection.FlushAsync(ct);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<MapiProtocolException?> TryReadRefusalAsync(CancellationToken ct)
    {
        try
        {
            return await ReadRefusalAsync(ct);
        }
        catch (Exception e) when (e is IOException or MapiProtocolException)
        {
            return null;
        }
    }

    private string Head(long contentLength, string? authorization) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {method} {options.ProxyUrl.AbsolutePath}?{options.Server}:{options.Port} HTTP/1.1
        Cache-Control: no-cache
        Connection: Keep-Alive
        Pragma: No-cache
        Accept: application/rpc
        User-Agent: MSRPC
        Host: {options.ProxyUrl.Authority}
        Content-Length: {contentLength}
        {(authorization is null ? "" : $"Authorization: {authorization}\n")}

        """).ReplaceLineEndings("\r\n");

    /// <summary>The legs of a sign-in go over the channel's own connection. Source: [MS-RPCH] 2.1.2.1.</summary>
    private sealed class Legs(RpcChannel channel) : IHttpLegs
    {
        public string Host => channel.options.ProxyUrl.Host;

        public ChannelBinding? Binding => ChannelBinding.Of(channel.connection);

        public async Task<HttpLegAnswer> SendAsync(string? authorization, CancellationToken ct)
        {
            await channel.WriteAsync(Encoding.UTF8.GetBytes(channel.Head(0, authorization)), ct);
            var head = await HttpResponseHead.ReadAsync(channel.Input, ct)
                ?? throw new MapiProtocolException($"{Host} closed the {channel.method} channel during the sign-in");
            if ((int)head.StatusCode >= 400 && head.StatusCode != HttpStatusCode.Unauthorized) throw RpcHttpException.For(head, channel.options);
            await head.SkipBodyAsync(channel.Input, ct);
            return new HttpLegAnswer(head.StatusCode, head.Challenges);
        }
    }
}
