using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Records one message of a download: digests it as it came and spools it as an item stream, stamped and without what only a server sets.
/// </summary>
internal sealed class ItemRecorder : IDisposable
{
    private readonly FolderKey folder;
    private readonly ItemKey key;
    private readonly string version;
    private readonly long size;
    private readonly ItemSpool spool;
    private readonly ItemStreamWriter writer;
    private readonly ItemStamp stamp;
    private readonly ItemDigest digest = new();

    public ItemRecorder(FolderKey folder, ItemKey key, string version, long size, string spoolDirectory)
    {
        (this.folder, this.key, this.version, this.size) = (folder, key, version, size);
        spool = new ItemSpool(spoolDirectory);
        writer = new ItemStreamWriter(spool);
        stamp = new ItemStamp(new ImportFilter(writer), key.Value, version);
        Content = new FastTransferTee(digest, stamp);
    }

    /// <summary>Receives the message's content.</summary>
    public IFastTransferHandler Content { get; }

    /// <summary>The item, which then owns the spool.</summary>
    public SpooledItem Complete()
    {
        stamp.Complete();
        writer.Complete();
        var info = new ItemInfo(key, version, digest.IsRead, digest.ItemClass, digest.Subject, digest.Received, size > 0 ? size : digest.Size);
        return new SpooledItem(folder, info, digest.Complete(), spool);
    }

    public void Dispose() => spool.Dispose();
}
