using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Opening, making and saving messages. Source: [MS-OXCMSG] 3.2.5.1 to 3.2.5.3, 3.2.5.7.</summary>
internal static class MessageRops
{
    // RopId, handle index, return value.
    private const int ResponseHeader = 6;

    /// <summary>Best access is to read and write (note 12).</summary>
    public static RopResponse OpenMessage(RopContext context, OpenMessageRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex) is LogonObject or FolderObject
            ? context.Get<ServerObject>(request.HandleIndex).Mailbox
            : throw new RopException(MapiErrorCode.NullObject);
        RequireCodePage(request.CodePageId);
        var opened = mailbox.OpenMessage(mailbox.CounterOf(request.MessageId)) ?? throw new RopException(MapiErrorCode.NotFound);
        if (!IsFoundIn(mailbox, mailbox.CounterOf(request.FolderId), opened.Message)) throw new RopException(MapiErrorCode.NotFound);
        context.Require(mailbox, opened.Message.Folder, MemberRights.ReadAny);
        DamagedMessages.RequireReadable(opened.Message);
        DamagedMessages.Damage(opened.Message, opened.Content);
        // Who asks for the best access gets it without the right too, since Exchange 2010. Source: [MS-OXCMSG] note 12.
        var mode = request.OpenModeFlags & OpenModeFlags.BestAccess;
        if (mode == OpenModeFlags.ReadWrite) context.Require(mailbox, opened.Message.Folder, MemberRights.EditAny);
        var isWritable = mode != OpenModeFlags.ReadOnly;
        var message = MessageObject.Open(mailbox, opened.Message, opened.Content, isWritable);
        context.Put(request.OutputHandleIndex, message);
        return new OpenMessageResponse(request.OutputHandleIndex, Summary(message, context.Room - ResponseHeader));
    }

    /// <summary>The id is told when the message is saved.</summary>
    public static RopResponse CreateMessage(RopContext context, CreateMessageRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        RequireCodePage(request.CodePageId);
        var folder = mailbox.FindFolder(mailbox.CounterOf(request.FolderId)) ?? throw new RopException(MapiErrorCode.NotFound);
        context.Require(mailbox, folder.Id, MemberRights.Create);
        var now = context.Clock.GetUtcNow().UtcDateTime;
        context.Put(request.OutputHandleIndex, MessageObject.Create(mailbox, folder.Id, request.IsAssociated, now));
        return new CreateMessageResponse(request.OutputHandleIndex, MessageId: null);
    }

    /// <summary>KeepOpenReadOnly is passed over, as since Exchange 2010 (note 13).</summary>
    public static RopResponse SaveChangesMessage(RopContext context, SaveChangesMessageRequest request)
    {
        var message = context.Get<MessageObject>(request.MessageHandleIndex);
        var saver = context.Session.Account.LegacyExchangeDN;
        message.Content.Properties.Set(PropertyTags.LastModifierName, context.Store.FindMailbox(saver)?.DisplayName ?? saver);
        message.Save(request.SaveFlags.HasFlag(SaveFlags.ForceSave), context.Behaviour.TellsLostChanges);
        var id = message.Stored is { } stored ? message.Mailbox.WireId(stored.Id) : default;
        return new SaveChangesMessageResponse(request.ResponseHandleIndex, request.MessageHandleIndex, id);
    }

    public static RopResponse ReloadCachedInformation(RopContext context, ReloadCachedInformationRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        return new OpenMessageResponse(request.HandleIndex, Summary(message, context.Room - ResponseHeader), request.Id);
    }

    // A search folder shows messages of other folders.
    private static bool IsFoundIn(MailboxStore mailbox, long folder, StoredMessage message) =>
        message.Folder == folder || mailbox.FindFolder(folder) is { IsSearch: true };

    /// <exception cref="RopException">There is no such code page.</exception>
    public static void RequireCodePage(ushort codePage)
    {
        if (codePage is not (0 or OpenMessageRequest.LogonCodePage) && CodePages.Find(codePage) is null)
            throw new RopException(LabErrorCode.UnknownCodePage);
    }

    /// <summary>What is told of an open message, with as many recipients as fit.</summary>
    public static OpenedMessage Summary(MessageObject message, int room)
    {
        var properties = message.ReadProperties();
        var (prefix, subject) = SubjectOf(properties);
        var summary = new OpenedMessage(
            properties.Any(property => property.Name is not null), prefix, subject, (ushort)message.Recipients.Count)
        {
            RecipientColumns = RecipientRows.ColumnsOf(message),
        };
        var writer = new RopWriter();
        new OpenMessageResponse(0, summary).Write(writer);
        return summary with { RecipientRows = RecipientRows.Fitting(message.Recipients, summary.RecipientColumns, room - writer.Length) };
    }

    private static (string? Prefix, string? Normalized) SubjectOf(PropertyBag properties)
    {
        var (prefix, normalized) = (properties.GetString(PropertyTags.SubjectPrefix), properties.GetString(PropertyTags.NormalizedSubject));
        if (normalized is not null || properties.GetString(PropertyTags.Subject) is not { } subject) return (prefix, normalized);
        if (prefix is not null && subject.StartsWith(prefix, StringComparison.Ordinal)) return (prefix, subject[prefix.Length..]);
        return SubjectParts.Split(subject);
    }
}
