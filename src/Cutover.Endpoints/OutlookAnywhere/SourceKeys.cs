using Cutover.Core.Mailboxes;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>The keys that name things of an Exchange mailbox for good: long-term ids in text.</summary>
internal static class SourceKeys
{
    public static FolderKey FolderKey(LongTermId id) => new(id.ToString());

    public static ItemKey ItemKey(LongTermId id) => new(id.ToString());

    /// <summary>The change number in the same form: it changes with the content, not with the read state.</summary>
    public static string Version(LongTermId changeNumber) => changeNumber.ToString();
}

/// <summary>An <see cref="IdSet"/> of messages, asked by key.</summary>
internal sealed class IdSetItemKeys(IdSet ids) : ItemKeySet
{
    public override bool Contains(ItemKey key) => LongTermId.TryParse(key.Value, out var id) && ids.Contains(id.Replica, id.Counter);
}
