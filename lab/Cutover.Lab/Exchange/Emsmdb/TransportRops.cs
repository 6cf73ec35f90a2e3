using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Sending. No message leaves this server: one for a mailbox of the organisation is put into its Inbox, any other goes nowhere; the sender keeps
/// it in Sent Items. Source: [MS-OXOMSG] 3.2.5.
/// </summary>
internal static class TransportRops
{
    private const int FlagUnsent = 0x08;
    private const int FlagSubmitted = 0x04;
    private static readonly string[] AddressTypes = ["EX", "SMTP", "MAPIPDL"];

    public static RopResponse SubmitMessage(RopContext context, SubmitMessageRequest request)
    {
        Send(context, context.GetMessage(request.HandleIndex));
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse TransportSend(RopContext context, TransportSendRequest request)
    {
        Send(context, context.GetMessage(request.HandleIndex));
        return new TransportSendResponse(request.HandleIndex, Values: null);
    }

    /// <summary>What was submitted is delivered already.</summary>
    public static RopResponse AbortSubmit(RopContext context, AbortSubmitRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        var isThere = mailbox.FindMessage(mailbox.CounterOf(request.MessageId)) is not null;
        throw new RopException(isThere ? LabErrorCode.UnableToAbort : MapiErrorCode.NotFound);
    }

    public static RopResponse GetAddressTypes(RopContext context, GetAddressTypesRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        return new GetAddressTypesResponse(request.HandleIndex, AddressTypes);
    }

    /// <summary>A client may say that it sends mail itself; none is left for it.</summary>
    public static RopResponse SetSpooler(RopContext context, SetSpoolerRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse SpoolerLockMessage(RopContext context, SpoolerLockMessageRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        if (mailbox.FindMessage(mailbox.CounterOf(request.MessageId)) is null) throw new RopException(MapiErrorCode.NotFound);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse TransportNewMail(RopContext context, TransportNewMailRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse GetTransportFolder(RopContext context, GetTransportFolderRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        return new GetTransportFolderResponse(request.HandleIndex, mailbox.WireId(mailbox.FolderOf(SpecialFolder.Outbox)));
    }

    public static RopResponse OptionsData(RopContext context, OptionsDataRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        return new OptionsDataResponse(request.HandleIndex, default, default, HelpFileName: null);
    }

    private static void Send(RopContext context, MessageObject message)
    {
        if (message.Container is not null) throw new RopException(MapiErrorCode.NotSupported);
        message.Save(force: true, tellsLostChanges: true);
        if (message.Stored is not { } stored) throw new RopException(LabErrorCode.ObjectDeleted);
        var now = context.Clock.GetUtcNow().UtcDateTime;
        using var bulk = context.Store.BeginBulk();
        foreach (var recipient in message.Recipients.Select(AddressOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (context.Store.FindMailbox(recipient) is { } mailbox)
                mailbox.SaveMessage(mailbox.FolderOf(SpecialFolder.Inbox), Sent(message, now, delivered: true), isRead: false);
        }
        message.Mailbox.UpdateMessage(stored.Id, Sent(message, now, delivered: false));
        message.Mailbox.MoveMessage(stored.Id, message.Mailbox.FolderOf(SpecialFolder.SentItems));
    }

    // Mailboxes are found by legacyExchangeDN.
    private static string? AddressOf(PropertyBag recipient) =>
        recipient.GetString(PropertyTags.AddressType) == "EX" ? recipient.GetString(PropertyTags.EmailAddress) : null;

    private static MapiMessage Sent(MessageObject message, DateTime now, bool delivered)
    {
        var copy = MessageCopy.Of(message.Content);
        var flags = copy.Properties.GetInteger(PropertyTags.MessageFlags) ?? 0;
        copy.Properties.Set(PropertyTags.MessageFlags, flags & ~FlagUnsent | (delivered ? 0 : FlagSubmitted)).Set(PropertyTags.ClientSubmitTime, now);
        if (delivered) copy.Properties.Set(PropertyTags.MessageDeliveryTime, now);
        return copy;
    }
}
