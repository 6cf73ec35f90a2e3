using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>What is known of a message before its content comes.</summary>
/// <param name="Size">Bytes as the server counts them; 0 when it doesn't say.</param>
internal sealed record RecordedMessage(FolderKey Folder, ItemKey Key, string Version, long Size, bool IsAssociated = false);

/// <summary>
/// Records one message of a download: completes its addresses, digests it and spools it as an item stream, stamped and without what only a server sets.
/// </summary>
internal sealed class ItemRecorder : IDisposable
{
    private readonly RecordedMessage message;
    private readonly ItemSpool spool;
    private readonly ItemStreamWriter writer;
    private readonly ItemStamp stamp;
    private readonly AddressCompletion? addresses;
    private readonly ItemDigest digest = new();

    public ItemRecorder(RecordedMessage message, IAddressNames? names, string spoolDirectory)
    {
        this.message = message;
        spool = new ItemSpool(spoolDirectory);
        writer = new ItemStreamWriter(spool);
        stamp = new ItemStamp(new ImportFilter(writer), message.Key.Value, message.Version);
        Content = new FastTransferTee(digest, stamp);
        if (names is not null) Content = addresses = new AddressCompletion(Content, names);
    }

    /// <summary>Receives the message's content.</summary>
    public IFastTransferHandler Content { get; }

    /// <summary>Bytes of the item stream so far, those that wait in the writer left out.</summary>
    public long Length => spool.Length;

    /// <summary>True once any property of the message came.</summary>
    public bool HasContent => digest.Size > 0;

    /// <summary>What the content has told so far.</summary>
    public ItemInfo Info => new(
        message.Key, message.Version, digest.IsRead, digest.ItemClass, digest.Subject, digest.Received, message.Size > 0 ? message.Size : digest.Size)
    {
        IsAssociated = message.IsAssociated,
    };

    /// <summary>The item, which then owns the spool.</summary>
    public SpooledItem Complete()
    {
        addresses?.Complete();
        stamp.Complete();
        writer.Complete();
        return new SpooledItem(message.Folder, Info, digest.Complete(), spool);
    }

    /// <summary>The item as far as it came, which then owns the spool. Its stream may end inside a property.</summary>
    public SpooledItem CompletePartial(ItemInfo info)
    {
        writer.Complete();
        return new SpooledItem(message.Folder, info, new ContentDigest(""), spool);
    }

    public void Dispose() => spool.Dispose();
}
