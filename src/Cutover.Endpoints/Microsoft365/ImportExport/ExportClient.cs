using System.Net;
using System.Text.Json;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.ImportExport;

/// <summary>Reads items of one mailbox back by Graph's exportItems and digests them while they arrive.</summary>
internal sealed class ExportClient(GraphClient graph, string mailboxId, RetryOptions retry)
{
    /// <summary>The most ids that one request takes.</summary>
    public const int MaxItems = 20;

    private const int ReadSize = 64 * 1024;

    private readonly string path = $"admin/exchange/mailboxes/{GraphClient.Segment(mailboxId)}/exportItems";

    /// <summary>One answer for each item.</summary>
    public async Task<IReadOnlyList<ExportedItem>> ExportAsync(IReadOnlyList<TargetItem> items, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ExportOnceAsync(items, ct);
            }
            catch (ServiceRefusal refusal) when (items.Count > 1 && refusal.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
            {
                return await OneByOneAsync(items, ct);
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException or JsonException or InvalidDataException)
            {
                if (attempt == retry.Attempts) throw Refusals.Lost(cut, graph.Root.Authority, sent: false);
                await Task.Delay(retry.BackOff(attempt), graph.Clock, ct);
            }
        }
    }

    /// <summary>One item that the service can't take must not cost the others their answer.</summary>
    private async Task<IReadOnlyList<ExportedItem>> OneByOneAsync(IReadOnlyList<TargetItem> items, CancellationToken ct)
    {
        var exported = new List<ExportedItem>();
        foreach (var item in items)
        {
            try
            {
                exported.AddRange(await ExportAsync([item], ct));
            }
            catch (ServiceRefusal refusal) when (refusal.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
            {
                exported.Add(new ExportedItem(item, null, false, Refusals.ToFault(refusal, "export an item", FaultScope.Item)));
            }
        }

        return exported;
    }

    private async Task<IReadOnlyList<ExportedItem>> ExportOnceAsync(IReadOnlyList<TargetItem> items, CancellationToken ct)
    {
        var ids = new ItemIds([.. items.Select(item => item.Id)]);
        using var answered = await graph.SendAsync(HttpMethod.Post, path, () => GraphClient.Json(ids, GraphJson.Default.ItemIds),
            Repetition.Allowed, ct);
        var reader = new ExportReader();
        await using var body = await answered.Message.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[ReadSize];
        while (await body.ReadAsync(buffer, ct) is > 0 and var count) reader.Feed(buffer.AsSpan(0, count));
        var answer = JsonSerializer.Deserialize(reader.Json, GraphJson.Default.ExportAnswer)?.Value ?? throw new JsonException("value is missing");
        return [.. items.Select((item, index) => ToExported(item, index, answer, reader))];
    }

    private static ExportedItem ToExported(TargetItem item, int asked, IReadOnlyList<ExportAnswerItem?> answer, ExportReader reader)
    {
        var place = answer.ToList().FindIndex(one => one?.ItemId == item.Id);
        if (place < 0 && asked < answer.Count && answer[asked] is { ItemId: null }) place = asked;
        if (place < 0) return Failed(item, "Microsoft 365 gave no answer for the item.", null);
        if (answer[place]!.Error is { } error)
            return Failed(item, $"Microsoft 365 refused to export the item: {error.Message} ({error.Code})", null);
        return reader.ContentOf(place) switch
        {
            { Digest: { } digest } content => new ExportedItem(item, digest, content.IsRead, null),
            { Failure: { } failure } => Failed(item, $"The item came back as something else than an item stream: {failure.Message}", failure),
            _ => Failed(item, "The item came back without content.", null),
        };
    }

    private static ExportedItem Failed(TargetItem item, string message, Exception? inner) =>
        new(item, null, false, new MigrationFault(FaultScope.Item, message,
            "Open the item in the mailbox; if it is damaged there, copy it again.", inner));
}
