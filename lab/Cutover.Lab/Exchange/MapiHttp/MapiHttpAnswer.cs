using System.Globalization;
using System.Net;
using System.Text;
using Cutover.Mapi.MapiHttp;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>The answer to one request: headers and PROCESSING at once, PENDING now and then, DONE with the body. Source: [MS-OXCMAPIHTTP] 3.2.5.2.</summary>
internal sealed class MapiHttpAnswer(HttpContext http, MapiHttpOptions options)
{
    private static readonly string[] Echoed = [MapiHttpHeaders.RequestType, MapiHttpHeaders.RequestId, MapiHttpHeaders.ClientInfo];
    private readonly DateTimeOffset began = options.Clock.GetUtcNow();
    private readonly long stopwatch = options.Clock.GetTimestamp();

    public Task BeginAsync()
    {
        WriteHead(MapiHttpResponseCode.Success, MapiHttpHeaders.ContentType);
        return WriteAsync(Line(MetaTag.Processing));
    }

    /// <summary>Waits for the work and says PENDING while it lasts.</summary>
    public async Task WaitAsync(Task work, CancellationToken ct)
    {
        while (!work.IsCompleted)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var period = Task.Delay(options.PendingPeriod, options.Clock, done.Token);
            if (await Task.WhenAny(work, period) == work) await done.CancelAsync();
            else await WriteAsync(Line(MetaTag.Pending));
        }
        await work;
    }

    public async Task<T> WaitAsync<T>(Task<T> work, CancellationToken ct)
    {
        await WaitAsync((Task)work, ct);
        return await work;
    }

    public Task CompleteAsync(ReadOnlyMemory<byte> body) => WriteAsync([.. Encoding.ASCII.GetBytes(Done()), .. body.Span]);

    /// <summary>Says why there is no answer: in the head, or after DONE when that is gone.</summary>
    public Task FailAsync(MapiHttpFailure failure)
    {
        var page = Encoding.UTF8.GetBytes($"<html><head><title>{failure.Code}</title></head><body><h1>{(int)failure.Code} {failure.Code}</h1>"
            + $"<p>{WebUtility.HtmlEncode(failure.Message)}</p></body></html>");
        if (http.Response.HasStarted)
        {
            var code = $"{MapiHttpHeaders.ResponseCode}: {(int)failure.Code}\r\nContent-Type: {MapiHttpHeaders.FailureContentType}\r\n";
            return WriteAsync([.. Encoding.ASCII.GetBytes(Done(code)), .. page]);
        }
        WriteHead(failure.Code, MapiHttpHeaders.FailureContentType);
        http.Response.ContentLength = page.Length;
        return WriteAsync(page);
    }

    private void WriteHead(MapiHttpResponseCode code, string contentType)
    {
        var headers = http.Response.Headers;
        foreach (var name in Echoed)
            if (http.Request.Headers.TryGetValue(name, out var value))
                headers[name] = value;
        headers.CacheControl = "private";
        headers.ContentType = contentType;
        headers[MapiHttpHeaders.ResponseCode] = Number((int)code);
        headers[MapiHttpHeaders.PendingPeriod] = Number((long)options.PendingPeriod.TotalMilliseconds);
        headers[MapiHttpHeaders.ExpirationInfo] = Number((long)options.Expiration.TotalMilliseconds);
        headers[MapiHttpHeaders.ServerApplication] = VersionHeader.OfServer(options.ServerVersion);
    }

    private string Done(string additional = "")
    {
        var elapsed = (long)options.Clock.GetElapsedTime(stopwatch).TotalMilliseconds;
        return $"{MetaTag.Done}\r\n{additional}{MapiHttpHeaders.ElapsedTime}: {Number(elapsed)}\r\n{MapiHttpHeaders.StartTime}: {began:R}\r\n\r\n";
    }

    private async Task WriteAsync(byte[] bytes)
    {
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static byte[] Line(string tag) => Encoding.ASCII.GetBytes(tag + "\r\n");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
