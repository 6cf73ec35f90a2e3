using System.Net;
using System.Net.Http.Headers;
using Cutover.Core.Faults;
using Cutover.Endpoints.Microsoft365.Authentication;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>Whether a request may be made again when no answer came.</summary>
internal enum Repetition
{
    /// <summary>Reads, and writes that come to the same when made twice.</summary>
    Allowed,

    /// <summary>Creations: a lost answer is told to the caller, who looks first.</summary>
    Forbidden,
}

/// <summary>
/// Sends requests to one service of Microsoft 365 with the application's token and a client-request-id, and makes them again where the service asks for
/// it: 429, 503, 504 and 408 after Retry-After, else after a back-off.
/// </summary>
/// <param name="governor">What every request of a mailbox passes first; null for requests that concern none.</param>
internal sealed partial class ServiceChannel(
    ServiceHttp http, Uri root, string resource, ITokenSource tokens, RetryOptions retry, TimeProvider clock, MailboxGovernor? governor, ILogger logger)
{
    private long requests;

    public Uri Root => root;

    public TimeProvider Clock => clock;

    /// <summary>Requests made so far, repetitions counted.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Sends the request until it is answered for good. The caller disposes the answer, whose body is not read yet.</summary>
    /// <param name="create">Makes the request anew for each attempt.</param>
    /// <exception cref="MigrationFault">No answer came.</exception>
    public async Task<ServiceAnswer> SendAsync(Func<HttpRequestMessage> create, Repetition repetition, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, lost) = await TryAsync(create, ct);
            if (WaitBefore(attempt, answer?.Message, lost, repetition) is not { } wait)
                return answer ?? throw lost!;
            LogAgain(logger, answer is null ? "no answer" : ((int)answer.Message.StatusCode).ToString(), wait.TotalSeconds);
            answer?.Refused(wait);
            answer?.Dispose();
            await Task.Delay(wait, clock, ct);
        }
    }

    /// <summary>What the service asks us to wait, as seconds or as a date.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => Max(date - clock.GetUtcNow(), TimeSpan.Zero),
        _ => null,
    };

    private async Task<(ServiceAnswer? Answer, MigrationFault? Lost)> TryAsync(Func<HttpRequestMessage> create, CancellationToken ct)
    {
        using var request = create();
        await PrepareAsync(request, ct);
        var admission = governor is null ? null : await governor.EnterAsync(request.Content?.Headers.ContentLength ?? 0, ct);
        using var timer = new CancellationTokenSource(retry.Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        Interlocked.Increment(ref requests);
        try
        {
            var response = await http.SendAsync(request, linked.Token);
            LogAnswer(logger, root.Authority, request.Method.Method, (int)response.StatusCode, RequestIdOf(response));
            var answer = new ServiceAnswer(response, admission);
            admission = null;
            return (answer, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (null, Refusals.Lost(e, root.Authority, sent: request.Method != HttpMethod.Get));
        }
        finally
        {
            admission?.Dispose();
        }
    }

    private async Task PrepareAsync(HttpRequestMessage request, CancellationToken ct)
    {
        // The token is for this service only: an address that a server named must not lead it elsewhere.
        if (request.RequestUri is not { } uri || uri.Scheme != Uri.UriSchemeHttps || uri.Authority != root.Authority)
            throw new MigrationFault(FaultScope.Endpoint, $"{root.Authority} named an address on another host ({request.RequestUri?.Authority}).",
                "Cutover does not follow it. Check the endpoint's addresses.");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetTokenAsync(resource, ct));
        request.Headers.Add("client-request-id", Guid.NewGuid().ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Cutover", "0.1"));
    }

    private TimeSpan? WaitBefore(int attempt, HttpResponseMessage? response, MigrationFault? lost, Repetition repetition)
    {
        if (attempt >= retry.Attempts) return null;
        if (response is null)
            return lost!.IsTransient && (repetition == Repetition.Allowed || !lost.OutcomeUnknown) ? retry.BackOff(attempt) : null;
        if (!AsksForRepetition(response.StatusCode, repetition)) return null;
        var wait = RetryAfter(response, clock) ?? retry.BackOff(attempt);
        return wait <= retry.MaxRetryAfter ? wait : null;
    }

    // A gateway that timed out (504) may stand before a server that did the work.
    private static bool AsksForRepetition(HttpStatusCode status, Repetition repetition) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or (HttpStatusCode)509 => true,
        HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway => repetition == Repetition.Allowed,
        _ => false,
    };

    private static string? RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("request-id", out var ids) ? ids.First() : null;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(Level = LogLevel.Trace, Message = "{Host} answered {Method} with {Status}, request-id {RequestId}")]
    private static partial void LogAnswer(ILogger logger, string host, string method, int status, string? requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Microsoft 365 asks for the request again ({Reason}); waiting {Seconds} s")]
    private static partial void LogAgain(ILogger logger, string reason, double seconds);
}
