using Cutover.Mapi.Autodiscover;

namespace Cutover.Mapi.Tests.Autodiscover;

/// <summary>Answers in the form that each generation of Exchange gives them, [MS-OXDSCLI] 2.2.4 and 4.</summary>
public sealed class AutodiscoverAnswerTests
{
    private static readonly Uri Source = new("https://autodiscover.contoso.com/autodiscover/autodiscover.xml");

    [Fact]
    public void Exchange_2007_and_2010_announce_EXCH_and_EXPR()
    {
        var settings = Settings("""
            <Protocol><Type>EXCH</Type><Server>MBX01.contoso.com</Server><ServerVersion>72008287</ServerVersion><MdbDN>/o=C/cn=MBX01/cn=Microsoft Private MDB</MdbDN></Protocol>
            <Protocol><Type>EXPR</Type><Server>mail.contoso.com</Server><SSL>On</SSL><AuthPackage>Basic</AuthPackage><CertPrincipalName>msstd:mail.contoso.com</CertPrincipalName></Protocol>
            <Protocol><Type>WEB</Type><External><Protocol><Type>EXPR</Type><ASUrl>https://mail.contoso.com/ews/exchange.asmx</ASUrl></Protocol></External></Protocol>
            """);
        Assert.Equal(("MBX01.contoso.com", "mail.contoso.com", "Basic"), (settings.Server, settings.ProxyServer, settings.AuthPackage));
        Assert.Equal("Exchange 2007", settings.Version?.Name);
        Assert.Null(settings.MailStoreUrl);
        Assert.Equal("mail.contoso.com", Assert.Single(settings.Proxies).Server);
    }

    [Fact]
    public void Exchange_2013_and_later_announce_two_EXHTTP_in_order_and_mapiHttp()
    {
        var settings = Settings("""
            <Protocol Type="mapiHttp" Version="1">
              <MailStore><InternalUrl>https://ex01.contoso.local/mapi/emsmdb/?MailboxId=1@contoso.com</InternalUrl><ExternalUrl>https://mail.contoso.com/mapi/emsmdb/?MailboxId=1@contoso.com</ExternalUrl></MailStore>
              <AddressBook><InternalUrl>https://ex01.contoso.local/mapi/nspi/?MailboxId=1@contoso.com</InternalUrl></AddressBook>
            </Protocol>
            <Protocol><Type>EXHTTP</Type><Server>ex01.contoso.local</Server><SSL>Off</SSL><AuthPackage>Ntlm</AuthPackage></Protocol>
            <Protocol><Type>EXHTTP</Type><Server>mail.contoso.com</Server><SSL>On</SSL><AuthPackage>Negotiate</AuthPackage></Protocol>
            <Protocol><Type>EXCH</Type><Server>416c6368-656d-794a-6f45-57615272456e@contoso.com</Server><ServerVersion>73C189CB</ServerVersion></Protocol>
            <AlternativeMailbox><Type>Archive</Type><DisplayName>Online Archive</DisplayName><LegacyDN>/o=C/cn=a/guid=1</LegacyDN><Server>2@contoso.com</Server></AlternativeMailbox>
            <AlternativeMailbox><Type>Delegate</Type><DisplayName>Sales</DisplayName><SmtpAddress>sales@contoso.com</SmtpAddress><OwnerSmtpAddress>sales@contoso.com</OwnerSmtpAddress></AlternativeMailbox>
            <PublicFolderInformation><SmtpAddress>pf@contoso.com</SmtpAddress></PublicFolderInformation>
            """);
        Assert.Equal(
            [new AutodiscoverProxy("ex01.contoso.local", false, "Ntlm"), new AutodiscoverProxy("mail.contoso.com", true, "Negotiate")], settings.Proxies);
        Assert.Equal("mail.contoso.com", settings.MailStoreUrl?.Host);
        Assert.Equal("ex01.contoso.local", settings.MailStore?.At("EX01.contoso.local")?.Host);
        Assert.Equal("ex01.contoso.local", settings.AddressBookUrl?.Host);
        Assert.Equal("Exchange 2019", new ExchangeVersion(15, 2, 1748).Name);
        Assert.Equal(["Archive", "Delegate"], settings.AlternativeMailboxes.Select(mailbox => mailbox.Type));
        Assert.Equal((true, "2@contoso.com"), (settings.AlternativeMailboxes[0].IsArchive, settings.AlternativeMailboxes[0].Server));
        Assert.Equal("sales@contoso.com", settings.AlternativeMailboxes[1].SmtpAddress);
        Assert.Equal("pf@contoso.com", settings.PublicFolderSmtpAddress);
    }

    [Fact]
    public void A_plain_URL_for_MAPI_over_HTTP_is_not_taken() => Assert.Null(Settings("""
        <Protocol Type="mapiHttp" Version="1"><MailStore><ExternalUrl>http://mail.contoso.com/mapi/emsmdb/</ExternalUrl></MailStore></Protocol>
        """).MailStoreUrl);

    [Theory]
    [InlineData(6, 5, 7638, "Exchange 2003")]
    [InlineData(8, 3, 517, "Exchange 2007")]
    [InlineData(14, 3, 513, "Exchange 2010")]
    [InlineData(15, 0, 1497, "Exchange 2013")]
    [InlineData(15, 1, 2507, "Exchange 2016")]
    [InlineData(15, 2, 1748, "Exchange 2019")]
    [InlineData(15, 2, 2562, "Exchange SE")]
    public void A_version_word_gives_the_version_and_its_name(int major, int minor, int build, string name)
    {
        var version = new ExchangeVersion(major, minor, build);
        Assert.Equal((name, version), (version.Name, ExchangeVersion.OfWord(version.ToWord())));
    }

    // 4 bits 7, then 14.1, a set bit, 218: the worked example of [MS-OXDSCLI] 4.
    [Fact]
    public void The_word_of_Exchange_2010_is_read() => Assert.Equal("14.1.218", ExchangeVersion.OfWord("738180DA")?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("15.1")]
    public void What_is_no_version_word_gives_none(string? word) => Assert.Null(ExchangeVersion.OfWord(word));

    [Fact]
    public void A_request_asks_by_address_or_by_legacyDN()
    {
        Assert.Contains("<EMailAddress>a@b.c</EMailAddress>", AutodiscoverAnswer.RequestFor("a@b.c"));
        var byName = AutodiscoverAnswer.RequestFor("@b.c", "/o=C/cn=a&b");
        Assert.Contains("<LegacyDN>/o=C/cn=a&amp;b</LegacyDN>", byName);
        Assert.DoesNotContain("EMailAddress", byName);
    }

    [Theory]
    [InlineData("600", "it can't read the request")]
    [InlineData("601", "it has no provider for Outlook's settings")]
    [InlineData("602", "it does not serve this kind of request")]
    [InlineData("699", null)]
    public void An_error_is_told_in_words(string code, string? words)
    {
        var xml = $"""
            <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response>
            <Error Time="16:56:32.6164027" Id="1054084152"><ErrorCode>{code}</ErrorCode><Message>No</Message><DebugData/></Error></Response></Autodiscover>
            """;
        var error = Assert.IsType<AutodiscoverAnswer.Error>(AutodiscoverAnswer.Parse(xml, "a@b.c", Source));
        Assert.Equal((code, "No", words), (error.Code, error.Message, AutodiscoverAnswer.Error.Explain(error.Code)));
    }

    private static AutodiscoverSettings Settings(string protocols) => Assert.IsType<AutodiscoverAnswer.Settings>(AutodiscoverAnswer.Parse(
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
        <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
        <User><DisplayName>Anna</DisplayName><LegacyDN>/o=C/cn=anna</LegacyDN><AutoDiscoverSMTPAddress>anna@contoso.com</AutoDiscoverSMTPAddress></User>
        <Account><AccountType>email</AccountType><Action>settings</Action>{protocols}</Account></Response></Autodiscover>
        """,
        "anna@contoso.com", Source)).Value;
}
