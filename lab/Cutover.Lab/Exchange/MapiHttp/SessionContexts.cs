using System.Collections.Concurrent;
using Cutover.Lab.Organisation;
using Cutover.Mapi.MapiHttp;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>
/// The session contexts of one endpoint: named by a cookie, kept in step by another that changes with each answer, ended when nobody asks.
/// Source: [MS-OXCMAPIHTTP] 3.2.5.1, 3.2.5.6, 3.2.6.
/// </summary>
/// <param name="path">Where the cookies belong.</param>
/// <param name="end">Lets go of what a context stands for.</param>
internal sealed class SessionContexts(string path, MapiHttpOptions options, Action<Guid> end)
{
    private readonly ConcurrentDictionary<Guid, SessionContext> contexts = new();
    private readonly Lock gate = new();

    /// <summary>Opens a context for a session. One that the request's cookies still name is ended first.</summary>
    public SessionContext Open(HttpRequest request, LabAccount account, Guid session)
    {
        Reconnect(request, account);
        var context = new SessionContext(account, session) { IsBusy = true };
        return contexts[session] = context;
    }

    /// <summary>Ends the context that a client connects again from, whatever its sequence.</summary>
    public void Reconnect(HttpRequest request, LabAccount account)
    {
        if (SessionCookies.Read(request).Session is { } id && contexts.TryGetValue(id, out var previous) && previous.Account == account) Close(previous);
    }

    /// <summary>Begins a request in the context that its cookies name.</summary>
    /// <param name="inTurn">False for NotificationWait, which may come while another request is under way.</param>
    /// <exception cref="MapiHttpFailure">There is none, or it is not this request's turn.</exception>
    public SessionContext Enter(HttpRequest request, LabAccount account, bool inTurn = true)
    {
        var cookies = SessionCookies.Read(request);
        var context = Find(cookies, account);
        if (!inTurn) return context;
        lock (gate)
        {
            if (cookies.Sequence is not { } sequence) throw new MapiHttpFailure(MapiHttpResponseCode.MissingCookie, "The sequence cookie is missing.");
            if (context.IsBusy || sequence != context.Sequence)
                throw new MapiHttpFailure(MapiHttpResponseCode.InvalidSequence, "One request at a time in a session context.");
            context.Begin();
        }
        return context;
    }

    /// <summary>The context of a PING; null when it names none.</summary>
    /// <exception cref="MapiHttpFailure">It names one that is not there.</exception>
    public SessionContext? Ping(HttpRequest request, LabAccount account) =>
        SessionCookies.Read(request) is { Context: not null } cookies ? Find(cookies, account) : null;

    /// <summary>Ends a request: the next may come, and the idle time begins.</summary>
    public void Leave(SessionContext context)
    {
        Refresh(context);
        lock (gate) context.IsBusy = false;
    }

    public void Refresh(SessionContext context) => context.LastUsed = options.Clock.GetUtcNow();

    public void Close(SessionContext context)
    {
        if (contexts.TryRemove(context.Session, out _)) end(context.Session);
    }

    public void SetCookies(HttpResponse response, SessionContext context) => SessionCookies.Set(response, path, context.Session, context.Sequence);

    private SessionContext Find(SessionCookies cookies, LabAccount account)
    {
        EndIdle();
        if (cookies.Context is null) throw new MapiHttpFailure(MapiHttpResponseCode.MissingCookie, "The context cookie is missing.");
        if (cookies.Session is not { } id) throw new MapiHttpFailure(MapiHttpResponseCode.InvalidContextCookie, "The context cookie is none of this server's.");
        // To another account a context does not exist. Source: [MS-OXCMAPIHTTP] 3.2.5.1.
        return contexts.TryGetValue(id, out var context) && context.Account == account
            ? context
            : throw new MapiHttpFailure(MapiHttpResponseCode.ContextNotFound, "The session context does not exist, or has expired.");
    }

    private void EndIdle()
    {
        var oldest = options.Clock.GetUtcNow() - options.Expiration;
        foreach (var context in contexts.Values)
            if (!context.IsBusy && context.LastUsed <= oldest)
                Close(context);
    }
}

/// <summary>A session as its endpoint knows it. The session's id names the context too.</summary>
internal sealed class SessionContext(LabAccount account, Guid session)
{
    private int requests;

    public LabAccount Account => account;

    public Guid Session => session;

    /// <summary>What the next request must bring.</summary>
    public string Sequence { get; private set; } = Next(0);

    public bool IsBusy { get; set; }

    public DateTimeOffset LastUsed { get; set; }

    public void Begin()
    {
        IsBusy = true;
        Sequence = Next(++requests);
    }

    private static string Next(int request) => $"{request}-{Convert.ToBase64String(Guid.NewGuid().ToByteArray().AsSpan(0, 6))}";
}
