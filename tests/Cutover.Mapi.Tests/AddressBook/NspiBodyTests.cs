using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tests.AddressBook;

/// <summary>The address book's bodies over HTTP, [MS-OXCMAPIHTTP] 2.2.5, beside its stubs over RPC.</summary>
public sealed class NspiBodyTests
{
    private static readonly RpcContextHandle Context = new(0, new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"));
    private static readonly NspiStat Stat = new() { CurrentRec = 0x11, Delta = -3, NumPos = 4, TotalRecs = 5 };

    private static readonly PropertyBag Row =
    [
        new(PropertyTags.DisplayName, "Jiří 😀"),
        new(new PropertyTag(0x3A06001E), "Café"),
        new(PropertyTags.DisplayType, 6),
        new(PropertyTags.SendRichInfo, true),
        new(PropertyTags.Gender, (short)2),
        new(PropertyTags.EntryId, new byte[] { 1, 2, 3, 4, 5 }),
        new(PropertyTags.AddressBookProxyAddresses, new[] { "SMTP:a@contoso.com", "", "x500:/o=Contoso" }),
        new(new PropertyTag(0x8170101E), new[] { "smtp:é" }),
        new(PropertyTags.UserX509Certificate, new[] { new byte[] { 9 }, [], new byte[] { 8, 7, 6 } }),
        new(PropertyTags.CreationTime, new DateTime(2010, 4, 1, 0, 0, 0, DateTimeKind.Utc)),
        new(new PropertyTag(0x66000048), new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        new(new PropertyTag(0x66011003), new[] { 1, -2 }),
        new(PropertyTags.AddressBookMember, 0),
        new(PropertyTags.Title.WithType(PropertyType.ErrorCode), unchecked((int)NspiStatus.NotFound)),
    ];

    private static readonly PropertyTag[] Columns = [.. Row.Select(value => value.Tag.Type == PropertyType.ErrorCode ? PropertyTags.Title : value.Tag)];

    private static readonly AddressBookRestriction Filter = new AddressBookRestriction.AllOf(
    [
        new AddressBookRestriction.Like(2, new(PropertyTags.DisplayName, "Em")),
        new AddressBookRestriction.NotThat(new AddressBookRestriction.Compares(4, new(PropertyTags.DisplayType, 6))),
        new AddressBookRestriction.AnyOf([new AddressBookRestriction.Exists(PropertyTags.Title)]),
        new AddressBookRestriction.Measures(6, 1, PropertyTags.DisplayTypeEx, 0x40000000),
    ]);

    public static TheoryData<NspiRequest> Requests =>
    [
        new NspiUnbindRequest(Context), new NspiUpdateStatRequest(Context, 0, Stat, 0), new NspiUpdateStatRequest(Context, 0, Stat, null),
        new NspiQueryRowsRequest(Context, 1, Stat, [1, 2, 3], 50, Columns), new NspiQueryRowsRequest(Context, 1, Stat, null, 50, null),
        new NspiSeekEntriesRequest(Context, 0, Stat, new(PropertyTags.DisplayName, "Em"), [7], Columns),
        new NspiGetMatchesRequest(Context, 0, Stat, null, 100, Columns), new NspiGetMatchesRequest(Context, 0, Stat, Filter, 100, null),
        new NspiResortRestrictionRequest(Context, 0, Stat, [0x11, 0x10]), new NspiDNToMIdRequest(Context, 0, ["/o=Contoso/cn=é", "", "abc"]),
        new NspiGetPropListRequest(Context, 0, 0x10, 1252), new NspiGetPropsRequest(Context, 0, Stat, Columns),
        new NspiCompareMIdsRequest(Context, 0, Stat, 0x10, 0x11), new NspiModPropsRequest(Context, 0, Stat, [PropertyTags.Title], new PropertyBag(Row.Take(5))),
        new NspiGetSpecialTableRequest(Context, 4, Stat, 1), new NspiGetTemplateInfoRequest(Context, 1, 0, null, 1252, 0x409),
        new NspiGetTemplateInfoRequest(Context, 1, 0, "/o=Contoso/cn=template", 1252, 0x409),
        new NspiModLinkAttRequest(Context, 1, PropertyTags.AddressBookMember, 0x10, [[1, 2, 3], []]),
        new NspiQueryColumnsRequest(Context, 0, 0x80000000), new NspiResolveNamesRequest(Context, 0, Stat, null, ["Jiří", "=SMTP:a@b.c"]),
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_read_as_it_was_written_over_either_transport(NspiRequest request)
    {
        Assert.Equivalent(request, NspiBody.ReadRequest(request.Operation, request.ToBody(), Context), strict: true);
        Assert.Equivalent(request, NspiBody.ReadStub(request.Operation, request.ToStub().Span), strict: true);
        Assert.Equal(request.Operation, NspiBody.OperationOf(NspiBody.RequestTypeOf(request.Operation)));
    }

    [Fact]
    public void An_answer_is_read_as_it_was_written()
    {
        Same(new NspiUpdateStatRequest(Context, 0, Stat, 0), new NspiUpdateStatResponse(Stat, -7, 0));
        Same(new NspiQueryRowsRequest(Context, 0, Stat, null, 50, Columns), new NspiRowsResponse(Stat, [Row, Row], 0) { Columns = Columns });
        Same(new NspiQueryRowsRequest(Context, 0, Stat, null, 50, Columns), new NspiRowsResponse(Stat, null, NspiStatus.InvalidBookmark));
        Same(new NspiGetMatchesRequest(Context, 0, Stat, null, 50, Columns), new NspiGetMatchesResponse(Stat, [0x10], [Row], 0) { Columns = Columns });
        Same(new NspiGetMatchesRequest(Context, 0, Stat, null, 50, null), new NspiGetMatchesResponse(Stat, [0x10], null, 0));
        Same(new NspiResortRestrictionRequest(Context, 0, Stat, []), new NspiResortRestrictionResponse(Stat, [0x10, 0x11], 0));
        Same(new NspiGetPropsRequest(Context, 0, Stat, Columns), new NspiGetPropsResponse(Row, NspiStatus.ErrorsReturned));
        Same(new NspiGetPropsRequest(Context, 0, Stat, Columns), new NspiGetPropsResponse(null, NspiStatus.NotFound));
        Same(new NspiDNToMIdRequest(Context, 0, []), new NspiNumbersResponse([0, 0x10], 0));
        Same(new NspiCompareMIdsRequest(Context, 0, Stat, 1, 2), new NspiCompareMIdsResponse(-1, 0));
        Same(new NspiModPropsRequest(Context, 0, Stat, null, []), new NspiStatusResponse(NspiStatus.AccessDenied));
        Same(new NspiGetSpecialTableRequest(Context, 4, Stat, 0), new NspiGetSpecialTableResponse(1, [Row, []], 0));
        Same(new NspiResolveNamesRequest(Context, 0, Stat, Columns, []), new NspiResolveNamesResponse([0, 1, 2], [Row], 0) { Columns = Columns });
    }

    [Fact]
    public void A_column_without_a_type_brings_its_own()
    {
        PropertyTag[] columns = [PropertyTags.DisplayName.WithType(PropertyType.Unspecified), PropertyTags.Title.WithType(PropertyType.Unspecified)];
        PropertyBag row = [Row[0], Row[^1]];
        Same(new NspiQueryRowsRequest(Context, 0, Stat, null, 50, columns), new NspiRowsResponse(Stat, [row], 0) { Columns = columns });
        PropertyBag whole = [Row[0], new(PropertyTags.Title, "Clerk")];
        Same(new NspiQueryRowsRequest(Context, 0, Stat, null, 50, columns), new NspiRowsResponse(Stat, [whole], 0) { Columns = columns });
    }

    // Field by field from the tables of [MS-OXCMAPIHTTP] 2.2.5.12.1 and 2.2.1.8.
    [Fact]
    public void A_query_for_rows_has_the_bytes_that_the_tables_give()
    {
        var request = new NspiQueryRowsRequest(Context, 1, new NspiStat(), null, 50, [PropertyTags.DisplayName]);
        const string expected =
            "01000000" // Flags
            + "FF" // HasState
            + "00000000 00000000 00000000 00000000 00000000 00000000 E4040000 09040000 09040000" // State
            + "00000000" // ExplicitTableCount
            + "32000000" // RowCount
            + "FF 01000000 1F000130" // HasColumns, Columns
            + "00000000"; // AuxiliaryBufferSize
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(request.ToBody().Span));
    }

    // [MS-OXCMAPIHTTP] 2.2.5.12.2, 2.2.1.7, 2.2.1.5, 2.2.1.1.
    [Fact]
    public void Rows_have_the_bytes_that_the_tables_give()
    {
        PropertyTag[] columns = [PropertyTags.DisplayName, PropertyTags.SendRichInfo, PropertyTags.EntryId];
        PropertyBag whole = [new(columns[0], "A"), new(columns[1], true), new(columns[2], new byte[] { 1, 2, 3 })];
        PropertyBag partial = [new(columns[0], "A"), new(columns[1], true), new(columns[2].WithType(PropertyType.ErrorCode), unchecked((int)0x8004010F))];
        var answer = new NspiRowsResponse(new NspiStat(), [whole, partial], 0) { Columns = columns };
        const string expected =
            "00000000 00000000" // StatusCode, ErrorCode
            + "FF 00000000 00000000 00000000 00000000 00000000 00000000 E4040000 09040000 09040000" // HasState, State
            + "FF 03000000 1F000130 0B00403A 0201FF0F" // HasColumnsAndRows, Columns
            + "02000000" // RowCount
            + "00 FF 41000000 01 FF 03000000 010203" // Flags 0: values
            + "01 00 FF 41000000 00 01 0A 0F010480" // Flags 1: each value behind a flag, the last an error code
            + "00000000"; // AuxiliaryBufferSize
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(answer.ToBody().Span));
    }

    [Fact]
    public void A_body_cut_anywhere_is_refused()
    {
        var request = new NspiQueryRowsRequest(Context, 0, Stat, null, 50, Columns);
        var body = new NspiRowsResponse(Stat, [Row], 0) { Columns = Columns }.ToBody();
        for (var length = 0; length < body.Length; length++)
            Assert.Throws<MapiProtocolException>(() => NspiBody.ReadAnswer(request, body[..length]));
    }

    [Fact]
    public void A_request_that_failed_as_a_whole_throws_its_status()
    {
        var failed = Assert.Throws<MapiException>(() =>
            NspiBody.ReadAnswer(new NspiQueryRowsRequest(Context, 0, Stat, null, 50, null), Convert.FromHexString("0F01048000000000")));
        Assert.Equal(("QueryRows", 0x8004010F), (failed.Operation, failed.ErrorCode));
    }

    private static void Same<T>(NspiRequest<T> request, T answer) where T : NspiAnswer =>
        Assert.Equivalent(answer, NspiBody.ReadAnswer(request, answer.ToBody()), strict: true);
}
