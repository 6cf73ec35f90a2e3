using System.Text;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Fuzz;

/// <summary>Well-formed answers and bodies of MAPI over HTTP, and Autodiscover's XML.</summary>
internal static class MapiHttpSeeds
{
    private static readonly NspiStat Stat = new() { CurrentRec = 0x10 };
    private static readonly PropertyTag[] Columns = [PropertyTags.DisplayName, PropertyTags.AddressBookProxyAddresses, PropertyTags.EntryId];

    private static readonly PropertyBag Row =
    [
        new(PropertyTags.DisplayName, "Jiří"), new(PropertyTags.AddressBookProxyAddresses, new[] { "SMTP:a@contoso.com", "" }),
        new(PropertyTags.EntryId, new byte[] { 1, 2, 3 }),
    ];

    public static IReadOnlyList<byte[]> AutodiscoverAnswers { get; } = Texts(
        """
        <?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
        <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><User><LegacyDN>/o=C</LegacyDN></User>
        <Account><Protocol Type="mapiHttp" Version="1"><MailStore><ExternalUrl>https://a.b/mapi/emsmdb/</ExternalUrl></MailStore></Protocol>
        <Protocol><Type>EXPR</Type><Server>a.b</Server></Protocol><AlternativeMailbox><Type>Archive</Type></AlternativeMailbox></Account></Response></Autodiscover>
        """,
        "<Autodiscover><Response><Account><RedirectUrl>https://a.b/</RedirectUrl></Account></Response></Autodiscover>",
        "<Autodiscover><Response><Error><ErrorCode>500</ErrorCode></Error></Response></Autodiscover>");

    public static IReadOnlyList<byte[]> Responses { get; } = Texts(
        "PROCESSING\r\nPENDING\r\nDONE\r\nX-ElapsedTime: 23\r\nX-ResponseCode: 10\r\n\r\nbody", "DONE\r\n\r\n");

    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        ConnectRequestBody.Write(new ConnectCall("/o=C/cn=a", new MapiVersion(15, 0, 4551, 1000))).ToArray(),
        ConnectResponseBody.Write(new ConnectResult(0) { DisplayName = "Anna" }).ToArray(),
        ExecuteRequestBody.Write(new ExecuteCall(RpcExt2Flags.Chain, new byte[30], 0x10008)).ToArray(),
        ExecuteResponseBody.Write(new ExecuteResult(new byte[30], 0)).ToArray(),
    ];

    public static IReadOnlyList<NspiRequest> Requests { get; } =
    [
        new NspiBindRequest(0, Stat, Guid.Empty), new NspiUpdateStatRequest(default, 0, Stat, 0), new NspiQueryRowsRequest(default, 0, Stat, [0x10], 50, Columns),
        new NspiSeekEntriesRequest(default, 0, Stat, Row[0], [0x10], Columns), new NspiGetMatchesRequest(default, 0, Stat, Filter(), 50, Columns),
        new NspiResortRestrictionRequest(default, 0, Stat, [0x10]), new NspiDNToMIdRequest(default, 0, ["/o=C"]),
        new NspiGetPropsRequest(default, 0, Stat, Columns), new NspiModPropsRequest(default, 0, Stat, Columns, Row),
        new NspiModLinkAttRequest(default, 0, PropertyTags.AddressBookMember, 0x10, [[1, 2]]), new NspiGetTemplateInfoRequest(default, 1, 0, "/o=C", 1252, 0x409),
        new NspiResolveNamesRequest(default, 0, Stat, Columns, ["Ann"]),
    ];

    public static IReadOnlyList<byte[]> RequestBodies { get; } = [.. Requests.Select(request => request.ToBody().ToArray())];

    public static IReadOnlyList<(string Name, Func<byte[], object> Read)> Answers { get; } =
    [
        ("QueryRows", bytes => NspiBody.ReadAnswer(new NspiQueryRowsRequest(default, 0, Stat, null, 50, Columns), bytes)),
        ("GetMatches", bytes => NspiBody.ReadAnswer(new NspiGetMatchesRequest(default, 0, Stat, null, 50, Columns), bytes)),
        ("GetProps", bytes => NspiBody.ReadAnswer(new NspiGetPropsRequest(default, 0, Stat, Columns), bytes)),
        ("GetSpecialTable", bytes => NspiBody.ReadAnswer(new NspiGetSpecialTableRequest(default, 4, Stat, 0), bytes)),
        ("ResolveNames", bytes => NspiBody.ReadAnswer(new NspiResolveNamesRequest(default, 0, Stat, Columns, []), bytes)),
    ];

    public static IReadOnlyList<byte[]> AnswerBodies { get; } =
    [
        new NspiRowsResponse(Stat, [Row, Row], 0) { Columns = Columns }.ToBody().ToArray(),
        new NspiGetMatchesResponse(Stat, [0x10], [Row], 0) { Columns = Columns }.ToBody().ToArray(),
        new NspiGetPropsResponse(Row, 0).ToBody().ToArray(), new NspiGetSpecialTableResponse(1, [Row], 0).ToBody().ToArray(),
        new NspiResolveNamesResponse([2], [Row], 0) { Columns = Columns }.ToBody().ToArray(),
    ];

    private static AddressBookRestriction.AllOf Filter() => new(
        [new AddressBookRestriction.Like(2, Row[0]), new AddressBookRestriction.NotThat(new AddressBookRestriction.Exists(PropertyTags.Title))]);

    private static byte[][] Texts(params string[] texts) => Array.ConvertAll(texts, Encoding.UTF8.GetBytes);
}
