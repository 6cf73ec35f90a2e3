using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// The states that messages have without being opened: read, and PidTagMessageStatus. No receipt is ever sent. Source: [MS-OXCMSG] 3.2.5.8 to
/// 3.2.5.11.
/// </summary>
internal static class MessageStateRops
{
    public static RopResponse GetMessageStatus(RopContext context, GetMessageStatusRequest request) =>
        new MessageStatusResponse(request.HandleIndex, (MessageStatusFlags)Find(context.GetFolder(request.HandleIndex), request.MessageId).Status);

    public static RopResponse SetMessageStatus(RopContext context, SetMessageStatusRequest request)
    {
        var folder = context.GetFolder(request.HandleIndex);
        var message = Find(folder, request.MessageId);
        var old = (MessageStatusFlags)(uint)message.Status;
        folder.Mailbox.SetMessageStatus(message.Id, (int)(old & ~request.Mask | request.Flags & request.Mask));
        return new MessageStatusResponse(request.HandleIndex, old);
    }

    /// <summary>What is gone is passed over, and not told of, as since Exchange 2010 (note 15).</summary>
    public static RopResponse SetReadFlags(RopContext context, SetReadFlagsRequest request)
    {
        var folder = context.GetFolder(request.HandleIndex);
        var mailbox = folder.Mailbox;
        var ids = request.MessageIds.Count > 0
            ? request.MessageIds.Select(mailbox.CounterOf)
            : mailbox.Messages(folder.Folder).Select(message => message.Id);
        if (IsReadAfter(request.ReadFlags) is { } isRead)
        {
            using var bulk = context.Store.BeginBulk();
            foreach (var id in ids.Where(id => mailbox.FindMessage(id)?.Folder == folder.Folder).ToList()) mailbox.SetReadState(id, isRead);
        }
        return new SetReadFlagsResponse(request.HandleIndex, PartialCompletion: false);
    }

    /// <summary>Changes of public folders' messages are told; those of a mailbox aren't. Source: [MS-OXCMSG] 2.2.3.11.2.</summary>
    public static RopResponse SetMessageReadFlag(RopContext context, SetMessageReadFlagRequest request)
    {
        var message = context.GetMessage(request.MessageHandleIndex);
        var wasRead = message.Stored?.IsRead;
        if (message.Stored is { } stored && IsReadAfter(request.ReadFlags) is { } isRead) message.Mailbox.SetReadState(stored.Id, isRead);
        message.Refresh();
        return new SetMessageReadFlagResponse(request.ResponseHandleIndex, message.Mailbox.IsPublic && message.Stored?.IsRead != wasRead)
        {
            LogonId = request.LogonId,
            ClientData = request.ClientData,
        };
    }

    private static bool? IsReadAfter(ReadFlags flags)
    {
        const ReadFlags receiptsOnly = ReadFlags.GenerateReceiptOnly | ReadFlags.ClearNotifyRead | ReadFlags.ClearNotifyUnread;
        if (flags.HasFlag(ReadFlags.ClearReadFlag)) return false;
        return (flags & receiptsOnly) != 0 ? null : true;
    }

    private static StoredMessage Find(FolderObject folder, ObjectId id) =>
        folder.Mailbox.FindMessage(folder.Mailbox.CounterOf(id)) is { } message && message.Folder == folder.Folder
            ? message
            : throw new RopException(MapiErrorCode.NotFound);
}
