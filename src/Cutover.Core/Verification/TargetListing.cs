using Cutover.Core.Mailboxes;

namespace Cutover.Core.Verification;

/// <summary>What a target folder lists, by source key. Items without a key, such as mail delivered after the switch, are not ours to judge.</summary>
internal sealed class TargetListing
{
    private readonly Dictionary<ItemKey, List<TargetItemInfo>> byKey = [];

    /// <summary>What <see cref="Take"/> has not asked for.</summary>
    public IEnumerable<TargetItemInfo> Left => byKey.Values.SelectMany(items => items);

    public static async Task<TargetListing> ReadAsync(IMailboxTarget target, TargetFolderId folder, CancellationToken ct)
    {
        var listing = new TargetListing();
        await foreach (var item in target.GetItemsAsync(folder, ct))
            listing.Add(item);
        return listing;
    }

    public IReadOnlyList<TargetItemInfo> Take(ItemKey key) => byKey.Remove(key, out var items) ? items : [];

    private void Add(TargetItemInfo item)
    {
        if (item.Key is not { } key)
            return;
        if (byKey.TryGetValue(key, out var items))
            items.Add(item);
        else
            byKey[key] = [item];
    }
}
