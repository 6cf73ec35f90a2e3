using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP, either way.</summary>
internal static class RopGenerators
{
    internal static readonly Gen<byte> Index = Gen.Byte;
    internal static readonly Gen<ObjectId> Id = Gen.ULong.Select(value => new ObjectId(value));
    internal static readonly Gen<LongTermId> LongId = Gen.Select(Gen.Guid, Gen.ULong[0, 0xFFFF_FFFF_FFFF], (replica, counter) => new LongTermId(replica, counter));
    internal static readonly Gen<string> Ascii = Gen.String[Gen.Char[' ', '~'], 0, 40];
    internal static readonly Gen<string> Text = Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 40];
    internal static readonly Gen<DateTime> Time = Gen.Long[0, 2_000_000_000_000_000_00].Select(DateTime.FromFileTimeUtc);
    internal static readonly Gen<ReadOnlyMemory<byte>> Bytes = Gen.Byte.Array[0, 200].Select(bytes => (ReadOnlyMemory<byte>)bytes);
    internal static readonly Gen<PropertyTag[]> Tags = Gen.UInt.Select(value => new PropertyTag(value)).Array[0, 10];

    internal static readonly Gen<PropertyName> Name = Gen.OneOf(
        Gen.Select(Gen.Guid, Gen.UInt, PropertyName.Of),
        Gen.Select(Gen.Guid, Text, (set, name) => PropertyName.Of(set, name)),
        Gen.Guid.Select(set => new PropertyName(set, null, null)));

    private static readonly (PropertyType Type, Gen<object> Value)[] Types =
    [
        (PropertyType.Integer16, Boxed(Gen.Short)), (PropertyType.Integer32, Boxed(Gen.Int)), (PropertyType.Floating32, Boxed(Gen.Float)),
        (PropertyType.Floating64, Boxed(Gen.Double)), (PropertyType.Integer64, Boxed(Gen.Long)), (PropertyType.Currency, Boxed(Gen.Long)),
        (PropertyType.Boolean, Boxed(Gen.Bool)), (PropertyType.String, Boxed(Text)), (PropertyType.String8, Boxed(Ascii)),
        (PropertyType.Time, Boxed(Time)), (PropertyType.Guid, Boxed(Gen.Guid)), (PropertyType.Binary, Boxed(Gen.Byte.Array[0, 100])),
        (PropertyType.MultipleInteger32, Boxed(Gen.Int.Array[0, 5])), (PropertyType.MultipleString, Boxed(Text.Array[0, 5])),
        (PropertyType.MultipleBinary, Boxed(Gen.Byte.Array[0, 20].Array[0, 5])), (PropertyType.MultipleTime, Boxed(Time.Array[0, 5])),
    ];

    internal static readonly Gen<PropertyValue> Property = Gen.OneOf(Types.Select(type => Gen.Select(
        Gen.UShort, type.Value, (id, value) => new PropertyValue(new PropertyTag(id, type.Type), value))).ToArray());

    private static readonly object Absent = new();

    internal static readonly Gen<(PropertyTag Column, object Value)> Cell = Gen.OneOf(Types.Select(type => Gen.Select(
        Gen.UShort,
        Gen.Frequency((8, type.Value), (1, Gen.UInt.Select(code => (object)new PropertyError(code))), (1, Gen.Const(Absent))),
        Gen.Frequency((9, Gen.Const(type.Type)), (1, Gen.Const(PropertyType.Unspecified))),
        // Without a type in the column the value must tell its own; these can't.
        (id, value, column) => (new PropertyTag(id, IsAmbiguous(type.Type) ? type.Type : column), value))).ToArray());

    internal static readonly Gen<(PropertyTag[] Columns, PropertyRow Row)> Row = Cell.Array[1, 8].Select(cells => (
        cells.Select(cell => cell.Column).ToArray(),
        new PropertyRow(cells.Select(cell => ReferenceEquals(cell.Value, Absent) ? null : cell.Value).ToArray())));

    public static readonly Gen<RopRequest> Requests = Gen.Select(
        Gen.OneOf(
            StreamRopGenerators.Requests,
            MessageRopGenerators.Requests,
            PropertyRopGenerators.Requests,
            TransportRopGenerators.Requests,
            RuleRopGenerators.Requests,
            TableRopGenerators.Requests,
            FolderRopGenerators.Requests,
            StoreRopGenerators.Requests,
            UploadRopGenerators.Requests,
            Request(Index.Select(i => new ReleaseRequest(i))),
            Request(Gen.Select(Index, Gen.UInt, Ascii, (i, flags, dn) => new LogonRequest(i, LogonFlags.Private, (OpenFlags)flags, dn))),
            Request(Gen.Select(Index, Index, Id, (i, o, id) => new OpenFolderRequest(i, o, id))),
            Request(Gen.Select(Index, Index, Gen.Byte, (i, o, flags) => new GetHierarchyTableRequest(i, o, (TableFlags)flags))),
            Request(Gen.Select(Index, Index, Gen.Byte, (i, o, flags) => new GetContentsTableRequest(i, o, (TableFlags)flags))),
            Request(Gen.Select(Index, Index, Id, Id, (i, o, folder, message) => new OpenMessageRequest(i, o, folder, message))),
            Request(Gen.Select(Index, Tags, (i, tags) => new SetColumnsRequest(i, tags))),
            Request(Gen.Select(Index, Gen.Bool, Gen.UShort, (i, forward, count) =>
                new QueryRowsRequest(i, QueryRowsFlags.EnablePackedBuffers, forward, count))),
            Request(Index.Select(i => new QueryPositionRequest(i))),
            Request(Gen.Select(Index, Gen.Int, Gen.Bool, (i, count, want) => new SeekRowRequest(i, Bookmark.Current, count, want))),
            Request(Gen.Select(Index, Tags, Gen.UShort, Gen.Bool, (i, tags, limit, unicode) =>
                new GetPropertiesSpecificRequest(i, tags, limit, unicode))),
            Request(Gen.Select(Index, Gen.Bool, Name.Array[0, 5], (i, create, names) =>
                new GetPropertyIdsFromNamesRequest(i, create, names))),
            Request(Gen.Select(Index, Gen.UShort.Array[0, 8], (i, ids) => new GetNamesFromPropertyIdsRequest(i, ids))),
            Request(Gen.Select(Index, Id, (i, id) => new LongTermIdFromIdRequest(i, id))),
            Request(Gen.Select(Index, LongId, (i, id) => new IdFromLongTermIdRequest(i, id))),
            Request(Gen.Select(Index, Ascii, (i, name) => new GetReceiveFolderRequest(i, name))),
            Request(Index.Select(i => new GetStoreStateRequest(i))),
            Request(Gen.Select(Index, Index, Gen.UShort, Gen.UInt, Tags, Bytes, (i, o, flags, extra, tags, restriction) =>
                new SynchronizationConfigureRequest(
                i, o, SynchronizationType.Contents, SendOptions.Unicode, (SynchronizationFlags)flags, (SynchronizationExtraFlags)extra, tags)
                {
                    Restriction = restriction,
                })),
            Request(Gen.Select(Index, Gen.UInt, Gen.UInt, (i, tag, size) =>
                new UploadStateStreamBeginRequest(i, new PropertyTag(tag), size))),
            Request(Gen.Select(Index, Bytes, (i, bytes) => new UploadStateStreamContinueRequest(i, bytes))),
            Request(Index.Select(i => new UploadStateStreamEndRequest(i))),
            Request(Gen.Select(Index, Index, (i, o) => new GetTransferStateRequest(i, o))),
            Request(Gen.Select(Index, Index, Gen.UInt, Tags, (i, o, flags, tags) =>
                new FastTransferSourceCopyToRequest(i, o, 0, flags, SendOptions.ForUpload, tags))),
            Request(Gen.Select(Index, Index, Id.Array[0, 8], (i, o, ids) =>
                new FastTransferSourceCopyMessagesRequest(i, o, ids, 0, SendOptions.Unicode))),
            Request(Gen.Select(Index, Gen.UShort, (i, size) => new FastTransferSourceGetBufferRequest(i, MaximumBufferSize: size))),
            Request(Gen.Select(Index, Gen.UShort[0, 0xBABD], (i, size) => new FastTransferSourceGetBufferRequest(i, size))),
            Request(Gen.Select(Index, Gen.UShort, Gen.UShort, Gen.UShort, (i, a, b, c) => new TellVersionRequest(i, a, b, c)))),
        Gen.Byte,
        (request, logonId) => request with { LogonId = logonId });

    /// <summary>A request and what a server may answer to it.</summary>
    public static readonly Gen<(RopRequest Request, RopResponse Response)> Exchanges = Gen.OneOf(
        StreamRopGenerators.Exchanges,
        MessageRopGenerators.Exchanges,
        PropertyRopGenerators.Exchanges,
        TransportRopGenerators.Exchanges,
        RuleRopGenerators.Exchanges,
        TableRopGenerators.Exchanges,
        FolderRopGenerators.Exchanges,
        StoreRopGenerators.Exchanges,
        UploadRopGenerators.Exchanges,
        Exchange(
            Gen.Select(Index, Id.Array[13], LongId, Time, Gen.ULong),
            e => new LogonRequest(e.Item1, LogonFlags.Private, OpenFlags.None, "/o=X"),
            e => new LogonResponse(
            e.Item1, LogonFlags.Private, e.Item2, LogonResponseFlags.Reserved, e.Item3.Replica, 1, e.Item3.Replica, Seconds(e.Item4), e.Item5, 0)),
        Exchange(
            Gen.Select(Index, Ascii),
            e => new LogonRequest(e.Item1, LogonFlags.Private, OpenFlags.None, ""),
            e => new LogonRedirectResponse(e.Item1, LogonFlags.Private, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Bool),
            e => new OpenFolderRequest(0, e.Item1, default),
            e => new OpenFolderResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Ascii.Array[0, 4]),
            e => new OpenFolderRequest(0, e.Item1, default),
            e => new OpenFolderResponse(e.Item1, false, true) { Servers = e.Item2, CheapServerCount = 1 }),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new GetHierarchyTableRequest(0, e.Item1, TableFlags.Depth),
            e => new TableResponse(RopId.GetHierarchyTable, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new GetContentsTableRequest(0, e.Item1, TableFlags.None),
            e => new TableResponse(RopId.GetContentsTable, e.Item1, e.Item2)),
        Exchange(Index, i => new SetColumnsRequest(i, []), i => new SetColumnsResponse(i, TableStatus.Complete)),
        Exchange(
            Gen.Select(Index, Row),
            e => new QueryRowsRequest(e.Item1, QueryRowsFlags.Advance, true, 50) { Columns = e.Item2.Columns },
            e => new QueryRowsResponse(e.Item1, Bookmark.Current, e.Item2.Columns, [e.Item2.Row, e.Item2.Row])),
        Exchange(
            Gen.Select(Index, Gen.UInt, Gen.UInt),
            e => new QueryPositionRequest(e.Item1),
            e => new QueryPositionResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Gen.Int),
            e => new SeekRowRequest(e.Item1, Bookmark.End, 1),
            e => new SeekRowResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Row),
            e => new GetPropertiesSpecificRequest(e.Item1, e.Item2.Columns),
            e => new GetPropertiesSpecificResponse(e.Item1, e.Item2.Columns, e.Item2.Row)),
        Exchange(
            Gen.Select(Index, Gen.UShort.Array[0, 8], Gen.Bool),
            e => new GetPropertyIdsFromNamesRequest(e.Item1, false, []),
            e => new GetPropertyIdsFromNamesResponse(e.Item1, e.Item2)
            {
                ReturnValue = e.Item3 ? GetPropertyIdsFromNamesResponse.ErrorsReturned : 0,
            }),
        Exchange(
            Gen.Select(Index, Name.Array[0, 5]),
            e => new GetNamesFromPropertyIdsRequest(e.Item1, []),
            e => new GetNamesFromPropertyIdsResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, LongId),
            e => new LongTermIdFromIdRequest(e.Item1, default),
            e => new LongTermIdFromIdResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Id),
            e => new IdFromLongTermIdRequest(e.Item1, default),
            e => new IdFromLongTermIdResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Id, Ascii),
            e => new GetReceiveFolderRequest(e.Item1, ""),
            e => new GetReceiveFolderResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(Gen.Select(Index, Gen.UInt), e => new GetStoreStateRequest(e.Item1), e => new GetStoreStateResponse(e.Item1, e.Item2)),
        Exchange(
            Index,
            i => new SynchronizationConfigureRequest(0, i, SynchronizationType.Contents, 0, 0, 0, []),
            i => new RopSuccess(RopId.SynchronizationConfigure, i)),
        Exchange(
            Index,
            i => new UploadStateStreamBeginRequest(i, default, 0),
            i => new RopSuccess(RopId.SynchronizationUploadStateStreamBegin, i)),
        Exchange(
            Index,
            i => new UploadStateStreamContinueRequest(i, default),
            i => new RopSuccess(RopId.SynchronizationUploadStateStreamContinue, i)),
        Exchange(Index, i => new UploadStateStreamEndRequest(i), i => new RopSuccess(RopId.SynchronizationUploadStateStreamEnd, i)),
        Exchange(Index, i => new GetTransferStateRequest(0, i), i => new RopSuccess(RopId.SynchronizationGetTransferState, i)),
        Exchange(
            Index,
            i => new FastTransferSourceCopyToRequest(0, i, 0, 0, 0, []),
            i => new RopSuccess(RopId.FastTransferSourceCopyTo, i)),
        Exchange(
            Index,
            i => new FastTransferSourceCopyMessagesRequest(0, i, [], 0, 0),
            i => new RopSuccess(RopId.FastTransferSourceCopyMessages, i)),
        Exchange(
            Gen.Select(Index, Bytes, Gen.UShort),
            e => new FastTransferSourceGetBufferRequest(e.Item1),
            e => new FastTransferSourceGetBufferResponse(e.Item1, TransferStatus.Partial, e.Item3, 9, e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new FastTransferSourceGetBufferRequest(e.Item1),
            e => new FastTransferSourceGetBufferResponse(e.Item1, TransferStatus.Partial, 0, 0, default, MapiErrorCode.ServerBusy) { BackoffTime = e.Item2 }),
        Exchange(Index, i => new TellVersionRequest(i, 1, 2, 3), i => new RopSuccess(RopId.TellVersion, i)),
        Exchange(
            Gen.Select(Index, Gen.UInt[1, 0x477]),
            e => new OpenFolderRequest(0, e.Item1, default),
            e => new RopFailure(RopId.OpenFolder, e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Gen.UShort, Bytes),
            _ => new OpenFolderRequest(0, 0, default),
            e => new BufferTooSmallResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Gen.Byte, Gen.UInt, Bytes),
            _ => new OpenFolderRequest(0, 0, default),
            e => new BackoffResponse(e.Item1, e.Item2, [new BackoffRop(RopId.OpenFolder, 7)]) { AdditionalData = e.Item3 }),
        Exchange(Gen.UShort, _ => new OpenFolderRequest(0, 0, default), session => new PendingResponse(session)));

    internal static Gen<object> Boxed<T>(Gen<T> values) where T : notnull => values.Select(value => (object)value);

    private static bool IsAmbiguous(PropertyType type) =>
        type is PropertyType.Currency or PropertyType.String8 or PropertyType.MultipleTime or PropertyType.ErrorCode;

    private static DateTime Seconds(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    internal static Gen<RopRequest> Request<T>(Gen<T> requests) where T : RopRequest => requests.Select(request => (RopRequest)request);

    internal static Gen<(RopRequest Request, RopResponse Response)> Exchange<T>(Gen<T> values, Func<T, RopRequest> request, Func<T, RopResponse> response) =>
        values.Select(value => (request(value), response(value)));
}
