using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Attachments and the messages in them. Source: [MS-OXCMSG] 3.2.5.12 to 3.2.5.17.</summary>
internal static class AttachmentRops
{
    private const int EmbeddedHeader = 15;
    private const int AttachEmbedded = 5;

    // Where nothing says otherwise an attachment has no place in the text.
    private const int NoPosition = -1;

    public static RopResponse GetAttachmentTable(RopContext context, GetAttachmentTableRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        context.Put(request.OutputHandleIndex, new TableObject(message.Mailbox, TableKind.Attachments, () => Rows(message)));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse OpenAttachment(RopContext context, OpenAttachmentRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        var attachment = Find(message, request.AttachmentId) ?? throw new RopException(MapiErrorCode.NotFound);
        var isWritable = (request.OpenModeFlags & OpenModeFlags.BestAccess) != 0;
        context.Put(request.OutputHandleIndex, new AttachmentObject(message, attachment, isWritable));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse CreateAttachment(RopContext context, CreateAttachmentRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        var now = context.Clock.GetUtcNow().UtcDateTime;
        var number = message.TakeAttachmentNumber();
        var properties = new PropertyBag()
            .Set(PropertyTags.AttachNumber, number)
            .Set(PropertyTags.RenderingPosition, NoPosition)
            .Set(PropertyTags.CreationTime, now)
            .Set(PropertyTags.LastModificationTime, now);
        context.Put(request.OutputHandleIndex, new AttachmentObject(message, new MapiAttachment { Properties = properties }, isWritable: true));
        return new CreateAttachmentResponse(request.OutputHandleIndex, (uint)number);
    }

    public static RopResponse DeleteAttachment(RopContext context, DeleteAttachmentRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        var attachment = Find(message, request.AttachmentId) ?? throw new RopException(MapiErrorCode.NotFound);
        message.Attachments.Remove(attachment);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse GetValidAttachments(RopContext context, GetValidAttachmentsRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        if (!context.Behaviour.HasValidAttachments) throw new RopException(MapiErrorCode.NotSupported);
        return new GetValidAttachmentsResponse(
            request.HandleIndex, [.. message.Attachments.Select(attachment => (uint)(attachment.Properties.GetInteger(PropertyTags.AttachNumber) ?? 0))]);
    }

    public static RopResponse SaveChangesAttachment(RopContext context, SaveChangesAttachmentRequest request)
    {
        var attachment = context.Get<AttachmentObject>(request.AttachmentHandleIndex);
        // Open read-only and open for writing exclude each other. Source: [MS-OXCMSG] 3.2.5.14.
        if (request.SaveFlags.HasFlag(SaveFlags.KeepOpenReadOnly | SaveFlags.KeepOpenReadWrite)) throw new RopException(MapiErrorCode.NotSupported);
        attachment.Save();
        return new RopSuccess(request.Id, request.ResponseHandleIndex);
    }

    /// <summary>It is always open for writing too, as since Exchange 2010 (note 17).</summary>
    public static RopResponse OpenEmbeddedMessage(RopContext context, OpenEmbeddedMessageRequest request)
    {
        if (context.Get<ServerObject>(request.HandleIndex) is not AttachmentObject attachment) throw new RopException(MapiErrorCode.NullObject);
        MessageRops.RequireCodePage(request.CodePageId);
        if (attachment.EmbeddedMessage is null && request.OpenMode != EmbeddedMessageOpenMode.Create) throw new RopException(MapiErrorCode.NotFound);
        var content = attachment.EmbeddedMessage is { } embedded ? MessageCopy.Of(embedded) : null;
        if (content is null) attachment.SetProperty(new PropertyValue(PropertyTags.AttachMethod, AttachEmbedded));
        var message = MessageObject.Embedded(attachment, content, context.Clock.GetUtcNow().UtcDateTime);
        context.Put(request.OutputHandleIndex, message);
        return new OpenEmbeddedMessageResponse(
            request.OutputHandleIndex, default, MessageRops.Summary(message, context.Room - EmbeddedHeader));
    }

    private static MapiAttachment? Find(MessageObject message, uint number) =>
        message.Attachments.Find(attachment => attachment.Properties.GetInteger(PropertyTags.AttachNumber) == (int)number);

    private static List<TableRow> Rows(MessageObject message) =>
        [.. message.Attachments.Select((attachment, place) =>
            new TableRow(attachment.Properties.GetInteger(PropertyTags.AttachNumber) ?? place, _ => Row(attachment)))];

    private static PropertyBag Row(MapiAttachment attachment) =>
        new PropertyBag(attachment.Properties).Set(PropertyTags.AttachSize, MessageProperties.SizeOf(attachment.Properties));
}
