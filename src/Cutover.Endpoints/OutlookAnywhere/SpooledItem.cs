using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>An item of the source, ready in a spool.</summary>
internal sealed class SpooledItem(FolderKey folder, ItemInfo info, ContentDigest digest, ItemSpool spool) : MailboxItem, IDisposable
{
    public override ItemInfo Info => info;

    public override FolderKey Folder => folder;

    public override ContentDigest Digest => digest;

    public override long StreamLength => spool.Length;

    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => ValueTask.FromResult(spool.OpenRead());

    public void Dispose() => spool.Dispose();

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
