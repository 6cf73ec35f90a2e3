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
    private const byte CopySubfoldersFlag = 0x10;

    // The flags of each ROP with those that the specification calls unused; others are refused, as since Exchange 2010. Source: [MS-OXCFXICS]
    // 2.2.3.1.1.1 to 2.2.3.1.1.4.
    private const uint CopyToFlags = 0x260F;
    private const uint CopyPropertiesFlags = 0x0F;
    private const uint CopyMessagesFlags = 0x3F;
    private const uint CopyFolderFlags = 0x1F;

    // Among servers two more are in use; only the highest bit is unknown. Source: [MS-OXCFXICS] 3.2.5.8.1.1, note 34.
    internal const SendOptions UnknownOptions = (SendOptions)0x80;

    // RopId, handle index, return value, transfer status, two counts, reserved, size.
    private const int GetBufferOverhead = 15;

    private static readonly PropertyTag[] Subobjects =
    [
        PropertyTags.MessageRecipients, PropertyTags.MessageAttachments, PropertyTags.ContainerHierarchy, PropertyTags.ContainerContents,
        PropertyTags.FolderAssociatedContents, PropertyTags.AttachDataObject,
    ];

    private static readonly HashSet<ushort> IdentityIds =
    [
        PropertyTags.EntryId.Id, PropertyTags.RecordKey.Id, PropertyTags.InstanceKey.Id, PropertyTags.ParentEntryId.Id,
        PropertyTags.MappingSignature.Id, PropertyTags.SourceKey.Id, PropertyTags.ParentSourceKey.Id, PropertyTags.ChangeKey.Id, PropertyTags.PredecessorChangeList.Id,
    ];

    // What else is not sent of messages without SendEntryId. Source: [MS-OXCFXICS] 2.2.3.1.1.3.1.
    private static readonly PropertyTag[] VersionTags = [PropertyTags.LastModificationTime, PropertyTags.OriginalEntryId];

    /// <summary>A message, an attachment or a folder but for what is named. The move flag is refused, as since Exchange 2010.</summary>
    public static RopResponse CopyTo(RopContext context, FastTransferSourceCopyToRequest request)
    {
        if ((request.CopyFlags & MoveFlag) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        Check(request.CopyFlags, CopyToFlags, request.SendOptions);
        var excluded = request.Level == 0 ? request.ExcludedTags : [.. request.ExcludedTags, .. Subobjects];
        Open(context, request, request.OutputHandleIndex, new ContentFilter(excluded, OnlyThese: false), request.SendOptions);
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    /// <summary>A message, an attachment or a folder with nothing but what is named.</summary>
    public static RopResponse CopyProperties(RopContext context, FastTransferSourceCopyPropertiesRequest request)
    {
        if ((request.CopyFlags & MoveFlag) != 0) throw new RopException(LabErrorCode.NotImplemented);
        Check(request.CopyFlags, CopyPropertiesFlags, request.SendOptions);
        var tags = request.Level == 0 ? request.Tags : [.. request.Tags.Where(tag => !Subobjects.Contains(tag))];
        Open(context, request, request.OutputHandleIndex, new ContentFilter(tags, OnlyThese: true), request.SendOptions);
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    /// <summary>A folder as topFolder, its subfolders too when the client wants them.</summary>
    public static RopResponse CopyFolder(RopContext context, FastTransferSourceCopyFolderRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        if ((request.CopyFlags & MoveFlag) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        Check(request.CopyFlags, CopyFolderFlags, request.SendOptions);
        var download = new Download(context.Behaviour, output => ProduceTopFolder(output, folder, request));
        context.Put(request.OutputHandleIndex, new DownloadObject(folder.Mailbox, download));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    /// <summary>Messages of a folder as messageList. The move flag changes nothing: what a move leaves behind the client deletes itself.</summary>
    public static RopResponse CopyMessages(RopContext context, FastTransferSourceCopyMessagesRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        Check(request.CopyFlags, CopyMessagesFlags, request.SendOptions);
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

    private static void Check(uint flags, uint known, SendOptions options)
    {
        if ((flags & ~known) != 0 || (options & UnknownOptions) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
    }

    private static void Open(RopContext context, RopRequest request, byte output, ContentFilter filter, SendOptions options)
    {
        var source = context.Get<ServerObject>(request.HandleIndex);
        Func<SegmentWriter, IEnumerable<DownloadStep>> produce = source switch
        {
            MessageObject message => stream => ProduceMessage(stream, message, filter, options),
            AttachmentObject attachment => stream => ProduceAttachment(stream, attachment, filter, options),
            FolderObject folder => stream => new FolderContentWriter(stream, folder.Mailbox, options)
                .Write(FolderChangeRops.Require(folder), filter, marksSubobjects: true, withSubfolders: true),
            _ => throw new RopException(MapiErrorCode.NotSupported),
        };
        context.Put(output, new DownloadObject(source.Mailbox, new Download(context.Behaviour, produce)));
    }

    private static IEnumerable<DownloadStep> ProduceTopFolder(SegmentWriter output, FolderObject folder, FastTransferSourceCopyFolderRequest request)
    {
        output.Marker(FastTransferMarker.StartTopFld);
        var writer = new FolderContentWriter(output, folder.Mailbox, request.SendOptions);
        var withSubfolders = (request.CopyFlags & CopySubfoldersFlag) != 0;
        foreach (var step in writer.Write(FolderChangeRops.Require(folder), ContentFilter.None, marksSubobjects: false, withSubfolders)) yield return step;
        output.Marker(FastTransferMarker.EndFolder);
        yield return new DownloadStep(1, 1);
    }

    private static IEnumerable<DownloadStep> ProduceAttachment(
        SegmentWriter output, AttachmentObject attachment, ContentFilter filter, SendOptions options)
    {
        new MessageContentWriter(output, options).WriteAttachment(attachment.ReadProperties(), attachment.EmbeddedMessage, filter);
        yield return new DownloadStep(1, 1);
    }

    private static IEnumerable<DownloadStep> ProduceMessage(
        SegmentWriter output, MessageObject message, ContentFilter filter, SendOptions options)
    {
        var writer = new MessageContentWriter(output, options);
        var written = writer.TryWrite(WithoutIdentity(message.View()), filter, marksSubobjects: filter.Tags.Count > 0);
        if (!written && message.Stored is { } stored) WriteDamage(output, message.Mailbox, stored, options);
        yield return new DownloadStep(1, 1);
    }

    /// <summary>An errorInfo, or the end of the download.</summary>
    internal static void WriteDamage(SegmentWriter output, MailboxStore mailbox, StoredMessage message, SendOptions options)
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
        // Of the store's own ids this one is sent. Source: [MS-OXCFXICS] 2.2.4.3.16.
        output.Property(PropertyTags.Mid, folder.Mailbox.WireId(message.Id).ToInt64());
        MessageProperties.AddComputed(folder.Mailbox, message, content);
        DamagedMessages.Damage(message, content);
        var keepsIdentity = (request.CopyFlags & SendEntryIdFlag) != 0;
        var isReadable = !DamagedMessages.IsUnreadable(message)
            && (keepsIdentity
                ? writer.TryWrite(content, ContentFilter.None, marksSubobjects: false)
                : writer.TryWrite(WithoutIdentity(content), new ContentFilter(VersionTags, OnlyThese: false), marksSubobjects: false));
        if (isReadable) output.Marker(FastTransferMarker.EndMessage);
        else WriteDamage(output, folder.Mailbox, message, request.SendOptions);
    }

    // A copy has no identity yet. Source: [MS-OXCFXICS] 3.2.5.8.1.3.
    internal static MapiMessage WithoutIdentity(MapiMessage message) => new()
    {
        Properties = new PropertyBag(message.Properties.Where(property => property.Name is not null || !IdentityIds.Contains(property.Tag.Id))),
        Recipients = message.Recipients,
        Attachments = message.Attachments,
    };

    private static ushort Saturate(int count) => (ushort)Math.Min(count, ushort.MaxValue);
}
