using Dapper;

namespace Cutover.Lab.Exchange.Store;

/// <summary>What happened to a message.</summary>
public enum MessageEventKind
{
    Created,
    Modified,
    Deleted,
}

/// <summary>Something that happened to a message since a counter; a move is a deletion here and a creation there.</summary>
public sealed record MessageEvent(MessageEventKind Kind, long Folder, long Id, StoredMessage? Message);

/// <content>What happened in the mailbox.</content>
public sealed partial class MailboxStore
{
    /// <summary>The events behind a counter, and the last counter of now.</summary>
    public (IReadOnlyList<MessageEvent> Events, long LastCounter) EventsSince(long counter) => store.Read(database =>
    {
        if (counters.Last == counter) return ((IReadOnlyList<MessageEvent>)[], counter);
        var changed = database.Query<MessageRow>(
            SelectMessages + " AND (id > @counter OR change_number > @counter OR read_change_number > @counter) ORDER BY id", new { Number, counter });
        var gone = database.Query<(long Folder, long Id)>(
            "SELECT folder, id FROM tombstone WHERE mailbox = @Number AND change_number > @counter AND id <= @counter", new { Number, counter });
        return (
            [
                .. changed.Select(row => row.ToMessage()).Select(message => new MessageEvent(
                    message.Id > counter ? MessageEventKind.Created : MessageEventKind.Modified, message.Folder, message.Id, message)),
                .. gone.Select(message => new MessageEvent(MessageEventKind.Deleted, message.Folder, message.Id, null)),
            ],
            counters.Last);
    });
}
