using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Cutover.Core.Recipients;
using Cutover.Lab.Exchange.MapiHttp;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.Http;

/// <summary>Autodiscover's POX service, answering like the version of Exchange that it is told to be. Source: [MS-OXDSCLI] 2.2.4, 4.</summary>
internal sealed class AutodiscoverService(ExchangeServerOptions options, AccountDirectory directory)
{
    private const int FirstWithExHttp = 15;
    private const string UnknownAddress = "500";
    private const string InvalidRequest = "600";
    private static readonly XNamespace Outer = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static readonly XNamespace Outlook = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    public async Task HandleAsync(HttpContext context)
    {
        if (directory.SignIn(context) is null) return;
        var request = await ReadAsync(context);
        var answer = request is null ? Error(InvalidRequest, "Invalid Request")
            : Find(request) is { } recipient ? Settings(recipient, context.Request)
            : Error(UnknownAddress, "The email address can't be found.");
        context.Response.ContentType = "text/xml; charset=utf-8";
        await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n{answer}", Encoding.UTF8, context.RequestAborted);
    }

    /// <summary>The address or legacyDN asked for; null when the request is not one.</summary>
    private static async Task<string?> ReadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method)) return null;
        try
        {
            var request = await XDocument.LoadAsync(context.Request.Body, LoadOptions.None, context.RequestAborted);
            return request.Descendants().FirstOrDefault(element => element.Name.LocalName is "EMailAddress" or "LegacyDN")?.Value.Trim();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private Recipient? Find(string name) => options.Organisation.Mailboxes.FirstOrDefault(recipient =>
        name.Equals(recipient.LegacyExchangeDN, StringComparison.OrdinalIgnoreCase)
        || recipient.EmailAddresses.Contains("smtp:" + name, StringComparer.OrdinalIgnoreCase));

    private XElement Settings(Recipient recipient, HttpRequest request) => new(
        Outer + "Autodiscover",
        new XElement(
            Outlook + "Response",
            new XElement(
                Outlook + "User",
                new XElement(Outlook + "DisplayName", recipient.DisplayName),
                new XElement(Outlook + "LegacyDN", recipient.LegacyExchangeDN),
                new XElement(Outlook + "AutoDiscoverSMTPAddress", recipient.PrimarySmtpAddress),
                new XElement(Outlook + "DeploymentId", "7b5d4a3e-2f1c-4a6b-9d8e-0c1b2a394857")),
            new XElement(
                Outlook + "Account",
                new XElement(Outlook + "AccountType", "email"),
                new XElement(Outlook + "Action", "settings"),
                new XElement(Outlook + "MicrosoftOnline", "False"),
                Exch(recipient),
                // 2013 and later: one from inside, one from outside.
                Answers.Version.Major < FirstWithExHttp ? [Proxy("EXPR")] : (XElement[])[Proxy("EXHTTP"), Proxy("EXHTTP")],
                MapiHttp(recipient, request),
                Archive(recipient))));

    private AutodiscoverOptions Answers => options.Autodiscover;

    private Guid? MailboxOf(Recipient recipient) => options.MailStore?.MailboxGuidOf(recipient.LegacyExchangeDN);

    private XElement Exch(Recipient recipient)
    {
        const string Servers = "ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers";
        var serverDN = $"/o={options.Organisation.Domain.Split('.')[0]}/{Servers}/cn=EX01";
        return new XElement(
            Outlook + "Protocol",
            new XElement(Outlook + "Type", "EXCH"),
            new XElement(
                Outlook + "Server",
                Answers.ServerPerMailbox && MailboxOf(recipient) is { } mailbox ? $"{mailbox}@{options.Organisation.Domain}" : options.ServerName),
            new XElement(Outlook + "ServerDN", serverDN),
            new XElement(Outlook + "ServerVersion", Answers.Version.ToWord()),
            new XElement(Outlook + "MdbDN", serverDN + "/cn=Microsoft Private MDB"),
            new XElement(Outlook + "AD", $"dc01.{options.Organisation.Domain}"));
    }

    private XElement Proxy(string type) => new(
        Outlook + "Protocol",
        new XElement(Outlook + "Type", type),
        new XElement(Outlook + "Server", options.ProxyHost),
        new XElement(Outlook + "SSL", "On"),
        new XElement(Outlook + "AuthPackage", options.Authentication.Max().ToString()),
        new XElement(Outlook + "CertPrincipalName", $"msstd:{options.ProxyHost}"));

    /// <summary>Only for a client that says it can. Source: [MS-OXDSCLI] 2.2.2.1, 2.2.4.1.1.2.6.</summary>
    private XElement? MapiHttp(Recipient recipient, HttpRequest request)
    {
        if (!Answers.AnnouncesMapiHttp || MailboxOf(recipient) is not { } mailbox) return null;
        if (!int.TryParse(request.Headers["X-MapiHttpCapability"], CultureInfo.InvariantCulture, out var capability) || capability < 1) return null;
        // Whoever asks at a port of its own, not through a connect-to rule, must find the endpoints there too.
        var authority = request.Host.Port is null or 443 ? options.ProxyHost : request.Host.Value ?? options.ProxyHost;
        XElement Urls(string part, string path)
        {
            var url = MapiVirtualDirectory.Url(authority, path, mailbox, options.Organisation.Domain);
            return new XElement(Outlook + part, new XElement(Outlook + "InternalUrl", url), new XElement(Outlook + "ExternalUrl", url));
        }
        return new XElement(
            Outlook + "Protocol",
            new XAttribute("Type", "mapiHttp"),
            new XAttribute("Version", 1),
            Urls("MailStore", MapiVirtualDirectory.MailStorePath),
            Urls("AddressBook", MapiVirtualDirectory.AddressBookPath));
    }

    /// <summary>Source: [MS-OXDSCLI] 2.2.4.1.1.2.3.</summary>
    private XElement? Archive(Recipient recipient) => options.MailStore?.ArchiveOf(recipient.LegacyExchangeDN) is not { } archive ? null : new XElement(
        Outlook + "AlternativeMailbox",
        new XElement(Outlook + "Type", "Archive"),
        new XElement(Outlook + "DisplayName", archive.DisplayName),
        new XElement(Outlook + "LegacyDN", archive.LegacyExchangeDN),
        new XElement(Outlook + "Server", Answers.ServerPerMailbox ? $"{archive.MailboxGuid}@{options.Organisation.Domain}" : options.ServerName));

    private XElement Error(string code, string message) => new(
        Outer + "Autodiscover",
        new XElement(
            Outer + "Response",
            new XElement(
                Outer + "Error",
                new XAttribute("Time", options.Clock.GetUtcNow().ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture)),
                new XAttribute("Id", "2477272013"),
                new XElement(Outer + "ErrorCode", code),
                new XElement(Outer + "Message", message),
                new XElement(Outer + "DebugData"))));
}
