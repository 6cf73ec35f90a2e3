using CsCheck;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP about receive folders and public folders, either way.</summary>
internal static class StoreRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Id, Ascii, (i, id, name) => new SetReceiveFolderRequest(i, id, name))),
        Request(Index.Select(i => new GetReceiveFolderTableRequest(i))),
        Request(Gen.Select(Index, Id, (i, id) => new GetOwningServersRequest(i, id))),
        Request(Gen.Select(Index, Id, (i, id) => new PublicFolderIsGhostedRequest(i, id))),
        Request(Gen.Select(Index, Gen.Guid, (i, guid) => new GetPerUserLongTermIdsRequest(i, guid))),
        Request(Gen.Select(Index, LongId, (i, id) => new GetPerUserGuidRequest(i, id))),
        Request(Gen.Select(Index, LongId, Gen.UInt, Gen.UShort, (i, id, offset, size) => new ReadPerUserInformationRequest(i, id, offset, size))),
        Request(Gen.Select(Index, LongId, Gen.UInt[0, 1], Bytes, (i, id, offset, bytes) =>
            new WritePerUserInformationRequest(i, id, true, offset, bytes) { DatabaseGuid = offset == 0 ? id.Replica : null })));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Index, Id.Array[13], LongId),
            e => new LogonRequest(e.Item1, LogonFlags.None, OpenFlags.Public, ""),
            e => new PublicLogonResponse(e.Item1, LogonFlags.None, e.Item2, 1, e.Item3.Replica, e.Item3.Replica)),
        Exchange(Index, i => new SetReceiveFolderRequest(i, default, ""), i => new RopSuccess(RopId.SetReceiveFolder, i)),
        Exchange(
            Gen.Select(Index, Id, Ascii, Time),
            e => new GetReceiveFolderTableRequest(e.Item1),
            e => new GetReceiveFolderTableResponse(e.Item1, [new PropertyRow([e.Item2.ToInt64(), e.Item3, e.Item4])])),
        Exchange(
            Gen.Select(Index, Ascii.Array[0, 4]),
            e => new GetOwningServersRequest(e.Item1, default),
            e => new GetOwningServersResponse(e.Item1, 1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Ascii.Array[0, 4]),
            e => new PublicFolderIsGhostedRequest(e.Item1, default),
            e => new PublicFolderIsGhostedResponse(e.Item1, e.Item2) { Servers = e.Item2 ? e.Item3 : [] }),
        Exchange(
            Gen.Select(Index, LongId.Array[0, 4]),
            e => new GetPerUserLongTermIdsRequest(e.Item1, default),
            e => new GetPerUserLongTermIdsResponse(e.Item1, e.Item2)),
        Exchange(Gen.Select(Index, Gen.Guid), e => new GetPerUserGuidRequest(e.Item1, default), e => new GetPerUserGuidResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Bytes),
            e => new ReadPerUserInformationRequest(e.Item1, default, 0, 0),
            e => new ReadPerUserInformationResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Index,
            i => new WritePerUserInformationRequest(i, default, true, 0, default),
            i => new RopSuccess(RopId.WritePerUserInformation, i)));
}
