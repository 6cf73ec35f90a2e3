using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Tests.AddressBook;

public sealed class NspiCodecTests
{
    private static readonly RpcContextHandle Context = new(0, new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"));
    private static readonly NspiStat Stat = new() { CurrentRec = 0x11, ContainerId = 0x8009000D, Delta = -3, NumPos = 4, TotalRecs = 5 };
    private static readonly PropertyTag[] Columns = [PropertyTags.DisplayName, PropertyTags.SmtpAddress];

    private static readonly PropertyBag Row =
    [
        new(new PropertyTag(0x3001001E), "Café"),
        new(PropertyTags.DisplayName, "Jiří 😀"),
        new(PropertyTags.DisplayType, 6),
        new(PropertyTags.SendRichInfo, true),
        new(PropertyTags.Gender, (short)2),
        new(PropertyTags.EntryId, new byte[] { 1, 2, 3, 4, 5 }),
        new(PropertyTags.AddressBookProxyAddresses, new[] { "SMTP:a@contoso.com", "", "x500:/o=Contoso" }),
        new(new PropertyTag(0x800F101E), new[] { "smtp:é" }),
        new(PropertyTags.UserX509Certificate, new[] { new byte[] { 9 }, [], new byte[] { 8, 7, 6 } }),
        new(PropertyTags.CreationTime, new DateTime(2010, 4, 1, 0, 0, 0, DateTimeKind.Utc)),
        new(new PropertyTag(0x66000048), new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        new(new PropertyTag(0x66011003), new[] { 1, -2 }),
        new(new PropertyTag(0x66021002), new short[] { 1, 2, 3 }),
        new(new PropertyTag(0x66031048), new[] { Guid.Empty }),
        new(new PropertyTag(0x66041040), new[] { new DateTime(2010, 4, 1, 0, 0, 0, DateTimeKind.Utc) }),
        new(PropertyTags.Title.WithType(PropertyType.ErrorCode), unchecked((int)NspiStatus.NotFound)),
    ];

    [Fact]
    public void Requests_are_read_as_they_were_written()
    {
        Same(new NspiBindRequest(0x20, Stat, new Guid("00112233-4455-6677-8899-aabbccddeeff")), stub => NspiBindRequest.Read(stub));
        Same(new NspiBindRequest(0, Stat, null), stub => NspiBindRequest.Read(stub));
        Same(new NspiUnbindRequest(Context), stub => NspiUnbindRequest.Read(stub));
        Same(new NspiUpdateStatRequest(Context, 0, Stat, -7), stub => NspiUpdateStatRequest.Read(stub));
        Same(new NspiQueryRowsRequest(Context, 1, Stat, [1, 2, 3], 50, Columns), stub => NspiQueryRowsRequest.Read(stub));
        Same(new NspiQueryRowsRequest(Context, 1, Stat, null, 50, null), stub => NspiQueryRowsRequest.Read(stub));
        Same(new NspiSeekEntriesRequest(Context, 0, Stat, new(PropertyTags.DisplayName, "Em"), [7], Columns), stub => NspiSeekEntriesRequest.Read(stub));
        Same(new NspiGetMatchesRequest(Context, 0, Stat, null, 100, Columns), stub => NspiGetMatchesRequest.Read(stub));
        Same(new NspiGetPropsRequest(Context, 0, Stat, Columns), stub => NspiGetPropsRequest.Read(stub));
        Same(new NspiGetPropListRequest(Context, 0, 0x10, 1252), stub => NspiGetPropListRequest.Read(stub));
        Same(new NspiQueryColumnsRequest(Context, 0, 0x80000000), stub => NspiQueryColumnsRequest.Read(stub));
        Same(new NspiDNToMIdRequest(Context, 0, ["/o=Contoso/cn=é", "", "abc"]), stub => NspiDNToMIdRequest.Read(stub));
        Same(new NspiResolveNamesRequest(Context, 0, Stat, null, ["Jiří", "=SMTP:a@b.c"]), stub => NspiResolveNamesRequest.Read(stub));
        Same(new NspiGetSpecialTableRequest(Context, 4, Stat, 1), stub => NspiGetSpecialTableRequest.Read(stub));
        Same(new RfrGetNewDSARequest(0, "/o=Contoso/cn=Ann"), stub => RfrGetNewDSARequest.Read(stub));
        Same(new RfrGetFQDNRequest(0, "/o=Contoso/cn=EX01"), stub => RfrGetFQDNRequest.Read(stub));
    }

    [Fact]
    public void Answers_are_read_as_they_were_written()
    {
        Same(new NspiBindResponse(Guid.Empty, Context, 0), stub => NspiBindResponse.Read(stub));
        Same(new NspiUnbindResponse(RpcContextHandle.Null, 1), stub => NspiUnbindResponse.Read(stub));
        Same(new NspiUpdateStatResponse(Stat, null, 0), stub => NspiUpdateStatResponse.Read(stub));
        Same(new NspiRowsResponse(Stat, [Row, [], [Row[6]], Row], 0), stub => NspiRowsResponse.Read(stub));
        Same(new NspiRowsResponse(Stat, null, 0x80040405), stub => NspiRowsResponse.Read(stub));
        Same(new NspiGetMatchesResponse(Stat, [0x10, 0x11], [Row], 0), stub => NspiGetMatchesResponse.Read(stub));
        Same(new NspiGetPropsResponse(Row, NspiStatus.ErrorsReturned), stub => NspiGetPropsResponse.Read(stub));
        Same(new NspiGetPropsResponse(null, NspiStatus.NotFound), stub => NspiGetPropsResponse.Read(stub));
        Same(new NspiNumbersResponse([0, 0x10], 0), stub => NspiNumbersResponse.Read(stub));
        Same(new NspiResolveNamesResponse([0, 1, 2], [Row], 0), stub => NspiResolveNamesResponse.Read(stub));
        Same(new NspiGetSpecialTableResponse(1, [Row], 0), stub => NspiGetSpecialTableResponse.Read(stub));
        Same(new RfrGetNewDSAResponse("EX01.contoso.com", 0), stub => RfrGetNewDSAResponse.Read(stub));
        Same(new RfrGetFQDNResponse("EX01.contoso.com", 0), stub => RfrGetFQDNResponse.Read(stub));
        Same(new RfrGetFQDNResponse(null, NspiStatus.NotFound), stub => RfrGetFQDNResponse.Read(stub));
    }

    [Fact]
    public void A_restriction_is_read_as_it_was_written()
    {
        AddressBookRestriction.Like like = new(2, new(PropertyTags.DisplayName, "Em"));
        AddressBookRestriction.Compares compares = new(4, new(PropertyTags.DisplayType, 6));
        AddressBookRestriction filter = new AddressBookRestriction.AllOf(
            [like, new AddressBookRestriction.NotThat(compares), new AddressBookRestriction.AnyOf([compares, new AddressBookRestriction.Exists(PropertyTags.Title)]),
                new AddressBookRestriction.Measures(6, 1, PropertyTags.DisplayTypeEx, 0x40000000)]);
        Same(new NspiGetMatchesRequest(Context, 0, Stat, filter, 100, Columns), stub => NspiGetMatchesRequest.Read(stub));
    }

    // Field by field from the IDL of [MS-OXNSPI] 6: STAT, flags, the two counts of PropertyTagArray_r.
    [Fact]
    public void A_query_for_rows_has_the_bytes_that_the_IDL_gives()
    {
        var request = new NspiQueryRowsRequest(Context, 1, new NspiStat(), null, 50, [PropertyTags.DisplayName]);
        const string expected =
            "00000000 04030201 0605 0807 090A0B0C0D0E0F10" // context handle
            + "01000000" // dwFlags
            + "00000000 00000000 00000000 00000000 00000000 00000000 E4040000 09040000 09040000" // STAT
            + "00000000 00000000" // dwETableCount, lpETable
            + "32000000" // Count
            + "00000200 02000000 01000000 00000000 01000000 1F000130"; // pPropTags: maximum count 2, cValues 1, offset 0, actual 1
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(request.ToStub().Span));
    }

    [Fact]
    public void Rows_have_the_bytes_that_the_IDL_gives()
    {
        PropertyBag row = [new(PropertyTags.DisplayName, "A"), new(PropertyTags.SendRichInfo, true), new(PropertyTags.EntryId, new byte[] { 1, 2, 3 })];
        var answer = new NspiGetPropsResponse(row, 0);
        const string expected =
            "00000200" // ppRows
            + "00000000 03000000 04000200" // Reserved, cValues, lpProps
            + "03000000" // maximum count
            + "1F000130 00000000 1F000000 08000200" // DisplayName: tag, reserved, type, pointer
            + "0B00403A 00000000 0B000000 0100 0000" // SendRichInfo, padded
            + "0201FF0F 00000000 02010000 03000000 0C000200" // EntryId: cb, pointer
            + "02000000 00000000 02000000 4100 0000" // "A" with its NUL
            + "03000000 010203 00" // the bytes, padded
            + "00000000"; // the status
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(answer.ToStub().Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_cut_stub_is_refused(int length)
    {
        var stub = new NspiRowsResponse(Stat, [Row], 0).ToStub()[..length];
        Assert.Throws<MapiProtocolException>(() => NspiRowsResponse.Read(stub.Span));
    }

    private delegate NspiCall Reader(ReadOnlySpan<byte> stub);

    private static void Same(NspiCall call, Reader read)
    {
        var stub = call.ToStub();
        var again = read(stub.Span);
        Assert.Equal(call.GetType(), again.GetType());
        Assert.Equal(Convert.ToHexString(stub.Span), Convert.ToHexString(again.ToStub().Span));
        Assert.Equivalent(call, again, strict: true);
    }
}
