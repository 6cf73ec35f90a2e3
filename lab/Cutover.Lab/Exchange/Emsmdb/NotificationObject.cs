using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// What a client wants to hear of: new mail, and messages that are made, changed or deleted. Other events are accepted and never happen. Source:
/// [MS-OXCNOTIF] 3.1.4.3.
/// </summary>
internal sealed class NotificationObject(MailboxStore mailbox, RegisterNotificationRequest asked) : ServerObject(mailbox)
{
    private const int FlagUnsent = 0x08;
    private readonly long inbox = mailbox.FolderOf(SpecialFolder.Inbox);
    private long seen = mailbox.LastCounter;

    /// <summary>What happened since the last time that this was asked.</summary>
    public IReadOnlyList<NotifyResponse> Take(uint handle)
    {
        var (events, last) = Mailbox.EventsSince(seen);
        seen = last;
        return [.. events.Where(IsInScope).SelectMany(happened => Tell(handle, happened))];
    }

    private bool IsInScope(MessageEvent happened)
    {
        if (asked.Scope is not { } scope) return true;
        if (scope.Message != default) return Mailbox.CounterOf(scope.Message) == happened.Id;
        return Mailbox.CounterOf(scope.Folder) == happened.Folder;
    }

    private IEnumerable<NotifyResponse> Tell(uint handle, MessageEvent happened)
    {
        var named = new NotifiedObject(Mailbox.WireId(happened.Folder), Mailbox.WireId(happened.Id));
        var kind = happened.Kind switch
        {
            MessageEventKind.Created => NotificationTypes.ObjectCreated,
            MessageEventKind.Modified => NotificationTypes.ObjectModified,
            _ => NotificationTypes.ObjectDeleted,
        };
        if (asked.Types.HasFlag(kind))
            yield return new NotifyResponse(handle, asked.LogonId, kind | NotificationTypes.Message) { Object = named, Tags = [] };
        if (!asked.Types.HasFlag(NotificationTypes.NewMail) || !IsNewMail(happened)) yield break;
        yield return new NotifyResponse(handle, asked.LogonId, NotificationTypes.NewMail | NotificationTypes.Message)
        {
            Object = named,
            MessageFlags = (uint)happened.Message!.Flags,
            MessageClass = happened.Message.ItemClass,
        };
    }

    private bool IsNewMail(MessageEvent happened) =>
        happened is { Kind: MessageEventKind.Created, Message: { IsAssociated: false } message } && message.Folder == inbox && (message.Flags & FlagUnsent) == 0;
}

/// <summary>Registering for notifications; they come with the answers to later calls. Source: [MS-OXCNOTIF] 3.1.4.3.</summary>
internal static class NotificationRops
{
    public static RopResponse RegisterNotification(RopContext context, RegisterNotificationRequest request)
    {
        var logon = context.Get<LogonObject>(request.HandleIndex);
        if (request.Types == NotificationTypes.None) throw new RopException(Mapi.MapiErrorCode.InvalidParameter);
        context.Put(request.OutputHandleIndex, new NotificationObject(logon.Mailbox, request));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }
}
