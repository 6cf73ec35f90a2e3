using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP of a stream, either way.</summary>
internal static class StreamRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Index, Gen.UInt, (i, o, tag) => new OpenStreamRequest(i, o, new PropertyTag(tag), StreamOpenMode.ReadWrite))),
        Request(Gen.Select(Index, Gen.UInt, (i, maximum) => new ReadStreamRequest(i, MaximumByteCount: maximum))),
        Request(Gen.Select(Index, Gen.UShort[0, 0xBABD], (i, count) => new ReadStreamRequest(i, count))),
        Request(Gen.Select(Index, Bytes, (i, bytes) => new WriteStreamRequest(i, bytes))),
        Request(Gen.Select(Index, Bytes, (i, bytes) => new WriteStreamExtendedRequest(i, bytes))),
        Request(Gen.Select(Index, Bytes, (i, bytes) => new WriteStreamRequest(i, bytes, RopId.WriteAndCommitStream))),
        Request(Index.Select(i => new CommitStreamRequest(i))),
        Request(Index.Select(i => new GetStreamSizeRequest(i))),
        Request(Gen.Select(Index, Gen.ULong, (i, size) => new SetStreamSizeRequest(i, size))),
        Request(Gen.Select(Index, Gen.Long, (i, offset) => new SeekStreamRequest(i, StreamOrigin.End, offset))),
        Request(Gen.Select(Index, Index, Gen.ULong, (i, o, count) => new CopyToStreamRequest(i, o, count))),
        Request(Gen.Select(Index, Gen.ULong, Gen.Bool, (i, offset, locks) => new LockRegionStreamRequest(
            locks ? RopId.LockRegionStream : RopId.UnlockRegionStream, i, offset, 7, 1))),
        Request(Gen.Select(Index, Index, (i, o) => new CloneStreamRequest(i, o))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new OpenStreamRequest(0, e.Item1, default),
            e => new StreamSizeResponse(RopId.OpenStream, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new GetStreamSizeRequest(e.Item1),
            e => new StreamSizeResponse(RopId.GetStreamSize, e.Item1, e.Item2)),
        Exchange(Gen.Select(Index, Bytes), e => new ReadStreamRequest(e.Item1), e => new ReadStreamResponse(e.Item1, e.Item2)),
        Exchange(Index, i => new ReadStreamRequest(i), i => new ReadStreamRequest(i).Failure(i, MapiErrorCode.NotFound)),
        Exchange(
            Gen.Select(Index, Gen.UShort),
            e => new WriteStreamRequest(e.Item1, default),
            e => new WriteStreamResponse(RopId.WriteStream, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.UShort, Gen.UInt),
            e => new WriteStreamRequest(e.Item1, default, RopId.WriteAndCommitStream),
            e => new WriteStreamResponse(RopId.WriteAndCommitStream, e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Gen.UInt, Gen.UInt),
            e => new WriteStreamExtendedRequest(e.Item1, default),
            e => new WriteStreamExtendedResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(Index, i => new CommitStreamRequest(i), i => new RopSuccess(RopId.CommitStream, i)),
        Exchange(Index, i => new SetStreamSizeRequest(i, 5), i => new RopSuccess(RopId.SetStreamSize, i)),
        Exchange(
            Gen.Select(Index, Gen.ULong),
            e => new SeekStreamRequest(e.Item1, StreamOrigin.Current, 0),
            e => new SeekStreamResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.ULong, Gen.ULong),
            e => new CopyToStreamRequest(e.Item1, 3, 9),
            e => new CopyToStreamResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Index,
            i => new CopyToStreamRequest(i, 3, 9),
            i => new CopyToStreamRequest(i, 3, 9).Failure(i, MapiErrorCode.NullDestinationObject)),
        Exchange(Index, i => new LockRegionStreamRequest(RopId.LockRegionStream, i, 0, 1, 1), i => new RopSuccess(RopId.LockRegionStream, i)),
        Exchange(Index, i => new CloneStreamRequest(0, i), i => new RopSuccess(RopId.CloneStream, i)));
}
