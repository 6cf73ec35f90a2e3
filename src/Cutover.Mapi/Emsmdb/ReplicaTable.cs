using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// Which replica GUID each replica id of a logon stands for. A mailbox that was moved between databases has several. Source: [MS-OXCSTOR]
/// 3.2.5.7.
/// </summary>
public sealed class ReplicaTable
{
    private readonly Dictionary<ushort, Guid> replicas = [];

    internal void Add(ushort replicaId, Guid replica) => replicas[replicaId] = replica;

    public bool Contains(ushort replicaId) => replicas.ContainsKey(replicaId);

    /// <exception cref="MapiProtocolException">The server never told of this replica id.</exception>
    public Guid ReplicaOf(ushort replicaId) => replicas.TryGetValue(replicaId, out var replica)
        ? replica
        : throw new MapiProtocolException($"The server uses replica id {replicaId} and does not tell which replica it is");

    public LongTermId ToLongTerm(ObjectId id) => new(ReplicaOf(id.ReplicaId), id.Counter);

    /// <summary>The short form; null when this logon has no replica id for the replica.</summary>
    public ObjectId? FromLongTerm(LongTermId id)
    {
        foreach (var (replicaId, replica) in replicas)
        {
            if (replica == id.Replica) return ObjectId.Of(replicaId, id.Counter);
        }
        return null;
    }
}
