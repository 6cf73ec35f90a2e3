using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>FastTransfer downloads. Source: [MS-OXCFXICS] 3.2.5.8.1.</summary>
internal static class FastTransferRops
{
    private const uint MoveFlag = 0x01;
    private const byte SendEntryIdFlag = 0x20;

    // RopId, handle index, return value, transfer status, two counts, reserved, size.
    private const int GetBufferOverhead = 15;

    private static readonly HashSet<ushort> IdentityIds =
    [
        PropertyTags.EntryId.Id, PropertyTags.RecordKey.Id, PropertyTags.InstanceKey.Id, PropertyTags.ParentEntryId.Id,
        PropertyTags.MappingSignature.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id, PropertyTags.PredecessorChangeList.Id,
    ];

    /// <summary>A message as messageContent. The move flag is refused, as since Exchange 2010.</summary>
    public static RopResponse CopyTo(RopContext context, FastTransferSourceCopyToRequest request)
    {
        var source = context.Get<ServerObject>(request.HandleIndex);
        if ((request.CopyFlags & MoveFlag) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        if (source is not MessageObject message) throw new RopException(MapiErrorCode.NotSupported);
        var excluded = request.Level == 0
            ? request.ExcludedTags
            : [.. request.ExcludedTags, PropertyTags.MessageRecipients, PropertyTags.MessageAttachments];
        var download = new Download(context.Behaviour, output => ProduceMessage(output, message, new ContentFilter(excluded, OnlyThese: false), request));
        context.Put(request.OutputHandleIndex, new DownloadObject(message.Mailbox, download));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    /// <summary>Messages of a folder as messageList.</summary>
    public static RopResponse CopyMessages(RopContext context, FastTransferSourceCopyMessagesRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        if ((request.CopyFlags & MoveFlag) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var download = new Download(context.Behaviour, output => ProduceMessages(output, folder, request));
        context.Put(request.OutputHandleIndex, new DownloadObject(folder.Mailbox, download));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    /// <summary>The next part of a stream: as much as the client allows and the buffer holds.</summary>
    public static RopResponse GetBuffer(RopContext context, FastTransferSourceGetBufferRequest request)
    {
        var download = context.Get<DownloadObject>(request.HandleIndex).Download;
        var asked = request.BufferSize == FastTransferSourceGetBufferRequest.ServerDecides ? request.MaximumBufferSize : request.BufferSize;
        var room = Math.Min(asked, context.Room - GetBufferOverhead);
        try
        {
            var bytes = download.Next(room);
            var (done, total) = download.Progress;
            if (bytes.Length == 0 && download.Status == TransferStatus.Partial) throw new RopException(MapiErrorCode.BufferTooSmall);
            var status = download.Status == TransferStatus.Partial && context.Behaviour.SaysNoRoom ? TransferStatus.NoRoom : download.Status;
            return new FastTransferSourceGetBufferResponse(request.HandleIndex, status, Saturate(done), Saturate(total), bytes);
        }
        catch (RopException e) when (e.ErrorCode != MapiErrorCode.BufferTooSmall)
        {
            return new FastTransferSourceGetBufferResponse(request.HandleIndex, TransferStatus.Error, 0, 0, default, e.ErrorCode);
        }
    }

    /// <summary>The lab writes one grammar for all versions.</summary>
    public static RopResponse TellVersion(RopContext context, TellVersionRequest request)
    {
        context.Get<DownloadObject>(request.HandleIndex);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static IEnumerable<DownloadStep> ProduceMessage(
        SegmentWriter output, MessageObject message, ContentFilter filter, FastTransferSourceCopyToRequest request)
    {
        var writer = new MessageContentWriter(output, request.SendOptions);
        var written = writer.TryWrite(WithoutIdentity(message.View()), filter, marksSubobjects: filter.Tags.Count > 0);
        if (!written && message.Stored is { } stored) WriteDamage(output, message.Mailbox, stored, request.SendOptions);
        yield return new DownloadStep(1, 1);
    }

    /// <summary>An errorInfo, or the end of the download.</summary>
    private static void WriteDamage(SegmentWriter output, MailboxStore mailbox, StoredMessage message, SendOptions options)
    {
        if (!options.HasFlag(SendOptions.RecoverMode)) throw new RopException(LabErrorCode.CorruptData);
        ErrorInfo.Write(output, mailbox, message);
    }

    private static IEnumerable<DownloadStep> ProduceMessages(
        SegmentWriter output, FolderObject folder, FastTransferSourceCopyMessagesRequest request)
    {
        var writer = new MessageContentWriter(output, request.SendOptions);
        for (var i = 0; i < request.MessageIds.Count; i++)
        {
            var opened = folder.Mailbox.OpenMessage(folder.Mailbox.CounterOf(request.MessageIds[i]));
            if (opened is { } found && found.Message.Folder == folder.Folder)
                WriteMessage(output, writer, folder, found.Message, found.Content, request);
            yield return new DownloadStep(i + 1, request.MessageIds.Count);
        }
    }

    private static void WriteMessage(
        SegmentWriter output, MessageContentWriter writer, FolderObject folder, StoredMessage message, MapiMessage content,
        FastTransferSourceCopyMessagesRequest request)
    {
        output.Marker(message.IsAssociated ? FastTransferMarker.StartFAIMsg : FastTransferMarker.StartMessage);
        MessageProperties.AddComputed(folder.Mailbox, message, content);
        DamagedMessages.Damage(message, content);
        var keepsIdentity = (request.CopyFlags & SendEntryIdFlag) != 0;
        var isReadable = !DamagedMessages.IsUnreadable(message)
            && writer.TryWrite(keepsIdentity ? content : WithoutIdentity(content), ContentFilter.None, marksSubobjects: false);
        if (isReadable) output.Marker(FastTransferMarker.EndMessage);
        else WriteDamage(output, folder.Mailbox, message, request.SendOptions);
    }

    // A copy has no identity yet. Source: [MS-OXCFXICS] 3.2.5.8.1.3.
    private static MapiMessage WithoutIdentity(MapiMessage message) => new()
    {
        Properties = new PropertyBag(message.Properties.Where(property => property.Name is not null || !IdentityIds.Contains(property.Tag.Id))),
        Recipients = message.Recipients,
        Attachments = message.Attachments,
    };

    private static ushort Saturate(int count) => (ushort)Math.Min(count, ushort.MaxValue);
}
