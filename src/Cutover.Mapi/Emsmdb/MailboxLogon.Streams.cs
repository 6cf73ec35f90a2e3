using System.Runtime.CompilerServices;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <content>Single properties of messages and attachments, of any size, and what attachments there are.</content>
public sealed partial class MailboxLogon
{
    /// <summary>
    /// A text or binary property of a message or of an attachment as a stream. Attachments are named by their numbers from the message inwards:
    /// none for a property of the message itself; all but the last must hold a message.
    /// </summary>
    /// <exception cref="MapiException">Something of it isn't there or can't be read.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPropertyAsync(
        ObjectId folder, ObjectId message, IReadOnlyList<uint> attachments, PropertyTag tag, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenMessage(batch, folder, message, attachments.SkipLast(1));
        if (attachments.Count > 0) opened.Add(OpenAttachment(batch, opened[^1], attachments[^1]));
        var stream = await PropertyStream.OpenAsync(Session, batch, opened[^1], opened, tag, ct);
        await foreach (var piece in stream.ReadAsync(ct)) yield return piece;
    }

    /// <summary>
    /// The attachments of a message, PidTagAttachNumber among the columns naming each; or of the message in attachment upon attachment.
    /// </summary>
    /// <exception cref="MapiException">The message can't be opened.</exception>
    public async Task<IReadOnlyList<PropertyBag>> GetAttachmentsAsync(
        ObjectId folder, ObjectId message, IReadOnlyList<uint> attachments, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenMessage(batch, folder, message, attachments);
        opened.Add(batch.Receive());
        batch.Add(new GetAttachmentTableRequest(opened[^2], opened[^1], TableFlags.UseUnicode)).Add(new SetColumnsRequest(opened[^1], columns))
            .Add(QueryRows(opened[^1], columns));
        var answer = await Session.ExecuteAsync(batch, ct);
        foreach (var index in opened) Session.ReleaseLater(answer.Handles[index]);
        return [.. answer.ThrowIfFailed().All<QueryRowsResponse>().SelectMany(page => page.Rows).Select(row => row.ToBag(columns))];
    }

    /// <summary>Opens a message, then the message in each attachment; the last index is that of the innermost.</summary>
    private List<byte> OpenMessage(RopBatch batch, ObjectId folder, ObjectId message, IEnumerable<uint> attachments)
    {
        var opened = new List<byte> { batch.Receive() };
        batch.Add(new OpenMessageRequest(batch.Use(handle), opened[0], folder, message));
        foreach (var attachment in attachments)
        {
            opened.Add(OpenAttachment(batch, opened[^1], attachment));
            var embedded = batch.Receive();
            batch.Add(new OpenEmbeddedMessageRequest(opened[^1], embedded));
            opened.Add(embedded);
        }
        return opened;
    }

    private static byte OpenAttachment(RopBatch batch, byte message, uint attachment)
    {
        var opened = batch.Receive();
        batch.Add(new OpenAttachmentRequest(message, opened, attachment));
        return opened;
    }
}
