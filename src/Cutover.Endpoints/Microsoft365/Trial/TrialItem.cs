using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Microsoft365.Trial;

/// <summary>A small message as a source gives it: the item stream of an on-premises Exchange, stamped.</summary>
internal sealed class TrialItem : MailboxItem
{
    private readonly byte[] stream;

    public TrialItem(string key, string version, DateTimeOffset received)
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, "IPM.Note");
        message.Properties.Set(PropertyTags.Subject, "Cutover tries whether items can be imported");
        message.Properties.Set(PropertyTags.Body, $"This item (version {version}) is deleted again at the end of the trial. If it stays, delete it.\r\n");
        message.Properties.Set(PropertyTags.MessageFlags, 0);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, received.UtcDateTime);
        using var buffer = new MemoryStream();
        var writer = new ItemStreamWriter(buffer);
        var stamp = new ItemStamp(writer, key, version);
        MapiMessageWriter.Write(stamp, message);
        stamp.Complete();
        writer.Complete();
        stream = buffer.ToArray();
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, message);
        Digest = digest.Complete();
        Info = new ItemInfo(new ItemKey(key), version, false, digest.ItemClass, digest.Subject, digest.Received, stream.Length);
    }

    public override ItemInfo Info { get; }

    public override FolderKey Folder => new("trial");

    public override ContentDigest Digest { get; }

    public override long StreamLength => stream.Length;

    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => ValueTask.FromResult<Stream>(new MemoryStream(stream, writable: false));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
