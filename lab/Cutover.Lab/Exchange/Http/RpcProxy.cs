using System.Collections.Concurrent;
using System.Net;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cutover.Lab.Exchange.Http;

/// <summary>The RPC proxy: pairs IN and OUT channels by their virtual connection's cookie. Source: [MS-RPCH] 3.2.3, 3.2.4.</summary>
internal sealed class RpcProxy(ExchangeServerOptions options, AccountDirectory directory)
{
    public const string InMethod = "RPC_IN_DATA";
    public const string OutMethod = "RPC_OUT_DATA";

    /// <summary>A request no longer than this only tests the proxy. Source: [MS-RPCH] 2.1.2.1.5.</summary>
    private const int LongestEcho = 0x10;

    private readonly ConcurrentDictionary<Guid, RpcServerConnection> connections = new();

    public async Task HandleAsync(HttpContext context)
    {
        if (directory.SignIn(context) is not { } account) return;
        var isIn = context.Request.Method == InMethod;
        if (!isIn && context.Request.Method != OutMethod) Answer(context, StatusCodes.Status405MethodNotAllowed, null);
        else if (context.Request.ContentLength is <= LongestEcho) await EchoAsync(context);
        else if (FindInterface(context) is not { } target) Answer(context, StatusCodes.Status503ServiceUnavailable, "RPC Error: 6ba");
        else await CarryAsync(context, isIn, account, target);
    }

    private async Task CarryAsync(HttpContext context, bool isIn, LabAccount account, RpcTarget target)
    {
        try
        {
            if (isIn) await CarryInAsync(context, account, target);
            else await CarryOutAsync(context, target);
        }
        catch (Exception e) when (IsEndOfChannel(e))
        {
            if (e is MapiProtocolException) options.OnError?.Invoke(e);
        }

        context.Abort();
    }

    /// <summary>The ways in which a channel ends: cut, left, or broken.</summary>
    public static bool IsEndOfChannel(Exception e) => e is IOException or OperationCanceledException or MapiProtocolException or BadHttpRequestException;

    private async Task CarryOutAsync(HttpContext context, RpcTarget target)
    {
        var pdus = new RpcPduReader(context.Request.BodyReader);
        var opening = await ReadRtsAsync(pdus, "CONN/A1", context.RequestAborted);
        switch (opening)
        {
            case { Commands: [_, RtsCommand.Cookie(var id), RtsCommand.Cookie(var cookie), RtsCommand.ReceiveWindowSize(var window)] }:
                await StartOutAsync(context);
                var first = new RpcOutChannel(context.Response.BodyWriter, cookie, window, options);
                await WithConnectionAsync(Connect(id, target), id, first.Finished, connection => connection.RunOutAsync(first, context.RequestAborted));
                break;
            case
            {
                Flags: RtsFlags.RecycleChannel, Commands: [_, RtsCommand.Cookie(var id), RtsCommand.Cookie(var old), RtsCommand.Cookie(var cookie),
                RtsCommand.ReceiveWindowSize(var window)]
            }:
                var next = new RpcOutChannel(context.Response.BodyWriter, cookie, window, options);
                await WithConnectionAsync(Find(id), id, next.Finished, connection => connection.RunOutSuccessorAsync(
                    next, old, () => ReadRtsAsync(pdus, "OUT_R2/C1", context.RequestAborted), () => StartOutAsync(context), context.RequestAborted));
                break;
            default:
                throw new MapiProtocolException($"CONN/A1 or OUT_R1/A3 expected on the OUT channel, {opening} received");
        }
    }

    private Task StartOutAsync(HttpContext context)
    {
        Answer(context, StatusCodes.Status200OK, "Success");
        context.Response.ContentType = "application/rpc";
        if (!options.ChunkedOutChannel) context.Response.ContentLength = options.OutChannelLifetime;
        return context.Response.StartAsync(context.RequestAborted);
    }

    private async Task CarryInAsync(HttpContext context, LabAccount account, RpcTarget target)
    {
        var pdus = new RpcPduReader(context.Request.BodyReader);
        var opening = await ReadRtsAsync(pdus, "CONN/B1", context.RequestAborted);
        switch (opening)
        {
            case { Flags: RtsFlags.None, Commands: [_, RtsCommand.Cookie(var id), RtsCommand.Cookie(var cookie), ..] }:
                var first = new RpcInChannel(pdus, cookie, options);
                await WithConnectionAsync(
                    Connect(id, target), id, first.Finished, connection => connection.RunInAsync(first, account, context.RequestAborted));
                break;
            case { Flags: RtsFlags.RecycleChannel, Commands: [_, RtsCommand.Cookie(var id), RtsCommand.Cookie(var old), RtsCommand.Cookie(var cookie)] }:
                var next = new RpcInChannel(pdus, cookie, options);
                await WithConnectionAsync(Find(id), id, next.Finished, connection => connection.RunInSuccessorAsync(next, old, context.RequestAborted));
                break;
            default:
                throw new MapiProtocolException($"CONN/B1 or IN_R1/A1 expected on the IN channel, {opening} received");
        }
    }

    /// <summary>Both channels come in any order.</summary>
    private RpcServerConnection Connect(Guid id, RpcTarget target) => connections.GetOrAdd(id, _ => new RpcServerConnection(target, directory, options));

    private RpcServerConnection Find(Guid id) =>
        options.ChannelRecycling != ChannelRecycling.None && connections.TryGetValue(id, out var connection)
            ? connection
            : throw new MapiProtocolException("A successor came to a connection that is not here");

    /// <summary>Whichever channel ends first ends the connection, unless a successor has its place.</summary>
    private async Task WithConnectionAsync(RpcServerConnection connection, Guid id, Task finished, Func<RpcServerConnection, Task> run)
    {
        try
        {
            await run(connection);
        }
        finally
        {
            if (!finished.IsCompleted)
            {
                connections.TryRemove(id, out _);
                connection.Close();
            }
        }
    }

    private static async Task<RtsPdu> ReadRtsAsync(RpcPduReader pdus, string name, CancellationToken ct) =>
        await pdus.ReadAsync(ct) is { } pdu ? RtsPdu.Read(pdu.Span) : throw new MapiProtocolException($"The channel ended before {name}");

    private static async Task EchoAsync(HttpContext context)
    {
        var echo = RtsPdu.Echo().ToArray();
        context.Response.ContentType = "application/rpc";
        context.Response.ContentLength = echo.Length;
        await context.Response.Body.WriteAsync(echo, context.RequestAborted);
    }

    private static void Answer(HttpContext context, int status, string? reason)
    {
        context.Response.StatusCode = status;
        if (reason is not null) context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
    }

    private RpcTarget? FindInterface(HttpContext context)
    {
        var query = WebUtility.UrlDecode(context.Request.QueryString.Value ?? "").TrimStart('?');
        var colon = query.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(query[(colon + 1)..], out var port) || !IsServed(query[..colon])) return null;
        return options.Interfaces.TryGetValue(port, out var rpcInterface) ? new RpcTarget(port, rpcInterface) : null;
    }

    private bool IsServed(string server) =>
        server.EndsWith("@" + options.Organisation.Domain, StringComparison.OrdinalIgnoreCase)
        || new[] { options.ServerName, options.ServerName.Split('.')[0], options.ProxyHost }.Contains(server, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What a port of the server behind the proxy serves.</summary>
internal sealed record RpcTarget(int Port, IRpcInterface Interface);
