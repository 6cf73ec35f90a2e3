using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Http;

/// <summary>Whether an RPC proxy is there and lets us in, without a server behind it. Source: [MS-RPCH] 2.1.2.1.5, 2.1.2.1.6.</summary>
public static class RpcProxyEcho
{
    /// <summary>A request of at most 16 bytes is an echo request.</summary>
    private static readonly byte[] Content = new byte[4];

    /// <summary>Signs in and asks for an echo; returns when it came.</summary>
    /// <exception cref="ConnectException">No TLS connection: name, port or certificate.</exception>
    /// <exception cref="RpcHttpException">The web server said no: 401 is name or password, 404 no proxy.</exception>
    /// <exception cref="MapiProtocolException">What answers is no RPC proxy.</exception>
    public static async Task AskAsync(RpcHttpOptions options, CancellationToken ct)
    {
        await using var channel = await RpcChannel.ConnectAsync(OutChannel.Method, options, ct);
        try
        {
            await channel.SendRequestAsync(Content.Length, Content, ct);
            var (body, _) = await channel.ReadAnswerAsync(0, ct);
            if (await new RpcPduReader(body).ReadAsync(ct) is { } pdu && RtsPdu.Read(pdu.Span).Flags.HasFlag(RtsFlags.Echo)) return;
        }
        catch (IOException e)
        {
            throw new MapiProtocolException($"{options.ProxyUrl.Host} closed the connection instead of an echo: {e.Message}", e);
        }

        throw new MapiProtocolException($"{options.ProxyUrl.Host} answers at {options.ProxyUrl.AbsolutePath}, but not as an RPC proxy");
    }
}
