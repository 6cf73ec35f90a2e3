using Dapper;

namespace Cutover.Lab.Exchange.Store;

/// <content>The replicas that it knows besides its own: REPLIDs for the GUIDs of others. Source: [MS-OXCSTOR] 3.2.1, 3.2.5.9.</content>
public sealed partial class MailboxStore
{
    private const int LastReplica = 0x7FFF;

    /// <summary>The REPLID of a replica, given when it is new; null when none is left.</summary>
    public ushort? ReplicaIdOf(Guid replica) => replica == ReplicaGuid ? ReplicaId : store.Write(database =>
    {
        var known = database.ExecuteScalar<long?>(
            "SELECT id FROM replica WHERE mailbox = @Number AND guid = @guid", new { Number, guid = replica.ToString() });
        if (known is { } id) return (ushort?)id;
        var next = (database.ExecuteScalar<long?>("SELECT MAX(id) FROM replica WHERE mailbox = @Number", new { Number }) ?? ReplicaId) + 1;
        if (next > LastReplica) return null;
        database.Execute(
            "INSERT INTO replica(mailbox, id, guid) VALUES (@Number, @next, @guid)", new { Number, next, guid = replica.ToString() });
        return (ushort)next;
    });

    /// <summary>The replica of a REPLID; null when there is none.</summary>
    public Guid? ReplicaGuidOf(ushort id) => id == ReplicaId ? ReplicaGuid : store.Read(database => database.ExecuteScalar<string?>(
        "SELECT guid FROM replica WHERE mailbox = @Number AND id = @id", new { Number, id })) is { } guid ? Guid.Parse(guid) : null;

    /// <summary>Keeps so many counters for a client that makes objects offline: the first of them. Source: [MS-OXCFXICS] 3.2.5.9.4.7.</summary>
    public long ReserveCounters(uint count) => store.Write(database => counters.Reserve(database, count));
}
