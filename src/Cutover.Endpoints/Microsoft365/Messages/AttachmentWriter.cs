using System.Net;
using System.Net.Http.Headers;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Messages;

/// <summary>
/// Adds files to a message: small ones in one request, others by an upload session, range after range. A range that was refused for limits is sent again;
/// any other failure leaves the message without its version stamp, so that it is written anew.
/// </summary>
internal sealed class AttachmentWriter(GraphClient graph, ServiceHttp http, SignedAddresses addresses, RetryOptions retry, MailboxGovernor governor)
{
    /// <summary>Graph takes an upload session for files of 3 MB and more only, and needs one for them.</summary>
    public const int SmallSize = 3 * 1024 * 1024;

    /// <summary>Below the 4 MB that a request may have.</summary>
    private const int RangeSize = 12 * 320 * 1024;

    /// <param name="message">The message's path.</param>
    /// <exception cref="ServiceRefusal">The service refused it.</exception>
    public Task AddAsync(string message, MessageAttachment attachment, CancellationToken ct) =>
        attachment.Content.Length < SmallSize ? PostAsync(message, attachment, ct) : UploadAsync(message, attachment, ct);

    private async Task PostAsync(string message, MessageAttachment attachment, CancellationToken ct)
    {
        var bytes = new byte[attachment.Content.Length];
        await using (var content = attachment.Content.OpenRead())
            await content.ReadExactlyAsync(bytes, ct);
        var body = new NewAttachment(attachment.Name, attachment.ContentType, attachment.IsInline, attachment.ContentId, bytes);
        await graph.SendAsync(HttpMethod.Post, $"{message}/attachments", body, GraphJson.Default.NewAttachment, Repetition.Forbidden, ct);
    }

    private async Task UploadAsync(string message, MessageAttachment attachment, CancellationToken ct)
    {
        var size = attachment.Content.Length;
        var request = new NewUploadSession(new AttachmentItem(attachment.Name, attachment.ContentType, attachment.IsInline, attachment.ContentId, size));
        var session = await graph.PostAsync($"{message}/attachments/createUploadSession", request, GraphJson.Default.NewUploadSession, GraphJson.Default.UploadSession, ct);
        var url = addresses.Check(session.UploadUrl, "upload attachments");
        await using var content = attachment.Content.OpenRead();
        var range = new byte[RangeSize];
        for (long from = 0; from < size;)
        {
            var count = await content.ReadAtLeastAsync(range, RangeSize, throwOnEndOfStream: false, ct);
            await PutAsync(url, range.AsMemory(0, count), from, size, ct);
            from += count;
        }
    }

    private async Task PutAsync(Uri url, ReadOnlyMemory<byte> range, long from, long size, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var admission = await governor.EnterAsync(range.Length, ct);
            using var response = await SendAsync(url, range, from, size, ct);
            if (response.IsSuccessStatusCode) return;
            var refusal = await GraphError.ReadAsync(response, graph.Clock, ct);
            admission.Refused(refusal.Status, refusal.RetryAfter ?? retry.BackOff(attempt));
            if (!MayRepeat(refusal, attempt)) throw refusal;
        }
    }

    // The governor lets nothing through before the service is ready again.
    private bool MayRepeat(ServiceRefusal refusal, int attempt) =>
        refusal.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && attempt < retry.Attempts
        && (refusal.RetryAfter ?? TimeSpan.Zero) <= retry.MaxRetryAfter;

    private async Task<HttpResponseMessage> SendAsync(Uri url, ReadOnlyMemory<byte> range, long from, long size, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ReadOnlyMemoryContent(range) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + range.Length - 1, size);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("client-request-id", Guid.NewGuid().ToString());
        using var timer = new CancellationTokenSource(retry.Timeout, graph.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return await http.SendAsync(request, linked.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw Refusals.Lost(e, url.Authority, sent: true);
        }
    }
}
