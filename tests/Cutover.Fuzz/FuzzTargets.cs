using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Http;
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
        .. Emsmdb().Select(target => new FuzzTarget(target.Name, Seeds.Everything, target.Decode)),
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

    private static IEnumerable<(string Name, Action<byte[]> Decode)> Emsmdb() =>
    [
        ("rpc-pdu", bytes => RpcPdu.Read(bytes)), ("rts-pdu", bytes => RtsPdu.Read(bytes)),
        ("connect", bytes => EcDoConnectExRequest.Read(bytes)), ("connect-answer", bytes => EcDoConnectExResponse.Read(bytes)),
        ("rpc-ext2", bytes => EcDoRpcExt2Request.Read(bytes)), ("rpc-ext2-answer", bytes => EcDoRpcExt2Response.Read(bytes)),
        ("disconnect", bytes => EcDoDisconnectRequest.Read(bytes)), ("disconnect-answer", bytes => EcDoDisconnectResponse.Read(bytes)),
        ("extended-buffer", bytes => ExtendedBuffer.Read(bytes)), ("lz77", bytes => PlainLz77.Decompress(bytes, 0x7FFF)),
        ("rop-buffer", bytes => RopBuffer.Parse(bytes).ReadRequests()), ("rops", bytes => new RopBuffer(bytes, []).ReadRequests()),
    ];

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
