using CsCheck;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP that changes or fills a folder, either way.</summary>
internal static class FolderRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;
    private static readonly Gen<RopId> Empties = Gen.OneOf(Gen.Const(RopId.EmptyFolder), Gen.Const(RopId.HardDeleteMessagesAndSubfolders));
    private static readonly Gen<RopId> Deletes = Gen.OneOf(Gen.Const(RopId.DeleteMessages), Gen.Const(RopId.HardDeleteMessages));

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Index, Ascii, Ascii, Gen.Bool, (i, o, name, comment, unicode) =>
            new CreateFolderRequest(i, o, FolderType.Search, name, comment) { UseUnicode = unicode, OpenExisting = true })),
        Request(Gen.Select(Index, Id, (i, id) => new DeleteFolderRequest(i, DeleteFolderFlags.HardDelete, id))),
        Request(Gen.Select(Empties, Index, Gen.Bool, (rop, i, associated) => new EmptyFolderRequest(rop, i, associated) { WantAsynchronous = true })),
        Request(Gen.Select(Index, Index, Id, Text, (i, d, id, name) => new MoveFolderRequest(i, d, id, name) { WantAsynchronous = true })),
        Request(Gen.Select(Index, Index, Gen.Bool, Id, Ascii, (i, d, deep, id, name) =>
            new CopyFolderRequest(i, d, deep, id, name) { UseUnicode = false })),
        Request(Gen.Select(Deletes, Index, Id.Array[0, 8], (rop, i, ids) => new DeleteMessagesRequest(rop, i, ids) { NotifyNonRead = true })),
        Request(Gen.Select(Index, Index, Id.Array[0, 8], Gen.Bool, (i, d, ids, copy) => new MoveCopyMessagesRequest(i, d, ids, copy))),
        Request(Gen.Select(Index, Bytes, Id.Array[0, 8], (i, restriction, folders) =>
            new SetSearchCriteriaRequest(i, restriction, folders, SearchRequestFlags.Restart | SearchRequestFlags.Recursive))),
        Request(Gen.Select(Index, Gen.Bool, Gen.Bool, (i, restriction, folders) => new GetSearchCriteriaRequest(i, true, restriction, folders))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Index, Id, Gen.Bool),
            e => new CreateFolderRequest(0, e.Item1, FolderType.Generic, "", ""),
            e => new CreateFolderResponse(e.Item1, e.Item2, e.Item3 ? new OpenFolderResponse(e.Item1, HasRules: true) : null)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Gen.OneOf(Gen.Const(0u), Gen.Const(MapiErrorCode.NotFound))),
            e => new DeleteFolderRequest(e.Item1, DeleteFolderFlags.None, default),
            e => new PartialResponse(RopId.DeleteFolder, e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Empties, Index, Gen.Bool),
            e => new EmptyFolderRequest(e.Item1, e.Item2, false),
            e => new PartialResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Index,
            i => new MoveFolderRequest(i, 3, default, "x"),
            i => new MoveFolderRequest(i, 3, default, "x").Failure(i, MapiErrorCode.NullDestinationObject)),
        Exchange(Index, i => new CopyFolderRequest(i, 3, true, default, "x"), i => new PartialResponse(RopId.CopyFolder, i, true)),
        Exchange(
            Gen.Select(Deletes, Index, Gen.Bool),
            e => new DeleteMessagesRequest(e.Item1, e.Item2, []),
            e => new PartialResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new MoveCopyMessagesRequest(e.Item1, 1, [], false),
            e => new PartialResponse(RopId.MoveCopyMessages, e.Item1, true, MapiErrorCode.NullDestinationObject) { DestinationHandleIndex = e.Item2 }),
        Exchange(Index, i => new SetSearchCriteriaRequest(i, default, [], default), i => new RopSuccess(RopId.SetSearchCriteria, i)),
        Exchange(
            Gen.Select(Index, Bytes, Id.Array[0, 8]),
            e => new GetSearchCriteriaRequest(e.Item1),
            e => new GetSearchCriteriaResponse(e.Item1, e.Item2, 0, e.Item3, SearchStateFlags.Running)));
}
