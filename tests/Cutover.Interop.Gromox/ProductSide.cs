using Cutover.Core.Mailboxes;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>An item as the product's source gives it.</summary>
internal sealed record ProductItem(ItemInfo Info, MapiMessage Message);

/// <summary>What changed in a folder, and the state to go on from.</summary>
internal sealed record ProductChanges(
    IReadOnlyList<ProductItem> Upserted, IReadOnlyList<Deleted> Deleted, IReadOnlyList<ReadStateChanged> ReadState, IReadOnlyList<Unreadable> Unreadable,
    SyncState State);

/// <summary>Reads through the source as the copy engine does.</summary>
internal static class ProductSide
{
    public static async Task<IReadOnlyDictionary<string, MailboxFolder>> FoldersAsync(IMailboxSource source, CancellationToken ct)
    {
        var paths = new Dictionary<FolderKey, string>();
        var folders = new Dictionary<string, MailboxFolder>();
        await foreach (var folder in source.GetFoldersAsync(ct))
        {
            var path = folder.Parent is { } parent ? (paths[parent] + "/" + folder.Name).TrimStart('/') : "";
            paths[folder.Key] = path;
            folders.Add(path, folder);
        }
        return folders;
    }

    public static async Task<ProductChanges> ChangesAsync(IMailboxSource source, FolderKey folder, SyncState? since, CancellationToken ct)
    {
        var changes = new List<FolderChange>();
        var items = new List<ProductItem>();
        await foreach (var change in source.GetChangesAsync(folder, since, ct))
        {
            if (change is Upserted upserted) items.Add(await ReadAsync(upserted.Item, ct));
            else changes.Add(change);
        }
        return new ProductChanges(
            items, [.. changes.OfType<Deleted>()], [.. changes.OfType<ReadStateChanged>()], [.. changes.OfType<Unreadable>()],
            changes.OfType<Checkpoint>().Last().State);
    }

    /// <summary>The item as .eml, written and read again.</summary>
    public static MailFacts Facts(ProductItem item)
    {
        using var eml = new MemoryStream();
        MapiToMime.Write(item.Message, eml);
        eml.Position = 0;
        return MailFacts.Of(MimeMessage.Load(eml), item.Info.IsRead);
    }

    private static async Task<ProductItem> ReadAsync(MailboxItem item, CancellationToken ct)
    {
        await using var _ = item;
        var builder = new MapiMessageBuilder();
        await using var content = await item.OpenAsync(ct);
        await ItemStreamReader.ReadAsync(content, builder, ct);
        return new ProductItem(item.Info, builder.Build());
    }
}
