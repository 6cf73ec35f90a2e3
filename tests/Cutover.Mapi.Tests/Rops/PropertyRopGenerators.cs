using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP that lists or changes properties, either way.</summary>
internal static class PropertyRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    private static Gen<PropertyValue[]> Values => Property.Array[0, 5];

    private static Gen<PropertyProblem[]> Problems => Gen.Select(
        Gen.UShort, Gen.UInt, Gen.UInt, (index, tag, error) => new PropertyProblem(index, new PropertyTag(tag), error)).Array[0, 4];

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Gen.UShort, Gen.Bool, (i, limit, unicode) => new GetPropertiesAllRequest(i, limit, unicode))),
        Request(Index.Select(i => new GetPropertiesListRequest(i))),
        Request(Gen.Select(Index, Gen.Guid, Gen.Bool, (i, set, has) =>
            new QueryNamedPropertiesRequest(i, NamedPropertiesQueryFlags.NoIds, has ? set : null))),
        Request(Gen.Select(Index, Values, (i, values) => new SetPropertiesRequest(i, values))),
        Request(Gen.Select(Index, Values, (i, values) => new SetPropertiesRequest(i, values, RopId.SetPropertiesNoReplicate))),
        Request(Gen.Select(Index, Tags, (i, tags) => new DeletePropertiesRequest(i, tags))),
        Request(Gen.Select(Index, Tags, (i, tags) => new DeletePropertiesRequest(i, tags, RopId.DeletePropertiesNoReplicate))),
        Request(Gen.Select(Index, Index, Gen.Bool, Tags, (i, o, later, tags) =>
            new CopyPropertiesRequest(i, o, later, PropertyCopyFlags.NoOverwrite, tags))),
        Request(Gen.Select(Index, Index, Gen.Bool, Tags, (i, o, deep, tags) => new CopyToRequest(i, o, true, deep, PropertyCopyFlags.Move, tags))),
        Request(Gen.Select(Index, Gen.Bool, (i, cancel) => new ProgressRequest(i, cancel))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Index, Values),
            e => new GetPropertiesAllRequest(e.Item1),
            e => new GetPropertiesAllResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Tags),
            e => new GetPropertiesListRequest(e.Item1),
            e => new GetPropertiesListResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Select(Gen.UShort, Name).Array[0, 4]),
            e => new QueryNamedPropertiesRequest(e.Item1, 0, null),
            e => new QueryNamedPropertiesResponse(
                e.Item1, e.Item2.Select(pair => pair.Item1).ToArray(), e.Item2.Select(pair => pair.Item2).ToArray())),
        Exchange(
            Gen.Select(Index, Problems),
            e => new SetPropertiesRequest(e.Item1, []),
            e => new PropertyProblemsResponse(RopId.SetProperties, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Problems),
            e => new DeletePropertiesRequest(e.Item1, [], RopId.DeletePropertiesNoReplicate),
            e => new PropertyProblemsResponse(RopId.DeletePropertiesNoReplicate, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Problems),
            e => new CopyPropertiesRequest(e.Item1, 1, false, 0, []),
            e => new PropertyProblemsResponse(RopId.CopyProperties, e.Item1, e.Item2)),
        Exchange(
            Index,
            i => new CopyToRequest(i, 7, false, true, 0, []),
            i => new CopyToRequest(i, 7, false, true, 0, []).Failure(i, MapiErrorCode.NullDestinationObject)),
        Exchange(
            Gen.Select(Index, Gen.Byte, Gen.UInt, Gen.UInt),
            e => new ProgressRequest(e.Item1, false),
            e => new ProgressResponse(e.Item1, e.Item2, e.Item3, e.Item4)));
}
