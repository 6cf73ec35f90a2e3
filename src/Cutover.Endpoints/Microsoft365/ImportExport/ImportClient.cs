using System.Net;
using System.Text.Json;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365.ImportExport;

/// <summary>
/// Writes items into one mailbox by Graph's mailbox import. Creating is not idempotent, so nothing is repeated that may have taken effect.
/// </summary>
internal sealed partial class ImportClient(
    GraphClient graph, ServiceHttp http, string mailboxId, SignedAddresses addresses, RetryOptions retry, MailboxGovernor governor, ILogger logger)
{
    /// <summary>A session is renewed this long before it ends, or at nine tenths of a shorter life.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim renewal = new(1, 1);
    private volatile OpenSession? session;
    private long requests;

    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Creates the item (<paramref name="existing"/> null) or replaces it.</summary>
    /// <exception cref="ServiceRefusal">The service refused it; nothing happened, unless it failed itself (5xx).</exception>
    /// <exception cref="MigrationFault">No answer came; <see cref="MigrationFault.OutcomeUnknown"/> says whether it may have taken effect.</exception>
    public async Task<TargetItem> ImportAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct)
    {
        OpenSession? expired = null;
        for (var attempt = 1; ; attempt++)
        {
            var current = await GetSessionAsync(expired, ct);
            var (imported, refusal) = await PostAsync(current, item, folder, existing, attempt, ct);
            if (imported is not null) return imported;
            if (!MayRepeat(refusal!, attempt, expired)) throw refusal!;
            expired = refusal!.Is(HttpStatusCode.Unauthorized) ? current : null;
        }
    }

    // 401 and 429 are said before anything is done with the item; a failing server (503 too) may have done it.
    private bool MayRepeat(ServiceRefusal refusal, int attempt, OpenSession? expired) => refusal.Status switch
    {
        HttpStatusCode.Unauthorized => expired is null,
        HttpStatusCode.TooManyRequests => attempt < retry.Attempts && (refusal.RetryAfter ?? TimeSpan.Zero) <= retry.MaxRetryAfter,
        _ => false,
    };

    private async Task<OpenSession> GetSessionAsync(OpenSession? expired, CancellationToken ct)
    {
        if (session is { } open && open != expired && open.RenewAt > graph.Clock.GetUtcNow()) return open;
        await renewal.WaitAsync(ct);
        try
        {
            if (session is { } other && other != expired && other.RenewAt > graph.Clock.GetUtcNow()) return other;
            return session = await OpenAsync(ct);
        }
        finally
        {
            renewal.Release();
        }
    }

    private async Task<OpenSession> OpenAsync(CancellationToken ct)
    {
        var path = $"admin/exchange/mailboxes/{GraphClient.Segment(mailboxId)}/createImportSession";
        var opened = await graph.PostAsync(path, GraphJson.Default.ImportSession, ct);
        var now = graph.Clock.GetUtcNow();
        var life = opened.ExpirationDateTime - now;
        return new OpenSession(addresses.Check(opened.ImportUrl, "import items"), life > Margin * 10 ? opened.ExpirationDateTime - Margin : now + life * 0.9);
    }

    /// <summary>Sends the item once. After a refusal for its limits the governor lets nothing through until the service is ready again.</summary>
    private async Task<(TargetItem? Imported, ServiceRefusal? Refusal)> PostAsync(
        OpenSession open, MailboxItem item, TargetFolderId folder, TargetItem? existing, int attempt, CancellationToken ct)
    {
        using var content = new ImportItemContent(item, folder, existing);
        using var admission = await governor.EnterAsync(content.Headers.ContentLength ?? 0, ct);
        using var response = await SendAsync(open, content, TimeLimit(item.StreamLength), ct);
        if (response.IsSuccessStatusCode) return (await ReadAsync(response, ct), null);
        var refusal = await GraphError.ReadAsync(response, graph.Clock, ct);
        var rest = refusal.RetryAfter ?? retry.BackOff(attempt);
        admission.Refused(refusal.Status, rest);
        LogRefused(logger, (int)refusal.Status, refusal.Code, refusal.RequestId, rest.TotalSeconds);
        return (null, refusal);
    }

    private async Task<HttpResponseMessage> SendAsync(OpenSession open, ImportItemContent content, TimeSpan timeLimit, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, open.ImportUrl) { Content = content };
        request.Headers.Add("client-request-id", Guid.NewGuid().ToString());
        using var timer = new CancellationTokenSource(timeLimit, graph.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        Interlocked.Increment(ref requests);
        try
        {
            return await http.SendAsync(request, linked.Token);
        }
        catch (Exception) when (content.ReadFailure is not null)
        {
            throw Unreadable(content.ReadFailure);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw Refusals.Lost(e, open.ImportUrl.Authority, sent: content.WasSent);
        }
    }

    /// <summary>At 50 KB/s a connection is as good as dead.</summary>
    private TimeSpan TimeLimit(long length) => retry.Timeout + TimeSpan.FromSeconds(length / 50_000);

    private static MigrationFault Unreadable(Exception failure) => failure as MigrationFault ?? new MigrationFault(
        FaultScope.Item, $"The item's content could not be read while it was being sent ({failure.GetType().Name}).",
        "Cutover reads it from the source again.", failure)
    { IsTransient = true };

    private async Task<TargetItem> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            var imported = await JsonSerializer.DeserializeAsync(body, GraphJson.Default.ImportedItem, ct);
            return imported is { ItemId.Length: > 0 } ? new TargetItem(imported.ItemId, imported.ChangeKey)
                : throw new JsonException("itemId is missing");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw new MigrationFault(FaultScope.Mailbox, $"Microsoft 365 imported an item, but its answer was cut off ({e.GetType().Name}).",
                "Cutover looks the item up by its stamp.")
            { IsTransient = true, OutcomeUnknown = true };
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Import was refused with {Status} {Code}, request-id {RequestId}; rest {Seconds} s where it is for limits")]
    private static partial void LogRefused(ILogger logger, int status, string code, string? requestId, double seconds);

    /// <summary>Not a record: a record would print the address.</summary>
    private sealed class OpenSession(Uri importUrl, DateTimeOffset renewAt)
    {
        public Uri ImportUrl { get; } = importUrl;

        public DateTimeOffset RenewAt { get; } = renewAt;
    }
}
