using Cutover.Mapi.Emsmdb;

namespace Cutover.Mapi.MapiHttp;

/// <summary>A session over HTTP: Connect, Execute, Disconnect. Source: [MS-OXCMAPIHTTP] 2.2.4, 3.1.5.</summary>
public sealed class MapiHttpTransport(MapiHttpOptions options) : IMapiTransport
{
    private readonly MapiHttpChannel channel = new(options);
    private bool isConnected;

    public long Calls => channel.Calls;

    /// <summary>A session over HTTP outlives its connections.</summary>
    public bool NearEndOfLife => false;

    public async Task<ConnectResult> ConnectAsync(ConnectCall call, CancellationToken ct)
    {
        var body = await channel.SendAsync(MailStoreRequestType.Connect, ConnectRequestBody.Write(call), opens: true, ct);
        var result = ConnectResponseBody.Read(body, VersionHeader.Parse(channel.ServerApplication));
        isConnected = result.Result == MapiErrorCode.Success;
        return result;
    }

    public async Task<ExecuteResult> ExecuteAsync(ExecuteCall call, CancellationToken ct)
    {
        if (!isConnected) throw new MapiProtocolException("The session has ended");
        return ExecuteResponseBody.Read(await channel.SendAsync(MailStoreRequestType.Execute, ExecuteRequestBody.Write(call), opens: false, ct));
    }

    /// <summary>Asks whether the server still has the session, which then lives on as if it had been used. Source: [MS-OXCMAPIHTTP] 3.1.5.3.</summary>
    /// <exception cref="MapiException">It has not.</exception>
    public Task PingAsync(CancellationToken ct) => channel.SendAsync(MailStoreRequestType.Ping, default, opens: false, ct);

    public async Task DisconnectAsync(CancellationToken ct)
    {
        if (!isConnected) return;
        isConnected = false;
        await channel.SendAsync(MailStoreRequestType.Disconnect, DisconnectRequestBody.Write(), opens: false, ct);
        options.Cookies.Clear();
    }

    public ValueTask DisposeAsync()
    {
        channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
