using System.Net;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Mapi;
using Cutover.Mapi.Messages;

namespace Cutover.Endpoints.Microsoft365.Messages;

/// <summary>
/// Writes an item that import refuses as a message of Graph, where it is mail: text, people, times, header and attachments arrive, other properties don't.
/// Another item with the same key, left by an attempt that was cut off or holding an older version, goes.
/// </summary>
internal sealed class MessageWriter(GraphClient graph, MailboxItems items, AttachmentWriter attachments, string userId, string spoolDirectory)
{
    private const string WhatIsLost = "Text, people, times, header and attachments arrived; other properties of the item did not.";

    /// <summary>True for mail, which Graph can hold faithfully enough; signed and encrypted mail lives in its exact bytes.</summary>
    public static bool CanHold(ItemInfo item) => !item.IsAssociated
        && (item.ItemClass.Equals("IPM.Note", StringComparison.OrdinalIgnoreCase) || item.ItemClass.StartsWith("IPM.Note.", StringComparison.OrdinalIgnoreCase))
        && !item.ItemClass.StartsWith("IPM.Note.SMIME", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a refusal of the item itself, which no waiting and no other right mends.</summary>
    public static bool IsOfItem(ServiceRefusal refusal) =>
        refusal.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotImplemented
        && refusal.Code is not ("ErrorQuotaExceeded" or "ErrorMessageSizeExceeded");

    /// <summary>Writes the message and deletes what else carries its key.</summary>
    /// <param name="why">Why the item itself could not be imported; a sentence.</param>
    /// <exception cref="ServiceRefusal">The service refused the message too, or one of its attachments; or the item can't be read as a message.</exception>
    public async Task<UploadedItem> WriteAsync(MailboxItem item, TargetFolderId folder, string why, CancellationToken ct)
    {
        var loss = $"{why} {WhatIsLost}";
        using var spooled = await ReadAsync(item, ct);
        using var mime = MapiToMime.Convert(spooled.Message);
        var created = await graph.PostAsync($"users/{GraphClient.Segment(userId)}/mailFolders/{GraphClient.Segment(folder.Value)}/messages",
            NewMessage.Of(item, spooled.Message.Properties, mime), GraphJson.Default.NewMessage, GraphJson.Default.GraphMailboxItem, ct);
        var message = $"users/{GraphClient.Segment(userId)}/messages/{GraphClient.Segment(created.Id)}";
        try
        {
            foreach (var attachment in MessageAttachment.Of(mime, spoolDirectory))
                using (attachment)
                    await attachments.AddAsync(message, attachment, ct);
        }
        catch (ServiceRefusal refusal) when (!refusal.IsTransient)
        {
            // Half a message is worse than the older one that may stand beside it.
            await items.DeleteAsync(folder, new TargetItem(created.Id, created.ChangeKey ?? ""), ct);
            throw;
        }

        await foreach (var other in items.FindAllAsync(folder, item.Info.Key, ct))
            if (other.Item.Id != created.Id) await items.DeleteAsync(folder, other.Item, ct);
        var whole = await graph.PatchAsync(message, MessageStamp.Of(item, loss), GraphJson.Default.MessageStamp, GraphJson.Default.GraphMailboxItem, ct);
        return new UploadedItem(new TargetItem(whole.Id, whole.ChangeKey ?? ""), loss);
    }

    // Import may have refused it for just that: its bytes are no message, so it costs itself and not its mailbox.
    private async Task<SpooledMessage> ReadAsync(MailboxItem item, CancellationToken ct)
    {
        try
        {
            return await SpooledMessage.ReadAsync(item, spoolDirectory, ct);
        }
        catch (MapiProtocolException e)
        {
            throw new ServiceRefusal(HttpStatusCode.BadRequest, "NotAMessage", e.Message, null);
        }
    }
}
