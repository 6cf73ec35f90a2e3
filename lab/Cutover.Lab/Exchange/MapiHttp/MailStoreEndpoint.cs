using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Mapi;
using Cutover.Mapi.MapiHttp;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>The store as Outlook reaches it over HTTP. Source: [MS-OXCMAPIHTTP] 2.2.4, 3.2.5.</summary>
internal sealed class MailStoreEndpoint(MailStoreService store, MapiHttpOptions options) : IMapiHttpService
{
    public string Opening => MailStoreRequestType.Connect;

    public string Closing => MailStoreRequestType.Disconnect;

    public bool Serves(string requestType) => requestType is MailStoreRequestType.Execute or MailStoreRequestType.NotificationWait;

    public bool IsOutOfTurn(string requestType) => requestType == MailStoreRequestType.NotificationWait;

    public (Guid? Session, ReadOnlyMemory<byte> Body) Open(MapiHttpCall call)
    {
        var connect = ConnectRequestBody.Read(call.Body, VersionHeader.Parse(call.ClientApplication));
        // Over HTTP Exchange lets anybody ask for administrator behaviour: Microsoft's test suites connect their ordinary users so.
        var (session, result) = store.Connect(call.Caller, connect with { Flags = 0 });
        return (session, ConnectResponseBody.Write(result));
    }

    public Func<CancellationToken, Task<ReadOnlyMemory<byte>>> Prepare(MapiHttpCall call, Guid session)
    {
        switch (call.RequestType)
        {
            case MailStoreRequestType.Execute:
                var execute = ExecuteRequestBody.Read(call.Body);
                var maximum = Math.Min(execute.MaximumOutput, store.MaximumOutput);
                return async ct => ExecuteResponseBody.Write(await store.ExecuteAsync(call.Caller, session, execute with { MaximumOutput = maximum }, ct));
            case MailStoreRequestType.NotificationWait:
                NotificationWaitBodies.ReadRequest(call.Body);
                return WaitAsync;
            default:
                DisconnectRequestBody.Read(call.Body);
                return _ =>
                {
                    store.Disconnect(call.Caller, session);
                    return Task.FromResult(DisconnectResponseBody.Write(MapiErrorCode.Success));
                };
        }
    }

    public void Drop(Guid session) => store.Drop(session);

    // The store has no notifications, so no event is ever pending.
    private async Task<ReadOnlyMemory<byte>> WaitAsync(CancellationToken ct)
    {
        await Task.Delay(options.NotificationTimeout, options.Clock, ct);
        return NotificationWaitBodies.WriteResponse(eventPending: false);
    }
}
