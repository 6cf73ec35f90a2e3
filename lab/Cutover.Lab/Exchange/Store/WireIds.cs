using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Store;

/// <summary>A store's counters as ROPs carry them.</summary>
internal static class WireIds
{
    public static ObjectId WireId(this MailboxStore mailbox, long counter) => ObjectId.Of(MailboxStore.ReplicaId, (ulong)counter);

    /// <summary>The counter of an id of this mailbox; 0, which names nothing, for one of another replica.</summary>
    public static long CounterOf(this MailboxStore mailbox, ObjectId id) => id.ReplicaId == MailboxStore.ReplicaId ? (long)id.Counter : 0;
}
