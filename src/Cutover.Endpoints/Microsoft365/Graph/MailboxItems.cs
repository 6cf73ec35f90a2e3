using System.Net;
using System.Runtime.CompilerServices;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>The items of one mailbox, without their content.</summary>
internal sealed class MailboxItems(GraphClient graph, MailboxFolders folders, string userId)
{
    private const int PageSize = 200;

    private static readonly string Stamps = "&$expand=" + Uri.EscapeDataString(
        $"singleValueExtendedProperties($filter=id eq '{ItemStamp.SourceKeyGraphId}' or id eq '{ItemStamp.SourceVersionGraphId}' or id eq '{ItemStamp.LossGraphId}')");

    /// <summary>Where the list of a folder's items begins.</summary>
    public string FirstPage(TargetFolderId folder) => $"{PathOf(folder)}?$top={PageSize}&$select=id,changeKey{Stamps}";

    /// <summary>One page, and where the next one is.</summary>
    public async Task<(IReadOnlyList<TargetItemInfo> Items, string? Next)> GetPageAsync(string path, CancellationToken ct)
    {
        var page = await graph.GetAsync(path, GraphJson.Default.GraphPageGraphMailboxItem, ct);
        return ([.. (page.Value ?? []).Select(ToInfo)], page.NextLink);
    }

    /// <summary>The item with this stamp; null when there is none.</summary>
    public async Task<TargetItemInfo?> FindAsync(TargetFolderId folder, ItemKey key, CancellationToken ct) =>
        await FindAllAsync(folder, key, ct).FirstOrDefaultAsync(ct);

    /// <summary>Every item with this stamp: one, unless an attempt was cut off or somebody copied it.</summary>
    public async IAsyncEnumerable<TargetItemInfo> FindAllAsync(TargetFolderId folder, ItemKey key, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = $"singleValueExtendedProperties/Any(ep: ep/id eq '{ItemStamp.SourceKeyGraphId}' and ep/value eq '{key.Value.Replace("'", "''")}')";
        for (var next = $"{FirstPage(folder)}&$filter={Uri.EscapeDataString(filter)}"; next is not null;)
        {
            (var page, next) = await GetPageAsync(next, ct);
            foreach (var item in page.Where(item => item.Key == key)) yield return item;
        }
    }

    /// <summary>The item as it stands now; null when the folder has it no longer.</summary>
    public async Task<TargetItem?> FindAsync(TargetFolderId folder, string id, CancellationToken ct) =>
        await graph.FindAsync($"{PathOf(folder)}/{GraphClient.Segment(id)}?$select=id,changeKey", GraphJson.Default.GraphMailboxItem, ct)
            is { } item ? ToItem(item) : null;

    /// <summary>Only messages have a read state here; other items are refused with 404 or 400.</summary>
    public async Task<TargetItem> SetReadStateAsync(TargetItem item, bool isRead, CancellationToken ct)
    {
        var path = $"users/{GraphClient.Segment(userId)}/messages/{GraphClient.Segment(item.Id)}";
        var changed = await graph.PatchAsync(path, new ReadState(isRead), GraphJson.Default.ReadState, GraphJson.Default.GraphMailboxItem, ct);
        return changed.ChangeKey is { } changeKey ? item with { ChangeKey = changeKey } : item;
    }

    public async Task DeleteAsync(TargetFolderId folder, TargetItem item, CancellationToken ct)
    {
        try
        {
            await graph.DeleteAsync($"{PathOf(folder)}/{GraphClient.Segment(item.Id)}", ct);
        }
        catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound))
        {
        }
    }

    private string PathOf(TargetFolderId folder) => $"{folders.PathOf(folder.Value)}/items";

    private static TargetItem ToItem(GraphMailboxItem item) => new(item.Id, item.ChangeKey ?? "");

    private static TargetItemInfo ToInfo(GraphMailboxItem item)
    {
        var key = item.SingleValueExtendedProperties?.Find(ItemStamp.SourceKeyGraphId);
        return new TargetItemInfo(ToItem(item), key is null ? null : new ItemKey(key),
            item.SingleValueExtendedProperties?.Find(ItemStamp.SourceVersionGraphId), item.SingleValueExtendedProperties?.Find(ItemStamp.LossGraphId));
    }
}
