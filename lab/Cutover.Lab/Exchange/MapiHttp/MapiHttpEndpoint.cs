using System.Globalization;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.MapiHttp;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>
/// One endpoint of MAPI over HTTP: checks the request, finds its session context, and answers in chunks while it works. Source:
/// [MS-OXCMAPIHTTP] 2.2.2, 3.2.5.
/// </summary>
internal sealed class MapiHttpEndpoint(string path, IMapiHttpService service, AccountDirectory directory, MapiHttpOptions options)
{
    private readonly SessionContexts contexts = new(path, options, service.Drop);

    public async Task HandleAsync(HttpContext http)
    {
        if (directory.SignIn(http) is not { } caller) return;
        var answer = new MapiHttpAnswer(http, options);
        try
        {
            await AnswerAsync(http, answer, await ReadAsync(http, caller));
        }
        catch (MapiHttpFailure failure)
        {
            await answer.FailAsync(failure);
        }
        catch (MapiProtocolException e)
        {
            await answer.FailAsync(new MapiHttpFailure(MapiHttpResponseCode.InvalidRequestBody, e.Message));
        }
    }

    private Task AnswerAsync(HttpContext http, MapiHttpAnswer answer, MapiHttpCall call)
    {
        if (call.RequestType == MailStoreRequestType.Ping) return PingAsync(http, answer, call.Caller);
        if (call.RequestType == service.Opening) return OpenAsync(http, answer, call);
        if (call.RequestType == service.Closing) return WorkAsync(http, answer, call, closes: true);
        return service.Serves(call.RequestType)
            ? WorkAsync(http, answer, call, closes: false)
            : throw new MapiHttpFailure(MapiHttpResponseCode.InvalidRequestType, $"This endpoint has no request type {call.RequestType}.");
    }

    private async Task PingAsync(HttpContext http, MapiHttpAnswer answer, LabAccount caller)
    {
        if (contexts.Ping(http.Request, caller) is { } context)
        {
            contexts.Refresh(context);
            contexts.SetCookies(http.Response, context);
        }
        await answer.BeginAsync();
        await answer.CompleteAsync(default);
    }

    private async Task OpenAsync(HttpContext http, MapiHttpAnswer answer, MapiHttpCall call)
    {
        contexts.Reconnect(http.Request, call.Caller);
        var fault = Strike(call);
        var (session, body) = service.Open(call);
        var context = session is { } id ? contexts.Open(http.Request, call.Caller, id) : null;
        if (context is not null) contexts.SetCookies(http.Response, context);
        await answer.BeginAsync();
        await SlowAsync(fault, answer, http.RequestAborted);
        if (context is not null) contexts.Leave(context);
        await FinishAsync(http, answer, fault, body);
    }

    private async Task WorkAsync(HttpContext http, MapiHttpAnswer answer, MapiHttpCall call, bool closes)
    {
        var inTurn = !service.IsOutOfTurn(call.RequestType);
        var context = contexts.Enter(http.Request, call.Caller, inTurn);
        var fault = Strike(call);
        try
        {
            if (fault?.Kind == FaultKind.Refuse) contexts.Close(context);
            var work = service.Prepare(call, context.Session);
            contexts.SetCookies(http.Response, context);
            await answer.BeginAsync();
            await SlowAsync(fault, answer, http.RequestAborted);
            var body = await answer.WaitAsync(work(http.RequestAborted), http.RequestAborted);
            if (closes) contexts.Close(context);
            Leave();
            await FinishAsync(http, answer, fault, body);
        }
        catch (RpcFaultException)
        {
            contexts.Close(context);
            throw new MapiHttpFailure(MapiHttpResponseCode.ContextNotFound, "The session has ended.");
        }
        finally
        {
            Leave();
        }

        // Before the last byte goes out, since the client's next request may come at once.
        void Leave()
        {
            if (inTurn) contexts.Leave(context);
        }
    }

    private FaultRule? Strike(MapiHttpCall call)
    {
        var fault = options.Faults.Take(
            $"MAPI {call.RequestType}", FaultKind.Refuse, FaultKind.ServiceUnavailable, FaultKind.Slow, FaultKind.LoseResponse);
        return fault?.Kind == FaultKind.ServiceUnavailable
            ? throw new MapiHttpFailure(MapiHttpResponseCode.EndpointShuttingDown, "A fault switch shuts this endpoint down.")
            : fault;
    }

    private Task SlowAsync(FaultRule? fault, MapiHttpAnswer answer, CancellationToken ct) =>
        fault?.Kind == FaultKind.Slow ? answer.WaitAsync(Task.Delay(fault.Delay, options.Clock, ct), ct) : Task.CompletedTask;

    private static async Task FinishAsync(HttpContext http, MapiHttpAnswer answer, FaultRule? fault, ReadOnlyMemory<byte> body)
    {
        if (fault?.Kind == FaultKind.LoseResponse) http.Abort();
        else await answer.CompleteAsync(body);
    }

    private async Task<MapiHttpCall> ReadAsync(HttpContext http, LabAccount caller)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method)) throw new MapiHttpFailure(MapiHttpResponseCode.InvalidVerb, $"{request.Method} is not POST.");
        var requestType = Required(request, MapiHttpHeaders.RequestType);
        CheckRequestId(Required(request, MapiHttpHeaders.RequestId));
        var contentType = Required(request, "Content-Type");
        if (!contentType.StartsWith(MapiHttpHeaders.ContentType, StringComparison.OrdinalIgnoreCase))
            throw new MapiHttpFailure(MapiHttpResponseCode.InvalidHeader, $"The content type is {contentType}.");
        var body = await ReadBodyAsync(request, http.RequestAborted);
        return new MapiHttpCall(caller, requestType, request.Headers[MapiHttpHeaders.ClientApplication].ToString(), body);
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var piece = new byte[32 * 1024];
        for (int read; (read = await request.Body.ReadAsync(piece, ct)) > 0;)
        {
            if (body.Length + read > options.MaximumRequest) throw new MapiHttpFailure(MapiHttpResponseCode.TooLarge, "The request is too large.");
            body.Write(piece, 0, read);
        }
        return body.ToArray();
    }

    private static string Required(HttpRequest request, string header) => request.Headers[header].ToString() is { Length: > 0 } value
        ? value
        : throw new MapiHttpFailure(MapiHttpResponseCode.MissingHeader, $"The header {header} is missing.");

    private static void CheckRequestId(string id)
    {
        var colon = id.LastIndexOf(':');
        var isWhole = colon > 0 && Guid.TryParse(id.AsSpan(0, colon), out _)
            && ulong.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isWhole) throw new MapiHttpFailure(MapiHttpResponseCode.InvalidHeader, $"{MapiHttpHeaders.RequestId} is not a GUID, a colon and a number.");
    }
}
