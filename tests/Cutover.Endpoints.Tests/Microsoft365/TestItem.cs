using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>An item as the source gives it: stamped, with a fresh stream each time.</summary>
internal sealed class TestItem : MailboxItem
{
    private readonly byte[] stream;

    public TestItem(MapiMessage message, string key, string version = "1")
    {
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
        Info = new ItemInfo(new ItemKey(key), version, digest.IsRead, digest.ItemClass, digest.Subject, digest.Received, stream.Length);
    }

    public override ItemInfo Info { get; }

    public override FolderKey Folder => new("folder");

    public override ContentDigest Digest { get; }

    public override long StreamLength => stream.Length;

    /// <summary>How often the stream was opened: once for each time it was sent.</summary>
    public int Opened { get; private set; }

    public static TestItem Note(string key, string subject = "Hello", string version = "1", bool isRead = false, int attachmentSize = 0)
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, "IPM.Note");
        message.Properties.Set(PropertyTags.Subject, subject);
        message.Properties.Set(PropertyTags.Body, $"About {subject}");
        message.Properties.Set(PropertyTags.MessageFlags, isRead ? 1 : 0);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, new DateTime(2020, 5, 1, 10, 0, 0, DateTimeKind.Utc));
        if (attachmentSize > 0) message.Properties.Set(PropertyTags.RtfCompressed, new byte[attachmentSize]);
        return new TestItem(message, key, version);
    }

    public override ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        Opened++;
        return ValueTask.FromResult<Stream>(new MemoryStream(stream, writable: false));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
