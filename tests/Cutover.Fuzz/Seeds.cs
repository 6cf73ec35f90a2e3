using System.Buffers;
using System.IO.Compression;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Fuzz;

/// <summary>Well-formed inputs: the goldens of the test projects, and what our own writers make.</summary>
internal static class Seeds
{
    private static readonly RpcContextHandle Context = new(0, new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"));
    private static readonly NspiStat Stat = new() { CurrentRec = 0x10 };
    private static readonly PropertyTag[] Columns = [PropertyTags.DisplayName, PropertyTags.AddressBookProxyAddresses];

    public static IReadOnlyList<byte[]> FastTransferStreams { get; } = [.. Goldens("*.fts.gz"), Content()];

    public static IReadOnlyList<byte[]> ItemStreams { get; } = [.. Goldens("*.bin"), ItemStream()];

    public static IReadOnlyList<byte[]> IdSets { get; } =
        [State().Given.Serialize(), State().Seen.Serialize(), State().Given.SerializeReplIds(_ => 1), State().Serialize()];

    public static IReadOnlyList<byte[]> AddressBookStubs { get; } = [.. AddressBookCalls().Select(call => call.ToStub().ToArray())];

    private static IEnumerable<byte[]> Goldens(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Goldens"), pattern, SearchOption.AllDirectories).Order().Select(Read);

    private static byte[] Read(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal)) return File.ReadAllBytes(path);
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Content()
    {
        var output = new ArrayBufferWriter<byte>();
        MapiMessageWriter.Write(new FastTransferWriter(output), Message());
        return output.WrittenSpan.ToArray();
    }

    private static byte[] ItemStream()
    {
        using var output = new MemoryStream();
        var writer = new ItemStreamWriter(output);
        MapiMessageWriter.Write(writer, Message());
        writer.Complete();
        return output.ToArray();
    }

    private static MapiMessage Message() => new()
    {
        Properties = new PropertyBag { new(PropertyTags.MessageClass, "IPM.Note"), new(PropertyTags.Subject, "Ja"), new(PropertyTags.MessageFlags, 1) }
            .Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "Blauw" })
            .Set(PropertyNames.ReminderSet, PropertyType.Boolean, true),
        Recipients = [[new(PropertyTags.Rowid, 0), new(PropertyTags.DisplayName, "Ann")]],
        Attachments = [new MapiAttachment { EmbeddedMessage = new MapiMessage { Properties = [new(PropertyTags.Body, "x")] } }],
    };

    private static ContentsSyncState State()
    {
        var state = new ContentsSyncState();
        var replica = new Guid("7b18a501-bc6f-dcea-1ed0-3c5657000000");
        foreach (var counter in new ulong[] { 4, 5, 7, 12, 300, 301, 302, 0x1_0000, 0x1_0002 }) state.Given.Add(replica, counter);
        state.Seen.AddRange(replica, 1, 465);
        return state;
    }

    private static IEnumerable<NspiCall> AddressBookCalls()
    {
        PropertyBag row =
        [
            new(PropertyTags.DisplayName, "Jiří"), new(PropertyTags.AddressBookProxyAddresses, new[] { "SMTP:a@contoso.com", "x500:/o=Contoso" }),
            new(PropertyTags.EntryId, new byte[] { 1, 2, 3 }), new(PropertyTags.DisplayType, 6), new(PropertyTags.CreationTime, DateTime.UnixEpoch),
        ];
        AddressBookRestriction filter = new AddressBookRestriction.AllOf(
            [new AddressBookRestriction.Like(2, row[0]), new AddressBookRestriction.NotThat(new AddressBookRestriction.Exists(PropertyTags.Title))]);
        return
        [
            new NspiBindRequest(0, Stat, Guid.Empty), new NspiBindResponse(Guid.Empty, Context, 0),
            new NspiQueryRowsRequest(Context, 0, Stat, [0x10, 0x11], 50, Columns), new NspiRowsResponse(Stat, [row, row], 0),
            new NspiGetMatchesRequest(Context, 0, Stat, filter, 50, Columns), new NspiGetMatchesResponse(Stat, [0x10], [row], 0),
            new NspiSeekEntriesRequest(Context, 0, Stat, row[0], [0x10], Columns), new NspiGetPropsRequest(Context, 0, Stat, Columns),
            new NspiGetPropsResponse(row, 0), new NspiDNToMIdRequest(Context, 0, ["/o=Contoso", "/o=x"]), new NspiNumbersResponse([0, 0x10], 0),
            new NspiResolveNamesRequest(Context, 0, Stat, Columns, ["Ann"]), new NspiResolveNamesResponse([2], [row], 0),
            new NspiGetSpecialTableRequest(Context, 4, Stat, 0), new NspiGetSpecialTableResponse(1, [row], 0),
            new RfrGetNewDSARequest(0, "/o=Contoso"), new RfrGetNewDSAResponse("EX01", 0),
            new RfrGetFQDNRequest(0, "/o=Contoso"), new RfrGetFQDNResponse("EX01", 0),
        ];
    }
}
