using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The recipients of an open message. Source: [MS-OXCMSG] 3.2.5.4 to 3.2.5.6.</summary>
internal static class RecipientRops
{
    // RopId, handle index, return value, row count.
    private const int ReadRecipientsOverhead = 7;
    private const int RowIdSize = 4;

    /// <summary>From the row asked for on, as many as fit. 0 is the first whatever its number.</summary>
    public static RopResponse ReadRecipients(RopContext context, ReadRecipientsRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        var recipients = message.Recipients;
        var first = recipients.FindIndex(recipient => RowIdOf(recipient) == request.RowId);
        if (first < 0 && request.RowId == 0 && recipients.Count > 0) first = 0;
        if (first < 0) throw new RopException(MapiErrorCode.NotFound);
        var rest = recipients[first..];
        var room = context.Room - ReadRecipientsOverhead - RowIdSize * Math.Min(rest.Count, byte.MaxValue);
        var rows = RecipientRows.Fitting(rest, RecipientRows.ColumnsOf(message), room);
        if (rows.Count == 0) throw new RopException(MapiErrorCode.BufferTooSmall);
        return new ReadRecipientsResponse(request.HandleIndex, [.. rows.Select((row, i) => new ReadRecipientRow(RowIdOf(rest[i]), row))]);
    }

    public static RopResponse RemoveAllRecipients(RopContext context, RemoveAllRecipientsRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        message.Recipients.Clear();
        message.RecipientsChanged();
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>Every row takes the place of the one with its number; an empty one removes it.</summary>
    public static RopResponse ModifyRecipients(RopContext context, ModifyRecipientsRequest request)
    {
        var message = context.GetMessage(request.HandleIndex);
        foreach (var row in request.Rows)
        {
            var place = message.Recipients.FindIndex(recipient => RowIdOf(recipient) == row.RowId);
            if (row.Row.IsEmpty && place >= 0) message.Recipients.RemoveAt(place);
            if (row.Row.IsEmpty) continue;
            var recipient = RecipientRows.Read(row, request.Columns);
            if (place >= 0) message.Recipients[place] = recipient;
            else message.Recipients.Add(recipient);
        }
        message.RecipientColumns = request.Columns;
        message.Recipients.Sort((x, y) => RowIdOf(x).CompareTo(RowIdOf(y)));
        message.RecipientsChanged();
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static uint RowIdOf(PropertyBag recipient) => (uint)(recipient.GetInteger(PropertyTags.Rowid) ?? 0);
}
