using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Opening messages. Source: [MS-OXCMSG] 3.2.5.1.</summary>
internal static class MessageRops
{
    public static RopResponse OpenMessage(RopContext context, OpenMessageRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        var opened = mailbox.OpenMessage(mailbox.CounterOf(request.MessageId)) ?? throw new RopException(MapiErrorCode.NotFound);
        DamagedMessages.RequireReadable(opened.Message);
        MessageProperties.AddComputed(mailbox, opened.Message, opened.Content);
        DamagedMessages.Damage(opened.Message, opened.Content);
        context.Put(request.OutputHandleIndex, new MessageObject(mailbox, opened.Message, opened.Content));
        var properties = opened.Content.Properties;
        // The recipients' rows are left to RopReadRecipients, as when none fits the buffer.
        return new OpenMessageResponse(request.OutputHandleIndex, new OpenedMessage(
            properties.Any(property => property.Name is not null), properties.GetString(PropertyTags.SubjectPrefix),
            properties.GetString(PropertyTags.NormalizedSubject) ?? opened.Message.Subject, (ushort)opened.Content.Recipients.Count));
    }
}
