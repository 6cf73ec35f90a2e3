using System.Xml;
using System.Xml.Linq;

namespace Cutover.Mapi.Autodiscover;

/// <summary>What a POX answer says. A closed set. Source: [MS-OXDSCLI] 2.2.4.</summary>
internal abstract record AutodiscoverAnswer
{
    private static readonly XNamespace Request = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";
    private static readonly XmlReaderSettings NoEntities = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
    private const string ResponseSchema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    public sealed record Settings(AutodiscoverSettings Value) : AutodiscoverAnswer;

    /// <summary>Ask again about this address.</summary>
    public sealed record RedirectAddress(string EmailAddress) : AutodiscoverAnswer;

    /// <summary>Ask again at this address.</summary>
    public sealed record RedirectUrl(Uri Url) : AutodiscoverAnswer;

    /// <param name="Code">500 unknown address, 501 wrong server, 600 invalid request, 601 no provider for the schema, 603 busy.</param>
    public sealed record Error(string Code, string Message) : AutodiscoverAnswer
    {
        /// <summary>The code in words; null when the server's own have to do. Source: [MS-OXDSCLI] 2.2.4.1.1.1.1.</summary>
        public static string? Explain(string code) => code switch
        {
            "500" => "it knows no mailbox with this address",
            "501" => "it is the wrong server for this address",
            "600" => "it can't read the request",
            "601" => "it has no provider for Outlook's settings",
            "602" => "it does not serve this kind of request",
            "603" => "it is busy",
            _ => null,
        };
    }

    public static string RequestFor(string emailAddress, string? legacyDN = null) => new XElement(
        Request + "Autodiscover",
        new XElement(
            Request + "Request",
            legacyDN is null ? new XElement(Request + "EMailAddress", emailAddress) : new XElement(Request + "LegacyDN", legacyDN),
            new XElement(Request + "AcceptableResponseSchema", ResponseSchema))).ToString(SaveOptions.DisableFormatting);

    /// <summary>Null when the text is no Autodiscover answer, such as a web site's start page.</summary>
    public static AutodiscoverAnswer? Parse(string xml, string emailAddress, Uri source)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), NoEntities);
            var response = Child(XDocument.Load(reader).Root, "Response");
            return response is null ? null : Child(response, "Error") is { } error ? ReadError(error) : ReadAccount(response, emailAddress, source);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static Error ReadError(XElement error) => new(Text(error, "ErrorCode") ?? "", Text(error, "Message") ?? "");

    private static AutodiscoverAnswer? ReadAccount(XElement response, string emailAddress, Uri source)
    {
        if (Child(response, "Account") is not { } account) return null;
        if (Text(account, "RedirectAddr") is { } address) return new RedirectAddress(address);
        if (Text(account, "RedirectUrl") is { } text) return Uri.TryCreate(text, UriKind.Absolute, out var url) ? new RedirectUrl(url) : null;
        return ReadSettings(response, account, emailAddress, source);
    }

    private static Settings? ReadSettings(XElement response, XElement account, string emailAddress, Uri source)
    {
        var user = Child(response, "User");
        if (Text(user, "LegacyDN") is not { } legacyDN) return null;
        var protocols = account.Elements().Where(element => element.Name.LocalName == "Protocol").ToList();
        var exch = OfType(protocols, "EXCH");
        // 2013 announces two EXHTTP blocks in the order to try, internal before external; older clients still get EXPR, which is external.
        List<XElement> proxies = [.. AllOfType(protocols, "EXHTTP"), .. AllOfType(protocols, "EXPR")];
        var proxy = OfType(protocols, "EXPR") ?? proxies.FirstOrDefault();
        var mapiHttp = OfType(protocols, "mapiHttp");
        return new Settings(new AutodiscoverSettings
        {
            EmailAddress = Text(user, "AutoDiscoverSMTPAddress") ?? emailAddress,
            DisplayName = Text(user, "DisplayName") ?? emailAddress,
            LegacyDN = legacyDN,
            Server = Text(exch, "Server"),
            ServerVersion = Text(exch, "ServerVersion"),
            MdbDN = Text(exch, "MdbDN"),
            ProxyServer = Text(proxy, "Server"),
            ProxyUsesSsl = !string.Equals(Text(proxy, "SSL"), "Off", StringComparison.OrdinalIgnoreCase),
            AuthPackage = Text(proxy, "AuthPackage"),
            CertPrincipalName = Text(proxy, "CertPrincipalName"),
            Proxies = [.. proxies.Select(ReadProxy).OfType<AutodiscoverProxy>().Distinct()],
            MailStore = ReadUrls(mapiHttp, "MailStore"),
            AddressBook = ReadUrls(mapiHttp, "AddressBook"),
            AlternativeMailboxes = [.. account.Elements().Where(element => element.Name.LocalName == "AlternativeMailbox").Select(ReadAlternative)],
            PublicFolderSmtpAddress = Text(Child(account, "PublicFolderInformation"), "SmtpAddress")
                ?? protocols.Select(protocol => Text(Child(protocol, "PublicFolderInformation"), "SmtpAddress")).FirstOrDefault(address => address is not null),
            Source = source,
        });
    }

    private static AutodiscoverProxy? ReadProxy(XElement protocol) => Text(protocol, "Server") is { } server
        ? new AutodiscoverProxy(server, !string.Equals(Text(protocol, "SSL"), "Off", StringComparison.OrdinalIgnoreCase), Text(protocol, "AuthPackage"))
        : null;

    private static AlternativeMailbox ReadAlternative(XElement element) => new(
        Text(element, "Type") ?? "", Text(element, "DisplayName"), Text(element, "LegacyDN"), Text(element, "Server"), Text(element, "SmtpAddress"),
        Text(element, "OwnerSmtpAddress"));

    private static EndpointUrls? ReadUrls(XElement? mapiHttp, string part)
    {
        var element = Child(mapiHttp, part);
        var (inside, outside) = (UrlOf(element, "InternalUrl"), UrlOf(element, "ExternalUrl"));
        return inside is null && outside is null ? null : new EndpointUrls(inside, outside);
    }

    // Credentials go there.
    private static Uri? UrlOf(XElement? element, string name) =>
        Uri.TryCreate(Text(element, name), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : null;

    // 2007 to 2013 name the type in an element, mapiHttp in an attribute.
    private static IEnumerable<XElement> AllOfType(List<XElement> protocols, string type) => protocols.Where(protocol =>
        type.Equals(Text(protocol, "Type") ?? (string?)protocol.Attribute("Type"), StringComparison.OrdinalIgnoreCase));

    private static XElement? OfType(List<XElement> protocols, string type) => AllOfType(protocols, type).FirstOrDefault();

    private static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    private static string? Text(XElement? parent, string name) => Child(parent, name)?.Value.Trim() is { Length: > 0 } text ? text : null;
}
