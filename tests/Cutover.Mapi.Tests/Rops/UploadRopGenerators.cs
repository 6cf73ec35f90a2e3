using CsCheck;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP that brings changes or streams to a server, or copies out of it, either way.</summary>
internal static class UploadRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;
    private static readonly Gen<RopId> Puts = Gen.OneOf(
        Gen.Const(RopId.FastTransferDestinationPutBuffer), Gen.Const(RopId.FastTransferDestinationPutBufferExtended));

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Index, Tags, (i, o, tags) => new FastTransferSourceCopyPropertiesRequest(i, o, 0, 1, SendOptions.Unicode, tags))),
        Request(Gen.Select(Index, Index, Gen.Byte, (i, o, flags) => new FastTransferSourceCopyFolderRequest(i, o, flags, SendOptions.ForUpload))),
        Request(Gen.Select(Index, Index, Gen.Byte, (i, o, flags) =>
            new FastTransferDestinationConfigureRequest(i, o, SourceOperation.CopyMessages, flags))),
        Request(Gen.Select(Puts, Index, Bytes, (put, i, bytes) => new FastTransferDestinationPutBufferRequest(put, i, bytes))),
        Request(Gen.Select(Index, Index, Gen.Bool, (i, o, contents) => new OpenCollectorRequest(i, o, contents))),
        Request(Gen.Select(Index, Index, Property.Array[0, 5], (i, o, properties) =>
            new ImportMessageChangeRequest(i, o, ImportFlags.FailOnConflict, properties))),
        Request(Gen.Select(Index, Property.Array[0, 5], Property.Array[0, 5], (i, hierarchy, properties) =>
            new ImportHierarchyChangeRequest(i, hierarchy, properties))),
        Request(Gen.Select(Index, Bytes, Bytes, Bytes, (i, a, b, c) => new ImportMessageMoveRequest(i, a, b, c, a, b))),
        Request(Gen.Select(Index, Property.Array[0, 3], (i, properties) => new ImportDeletesRequest(i, ImportDeleteFlags.HardDelete, properties))),
        Request(Gen.Select(Index, Gen.Select(Bytes, Gen.Bool, (id, read) => new MessageReadState(id, read)).Array[0, 5], (i, states) =>
            new ImportReadStateChangesRequest(i, states))),
        Request(Gen.Select(Index, Gen.UInt, (i, count) => new GetLocalReplicaIdsRequest(i, count))),
        Request(Gen.Select(Index, Gen.Select(LongId, LongId, (first, last) => new LongTermIdRange(first, last)).Array[0, 5], (i, ranges) =>
            new SetLocalReplicaMidsetDeletedRequest(i, ranges))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Puts, Index, Gen.UShort, Gen.UShort),
            e => new FastTransferDestinationPutBufferRequest(e.Item1, e.Item2, default),
            e => new FastTransferDestinationPutBufferResponse(e.Item1, e.Item2, TransferStatus.Done, e.Item3, e.Item4, e.Item3)),
        Exchange(
            Gen.Select(Puts, Index),
            e => new FastTransferDestinationPutBufferRequest(e.Item1, e.Item2, default),
            e => new FastTransferDestinationPutBufferRequest(e.Item1, e.Item2, default).Failure(e.Item2, MapiErrorCode.InvalidParameter)),
        Exchange(Index, i => new OpenCollectorRequest(0, i, true), i => new RopSuccess(RopId.SynchronizationOpenCollector, i)),
        Exchange(
            Gen.Select(Index, Id),
            e => new ImportMessageChangeRequest(0, e.Item1, 0, []),
            e => new ImportedResponse(RopId.SynchronizationImportMessageChange, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Id),
            e => new ImportHierarchyChangeRequest(e.Item1, [], []),
            e => new ImportedResponse(RopId.SynchronizationImportHierarchyChange, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, LongId),
            e => new GetLocalReplicaIdsRequest(e.Item1, 1),
            e => new GetLocalReplicaIdsResponse(e.Item1, e.Item2.Replica, e.Item2.Counter)),
        Exchange(Index, i => new SetLocalReplicaMidsetDeletedRequest(i, []), i => new RopSuccess(RopId.SetLocalReplicaMidsetDeleted, i)));
}
