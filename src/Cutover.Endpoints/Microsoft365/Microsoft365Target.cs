using System.Net;
using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.ImportExport;
using Cutover.Endpoints.Microsoft365.Messages;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Endpoints.Microsoft365.Settings;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>
/// A mailbox of Microsoft 365, written by Graph's mailbox import and read back by its export. Item streams come stamped from the source, so that an
/// item can be found again by its key.
/// </summary>
public sealed class Microsoft365Target : IMailboxTarget
{
    private readonly TargetMailbox mailbox;
    private readonly GraphClient graph;
    private readonly ImportClient import;
    private readonly ExportClient export;
    private readonly MailboxFolders folders;
    private readonly MailboxItems items;
    private readonly MessageWriter messages;
    private readonly MailboxSettingsWriter settings;

    /// <param name="maxConcurrentRequests">As many as are of use: the governor lets no more through.</param>
    internal Microsoft365Target(
        TargetMailbox mailbox, GraphClient graph, ImportClient import, ExportClient export, MailboxFolders folders, MailboxItems items, MessageWriter messages,
        MailboxSettingsWriter settings, int maxConcurrentRequests)
    {
        this.mailbox = mailbox;
        this.graph = graph;
        this.import = import;
        this.export = export;
        this.folders = folders;
        this.items = items;
        this.messages = messages;
        this.settings = settings;
        Capabilities = new MailboxCapabilities(SupportsReadState: true, SupportsExport: true, maxConcurrentRequests);
    }

    public MailboxCapabilities Capabilities { get; }

    public long Requests => graph.Requests + import.Requests;

    public Task<TargetFolderId> EnsureFolderAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct) =>
        RunAsync($"make the folder {folder.Name} in", FaultScope.Mailbox, () => folders.EnsureAsync(folder, parent, known, ct), ct);

    public Task<UploadedItem> UploadAsync(MailboxItem item, TargetFolderId folder, TargetItem? existing, CancellationToken ct) =>
        RunAsync($"import an item ({item.Info.ItemClass}, {item.StreamLength:N0} bytes) into", FaultScope.Item, async () =>
        {
            try
            {
                return new UploadedItem(await (existing is null ? CreateAsync(item, folder, ct) : ReplaceAsync(item, folder, existing, ct)));
            }
            catch (ServiceRefusal refusal) when (MessageWriter.IsOfItem(refusal) && MessageWriter.CanHold(item.Info))
            {
                return await WriteAsMessageAsync(item, folder, refusal, ct);
            }
        }, ct);

    public Task<TargetItemInfo?> FindAsync(TargetFolderId folder, ItemKey key, CancellationToken ct) =>
        RunAsync("look an item up in", FaultScope.Mailbox, () => items.FindAsync(folder, key, ct), ct);

    public Task<TargetItem> SetReadStateAsync(TargetItem item, bool isRead, CancellationToken ct) =>
        RunAsync($"mark an item {(isRead ? "read" : "unread")} in", FaultScope.Item, () => items.SetReadStateAsync(item, isRead, ct), ct);

    public Task DeleteAsync(TargetFolderId folder, TargetItem item, CancellationToken ct) =>
        RunAsync("delete an item from", FaultScope.Item, () => items.DeleteAsync(folder, item, ct), ct);

    public Task DeleteFolderAsync(TargetFolderId folder, CancellationToken ct) =>
        RunAsync("delete a folder of", FaultScope.Mailbox, () => folders.DeleteAsync(folder, ct), ct);

    public async IAsyncEnumerable<TargetItemInfo> GetItemsAsync(TargetFolderId folder, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = items.FirstPage(folder); next is not null;)
        {
            var path = next;
            (var page, next) = await RunAsync("list the items of", FaultScope.Mailbox, () => items.GetPageAsync(path, ct), ct);
            foreach (var item in page) yield return item;
        }
    }

    public async IAsyncEnumerable<ExportedItem> ExportAsync(IReadOnlyList<TargetItem> items, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var chunk in items.Chunk(ExportClient.MaxItems))
            foreach (var exported in await RunAsync("export items of", FaultScope.Mailbox, () => export.ExportAsync(chunk, ct), ct))
                yield return exported;
    }

    public Task<IReadOnlyList<ProvisioningFinding>> ApplySettingsAsync(
        MailboxSettings settings, IReadOnlyDictionary<FolderKey, TargetFolderId> folders, CancellationToken ct) =>
        RunAsync("set up rules, replies and rights of", FaultScope.Mailbox, () => this.settings.ApplyAsync(settings, folders, ct), ct);

    /// <summary>Holds nothing of its own: connections belong to the endpoint, and calls that are under way end as they would.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What a new item needs and does not find is its folder or mailbox; the item is not to blame.</summary>
    private async Task<TargetItem> CreateAsync(MailboxItem item, TargetFolderId folder, CancellationToken ct)
    {
        try
        {
            return await import.ImportAsync(item, folder, null, ct);
        }
        catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound))
        {
            throw Refusals.ToFault(refusal, $"import an item into a folder of {mailbox.PrimarySmtpAddress}", FaultScope.Mailbox);
        }
    }

    /// <summary>Writes the item the way that is left when import refuses it.</summary>
    internal Task<UploadedItem> TryAsMessageAsync(MailboxItem item, TargetFolderId folder, CancellationToken ct) =>
        RunAsync("write a message into", FaultScope.Item, () => messages.WriteAsync(item, folder, "It was tried as a message.", ct), ct);

    /// <summary>What import said stays the reason when the message is refused as well.</summary>
    private async Task<UploadedItem> WriteAsMessageAsync(MailboxItem item, TargetFolderId folder, ServiceRefusal import, CancellationToken ct)
    {
        try
        {
            return await messages.WriteAsync(item, folder, $"Microsoft 365 refused to import it ({Refusals.Words(import)}), so it was written as a message.", ct);
        }
        catch (ServiceRefusal refusal) when (MessageWriter.IsOfItem(refusal))
        {
            throw new ServiceRefusal(import.Status, import.Code, $"{import.Text} It can't be written as a message either: {Refusals.Words(refusal)}", import.RequestId);
        }
    }

    /// <summary>
    /// An item that changed at the target since (its read state, say) has another change key: it is read and the replacement made once more. One that
    /// is gone is created again.
    /// </summary>
    private async Task<TargetItem> ReplaceAsync(MailboxItem item, TargetFolderId folder, TargetItem existing, CancellationToken ct)
    {
        try
        {
            return await import.ImportAsync(item, folder, existing, ct);
        }
        catch (ServiceRefusal refusal) when (MayBeStale(refusal))
        {
            var current = await items.FindAsync(folder, existing.Id, ct);
            if (current == existing) throw;
            return current is null ? await CreateAsync(item, folder, ct) : await import.ImportAsync(item, folder, current, ct);
        }
    }

    private static bool MayBeStale(ServiceRefusal refusal) => refusal.Status is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
        or HttpStatusCode.NotFound || refusal.Code is "ErrorIrresolvableConflict" or "ErrorItemNotFound" or "ErrorChangeKeyRequired" or "ErrorStaleObject";

    private Task<T> RunAsync<T>(string doing, FaultScope scope, Func<Task<T>> operation, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Refusals.NameAsync($"{doing} {mailbox.PrimarySmtpAddress}", scope, operation);
    }

    private Task RunAsync(string doing, FaultScope scope, Func<Task> operation, CancellationToken ct) => RunAsync(doing, scope, async () =>
    {
        await operation();
        return true;
    }, ct);
}
