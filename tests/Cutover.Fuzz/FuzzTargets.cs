using System.Text;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Fuzz;

/// <summary>Every decoder that reads what came over a wire.</summary>
internal static class FuzzTargets
{
    /// <summary>Bytes fed at a time: a number that no structure has.</summary>
    private const int Piece = 61;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("fasttransfer", Seeds.FastTransferStreams, bytes => Lex(bytes, new Sink())),
        new("message", Seeds.FastTransferStreams, BuildMessage),
        new("sync", Seeds.FastTransferStreams, bytes => Lex(bytes, new ContentsSyncReader(new Sink()))),
        new("item-stream", Seeds.ItemStreams, ReadItemStream),
        new("digest", Seeds.FastTransferStreams, bytes => Lex(bytes, new ImportFilter(new ItemStamp(new ItemDigest(), "k", "v")))),
        new("idset", Seeds.IdSets, bytes => _ = IdSet.Parse(bytes)),
        new("idset-replids", Seeds.IdSets, bytes => _ = IdSet.ParseReplIds(bytes, _ => Guid.Empty)),
        new("sync-state", Seeds.IdSets, bytes => _ = ContentsSyncState.Parse(bytes)),
        .. AddressBook().Select(target => new FuzzTarget($"nspi-{target.Name}", Seeds.AddressBookStubs, target.Decode)),
        .. Emsmdb(),
        .. MessageTargets.All,
        .. ItemFuzzTargets.All,
        .. MapiHttp(),
        .. SecurityTargets.All,
    ];

    private static IEnumerable<(string Name, Action<byte[]> Decode)> AddressBook() =>
    [
        ("bind", bytes => NspiBindRequest.Read(bytes)), ("bind-answer", bytes => NspiBindResponse.Read(bytes)),
        ("update-stat", bytes => NspiUpdateStatRequest.Read(bytes)), ("query-rows", bytes => NspiQueryRowsRequest.Read(bytes)),
        ("rows-answer", bytes => NspiRowsResponse.Read(bytes)), ("get-matches", bytes => NspiGetMatchesRequest.Read(bytes)),
        ("get-matches-answer", bytes => NspiGetMatchesResponse.Read(bytes)), ("seek-entries", bytes => NspiSeekEntriesRequest.Read(bytes)),
        ("get-props", bytes => NspiGetPropsRequest.Read(bytes)), ("get-props-answer", bytes => NspiGetPropsResponse.Read(bytes)),
        ("dn-to-mid", bytes => NspiDNToMIdRequest.Read(bytes)), ("numbers-answer", bytes => NspiNumbersResponse.Read(bytes)),
        ("resolve-names", bytes => NspiResolveNamesRequest.Read(bytes)), ("resolve-names-answer", bytes => NspiResolveNamesResponse.Read(bytes)),
        ("special-table-answer", bytes => NspiGetSpecialTableResponse.Read(bytes)),
        ("rfr", bytes => RfrGetNewDSARequest.Read(bytes)), ("rfr-answer", bytes => RfrGetNewDSAResponse.Read(bytes)),
        ("rfr-fqdn", bytes => RfrGetFQDNRequest.Read(bytes)), ("rfr-fqdn-answer", bytes => RfrGetFQDNResponse.Read(bytes)),
    ];

    private static IEnumerable<FuzzTarget> MapiHttp() =>
    [
        new("autodiscover", MapiHttpSeeds.AutodiscoverAnswers, bytes => AutodiscoverAnswer.Parse(Encoding.UTF8.GetString(bytes), "a@b.c", new Uri("https://b.c"))),
        new("http-response", MapiHttpSeeds.Responses, bytes => MapiHttpResponse.ReadAsync(new MemoryStream(bytes), null, default).GetAwaiter().GetResult()),
        new("http-connect", MapiHttpSeeds.Bodies, bytes => Answered(() => ConnectRequestBody.Read(bytes, default))),
        new("http-connect-answer", MapiHttpSeeds.Bodies, bytes => Answered(() => ConnectResponseBody.Read(bytes, default))),
        new("http-execute", MapiHttpSeeds.Bodies, bytes => Answered(() => ExecuteRequestBody.Read(bytes))),
        new("http-execute-answer", MapiHttpSeeds.Bodies, bytes => Answered(() => ExecuteResponseBody.Read(bytes))),
        .. MapiHttpSeeds.Requests.DistinctBy(request => request.Operation).Select(request => new FuzzTarget(
            $"nspi-body-{request.Operation}", MapiHttpSeeds.RequestBodies, bytes => NspiBody.ReadRequest(request.Operation, bytes, default))),
        .. MapiHttpSeeds.Answers.Select(answer => new FuzzTarget(
            $"nspi-body-{answer.Name}-answer", MapiHttpSeeds.AnswerBodies, bytes => Answered(() => answer.Read(bytes)))),
    ];

    /// <summary>A status code other than 0 is an answer, and one that throws.</summary>
    private static void Answered(Func<object> read)
    {
        try
        {
            _ = read();
        }
        catch (MapiException)
        {
        }
    }

    private static IEnumerable<FuzzTarget> Emsmdb() =>
    [
        new("rpc-pdu", WireSeeds.Pdus, bytes => RpcPdu.Read(bytes)),
        new("rts-pdu", WireSeeds.Pdus, bytes => RtsPdu.Read(bytes)),
        new("connect", WireSeeds.Calls, bytes => EcDoConnectExRequest.Read(bytes)),
        new("connect-answer", WireSeeds.Calls, bytes => EcDoConnectExResponse.Read(bytes)),
        new("rpc-ext2", WireSeeds.Calls, bytes => EcDoRpcExt2Request.Read(bytes)),
        new("rpc-ext2-answer", WireSeeds.Calls, bytes => EcDoRpcExt2Response.Read(bytes)),
        new("disconnect", WireSeeds.Calls, bytes => EcDoDisconnectRequest.Read(bytes)),
        new("disconnect-answer", WireSeeds.Calls, bytes => EcDoDisconnectResponse.Read(bytes)),
        new("extended-buffer", WireSeeds.ExtendedBuffers, bytes => ExtendedBuffer.Read(bytes)),
        new("lz77", WireSeeds.ExtendedBuffers, bytes => PlainLz77.Decompress(bytes, 0x7FFF)),
        new("rop-buffer", WireSeeds.RopBuffers, bytes => RopBuffer.Parse(bytes).ReadRequests()),
        new("rops", WireSeeds.Rops, bytes => new RopBuffer(bytes, []).ReadRequests()),
        new("rop-answers", WireSeeds.RopAnswers, ReadRopAnswer),
    ];

    private static void ReadRopAnswer(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        _ = WireSeeds.Requests[bytes[0] % WireSeeds.Requests.Count].ReadResponse(new RopReader(bytes.AsMemory(1)));
    }

    private static void Lex(byte[] bytes, IFastTransferHandler handler)
    {
        var lexer = new FastTransferLexer(handler);
        for (var i = 0; i < bytes.Length; i += Piece) lexer.Feed(bytes.AsSpan(i, Math.Min(Piece, bytes.Length - i)));
        lexer.Complete();
    }

    private static void BuildMessage(byte[] bytes)
    {
        var builder = new MapiMessageBuilder();
        Lex(bytes, builder);
        _ = builder.Build();
    }

    private static void ReadItemStream(byte[] bytes)
    {
        var reader = new ItemStreamReader(new Sink());
        for (var i = 0; i < bytes.Length; i += Piece) reader.Feed(bytes.AsSpan(i, Math.Min(Piece, bytes.Length - i)));
        reader.Complete();
    }

    /// <summary>Takes everything and does nothing.</summary>
    private sealed class Sink : IContentsSyncHandler
    {
        public void Marker(FastTransferMarker marker) { }

        public void Property(PropertyValue property) { }

        public void BeginProperty(PropertyTag tag, PropertyName? name, long length) { }

        public void PropertyData(ReadOnlySpan<byte> data) { }

        public void EndProperty() { }

        public void BeginMessage(PropertyBag header) { }

        public void EndMessage() { }

        public void MessageFailed(PropertyBag error) { }

        public void FolderChanged(PropertyBag folder) { }

        public void Deleted(PropertyTag kind, byte[] idset) { }

        public void ReadStateChanged(byte[] idset, bool isRead) { }

        public void State(ContentsSyncState state) { }

        public void End() { }
    }
}
