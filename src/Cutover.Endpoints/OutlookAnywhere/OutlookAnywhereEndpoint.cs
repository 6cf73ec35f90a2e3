using System.Net;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Mapi;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>An on-premises Exchange organisation, reached over Outlook Anywhere.</summary>
public static class OutlookAnywhereEndpoint
{
    private const int MaximumRedirects = 3;
    private const int HttpsPort = 443;

    /// <summary>
    /// Fills the endpoint's settings in by Autodiscover (S47). <paramref name="emailAddress"/> is the migration account's; it signs in
    /// unless the endpoint
    /// already names a UserName.
    /// </summary>
    /// <exception cref="MigrationFault">Autodiscover found nothing, or the server does not offer Outlook Anywhere.</exception>
    public static async Task<MigrationEndpoint> DiscoverAsync(
        MigrationEndpoint endpoint, string password, Connector connector, string emailAddress, CancellationToken ct)
    {
        var userName = endpoint.Settings.GetValueOrDefault(nameof(OutlookAnywhereSettings.UserName)) ?? emailAddress;
        var acceptedHosts = endpoint.Settings.GetValueOrDefault(nameof(OutlookAnywhereSettings.AcceptedHosts));
        var chosen = OutlookAnywhereSettings.AuthenticationOf(endpoint);
        var found = await AskAsync(connector, OutlookAnywhereSettings.CredentialOf(userName, password), acceptedHosts, chosen, emailAddress, ct);
        var transport = OutlookAnywhereSettings.TransportOf(endpoint);
        var usesMapiHttp = UsesMapiHttp(found, transport);
        if (!usesMapiHttp && (found.Server is null || found.ProxyServer is null)) throw NoOutlookAnywhere(found);
        var host = await ReachableAsync(found, usesMapiHttp, connector, ct);
        var settings = new OutlookAnywhereSettings
        {
            ExchangeServer = found.Server ?? host,
            RpcProxyServer = usesMapiHttp ? found.ProxyServer ?? host : host,
            UserName = userName,
            Authentication = chosen ?? SchemeOf(found.AuthPackage),
            EmailAddress = found.EmailAddress,
            LegacyExchangeDN = found.LegacyDN,
            ServerVersion = found.Version?.ToString(),
            Transport = transport,
            MailStoreUrl = usesMapiHttp ? found.MailStore?.At(host) : null,
            AddressBookUrl = usesMapiHttp ? found.AddressBook?.At(host) : null,
            AcceptedHosts = acceptedHosts,
        };
        return endpoint with { Settings = Merged(endpoint.Settings, settings.ToDictionary()) };
    }

    /// <summary>Connects, signs in and opens a mailbox (S44, S51). What goes wrong is in the result.</summary>
    /// <param name="testMailbox">An e-mail address, or a legacyExchangeDN where Autodiscover is not to be had.</param>
    public static async Task<EndpointTestResult> TestAsync(
        MigrationEndpoint endpoint, string password, Connector connector, string testMailbox, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyDictionary<string, string> settings = endpoint.Settings;
        try
        {
            if (!settings.ContainsKey(nameof(OutlookAnywhereSettings.ExchangeServer)))
            {
                endpoint = await DiscoverAsync(endpoint, password, connector, AdministratorOf(endpoint) ?? testMailbox, ct);
                settings = endpoint.Settings;
            }
            var mailbox = await FindAsync(OutlookAnywhereSettings.Read(endpoint), password, connector, testMailbox, ct);
            await using var source = await OpenSourceAsync(endpoint, password, connector, mailbox, Path.GetTempPath(), clock, ct);
            var folders = await source.GetFoldersAsync(ct).CountAsync(ct);
            var message = $"The mailbox {testMailbox} was opened and has {folders} folders.";
            return new EndpointTestResult(true, message, settings, SupportsCutover: true, ErrorDetail: null);
        }
        catch (MigrationFault fault)
        {
            return new EndpointTestResult(false, fault.Message, settings, SupportsCutover: false, fault.NextStep) { Fault = fault };
        }
    }

    /// <summary>Signs in and opens a mailbox to look at it.</summary>
    /// <param name="account">The e-mail address of the account that signs in: sessions open in its name.</param>
    /// <param name="mailbox">An e-mail address, or a legacyExchangeDN.</param>
    /// <exception cref="MigrationFault">The mailbox can't be opened.</exception>
    public static async Task<MailboxView> OpenViewAsync(
        MigrationEndpoint endpoint, string password, Connector connector, string account, string mailbox, ViewedMailbox viewed, TimeProvider clock,
        CancellationToken ct)
    {
        // Where the administrator named the servers there may be no Autodiscover to ask (Exchange 2003).
        var asksAddressBook = endpoint.Settings.ContainsKey(nameof(OutlookAnywhereSettings.ExchangeServer));
        if (!asksAddressBook) endpoint = await DiscoverAsync(endpoint, password, connector, account, ct);
        var settings = OutlookAnywhereSettings.Read(endpoint);
        SourceMailbox found;
        if (asksAddressBook)
        {
            await using var directory = await OutlookAnywhereDirectory.OpenAsync(endpoint, password, connector, clock, ct);
            settings = settings with { LegacyExchangeDN = (await FindAsync(directory, account, ct)).LegacyExchangeDN };
            found = await FindAsync(directory, mailbox, ct);
        }
        else
        {
            found = await FindAsync(settings, password, connector, mailbox, ct);
        }
        if (viewed == ViewedMailbox.Archive)
            found = await FindArchiveAsync(endpoint, password, connector, found, ct) ?? throw NoArchive(found);
        try
        {
            var addresses = new DirectoryAddresses(token => OutlookAnywhereDirectory.OpenAsync(endpoint, password, connector, clock, token));
            return new MailboxView(await OpenMailboxAsync(settings, password, connector, found, new MapiHttpCookies(), clock, ct), found, addresses);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, $"mailbox {mailbox}");
        }
    }

    /// <summary>The archive mailbox that belongs to a mailbox, to be opened like one; null where there is none. Only Autodiscover knows it (Exchange 2010 and later).</summary>
    /// <exception cref="MigrationFault">Autodiscover can't be asked.</exception>
    public static async Task<SourceMailbox?> FindArchiveAsync(
        MigrationEndpoint endpoint, string password, Connector connector, SourceMailbox mailbox, CancellationToken ct)
    {
        var settings = OutlookAnywhereSettings.Read(endpoint);
        var found = await AskAsync(connector, settings, password, mailbox.PrimarySmtpAddress, ct);
        return found.AlternativeMailboxes.FirstOrDefault(other => other.IsArchive) is { LegacyDN: { } name } archive
            ? new SourceMailbox(name, mailbox.PrimarySmtpAddress) { ExchangeServer = archive.Server }
            : null;
    }

    /// <summary>Signs in and opens a mailbox for reading.</summary>
    /// <param name="spoolDirectory">Where items larger than 256 KiB wait on their way; nothing stays there.</param>
    /// <param name="reading">What is read of it; if not given, the IPM subtree as users see it.</param>
    /// <exception cref="MigrationFault">The mailbox can't be opened.</exception>
    public static async Task<IMailboxSource> OpenSourceAsync(
        MigrationEndpoint endpoint, string password, Connector connector, SourceMailbox mailbox, string spoolDirectory, TimeProvider clock,
        CancellationToken ct, SourceReading? reading = null)
    {
        var settings = OutlookAnywhereSettings.Read(endpoint);
        // Kept from one connection to the next, so that the server ends the session that broke.
        var cookies = new MapiHttpCookies();
        Task<MailboxLogon> Open(CancellationToken ct) => OpenMailboxAsync(settings, password, connector, mailbox, cookies, clock, ct);
        return await OpenSourceAsync(Open, mailbox, spoolDirectory, ct, reading);
    }

    /// <summary>The source of a mailbox that <paramref name="open"/> opens, now and again after its connection broke.</summary>
    internal static async Task<IMailboxSource> OpenSourceAsync(
        Func<CancellationToken, Task<MailboxLogon>> open, SourceMailbox mailbox, string spoolDirectory, CancellationToken ct, SourceReading? reading = null)
    {
        try
        {
            return new OutlookAnywhereSource(await open(ct), open, mailbox, reading ?? new SourceReading(), spoolDirectory);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, $"mailbox {mailbox.PrimarySmtpAddress}");
        }
    }

    private static async Task<MailboxLogon> OpenMailboxAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, MapiHttpCookies cookies, TimeProvider clock,
        CancellationToken ct)
    {
        try
        {
            return await OpenOnceAsync(settings, password, connector, mailbox, cookies, clock, ct);
        }
        catch (MapiException unencrypted) when (unencrypted.ErrorCode == MapiErrorCode.NotEncrypted && settings.RpcProtection is null)
        {
            return await OpenEncryptedAsync(unencrypted);
        }

        // NTLM was refused at the RPC level, and going on without encryption was too: a server that restricts NTLM may take it inside SPNEGO.
        async Task<MailboxLogon> OpenEncryptedAsync(MapiException unencrypted)
        {
            try
            {
                var raised = settings with { RpcProtection = RpcAuthenticationLevel.Privacy, RpcProvider = RpcAuthenticationType.Negotiate };
                return await OpenOnceAsync(raised, password, connector, mailbox, cookies, clock, ct);
            }
            catch (Exception e) when (e is RpcBindRefusedException or MapiException { ErrorCode: RpcStatus.AccessDenied })
            {
                throw unencrypted;
            }
        }
    }

    private static async Task<MailboxLogon> OpenOnceAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, MapiHttpCookies cookies, TimeProvider clock,
        CancellationToken ct)
    {
        var server = settings.UsesMapiHttp ? "" : await ServerOfAsync(settings, password, connector, mailbox, ct);
        for (var redirects = 0; ; redirects++)
        {
            try
            {
                var transport = settings.UsesMapiHttp
                    ? await OverHttpAsync(settings, password, connector, mailbox, cookies, clock, ct)
                    : new RpcMapiTransport(await RpcHttpClient.ConnectAsync(
                        settings.ConnectionTo(EmsmdbInterface.Port, password, connector, clock, server), EmsmdbInterface.Id, ct));
                // An account without a known name of its own may still get in by the mailbox's.
                var options = new MapiSessionOptions(settings.LegacyExchangeDN ?? mailbox.LegacyExchangeDN) { Clock = clock, Trace = connector.Trace };
                return await MailboxLogon.OpenAsync(await MapiSession.ConnectAsync(transport, options, ct), mailbox.LegacyExchangeDN, ct);
            }
            catch (WrongServerException e) when (redirects < MaximumRedirects)
            {
                // Over HTTP the next turn asks Autodiscover again, which knows where the mailbox went.
                server = e.ServerName;
            }
        }
    }

    /// <summary>From Exchange 2013 on each mailbox has a server name of its own, which only Autodiscover tells.</summary>
    private static async Task<string> ServerOfAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, CancellationToken ct)
    {
        if (mailbox.ExchangeServer is { } own) return own;
        if (!settings.HasServerPerMailbox || mailbox.LegacyExchangeDN == settings.LegacyExchangeDN) return settings.ExchangeServer;
        var found = await AskAsync(connector, settings, password, mailbox.PrimarySmtpAddress, ct);
        return found.Server ?? throw NoOutlookAnywhere(found);
    }

    private static async Task<SourceMailbox> FindAsync(IRecipientDirectory directory, string mailbox, CancellationToken ct)
    {
        if (mailbox.StartsWith('/')) return new SourceMailbox(mailbox, mailbox);
        var recipient = await directory.FindAsync(mailbox, ct) ?? throw new MigrationFault(
            FaultScope.Operator, $"The address book has no recipient with the address {mailbox}",
            "Check the spelling, or give the mailbox's legacyExchangeDN.");
        return new SourceMailbox(recipient.LegacyExchangeDN, recipient.PrimarySmtpAddress);
    }

    private static async Task<IMapiTransport> OverHttpAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, MapiHttpCookies cookies, TimeProvider clock,
        CancellationToken ct)
    {
        var url = await MailStoreUrlOfAsync(settings, password, connector, mailbox, ct);
        return new MapiHttpTransport(settings.ConnectionTo(url, password, connector, clock) with { Cookies = cookies });
    }

    /// <summary>Each mailbox has a URL of its own, which only Autodiscover tells; one without a query serves all.</summary>
    private static async Task<Uri> MailStoreUrlOfAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, CancellationToken ct)
    {
        var own = settings.MailStoreUrl ?? throw new InvalidOperationException("The endpoint has no MAPI over HTTP");
        if (mailbox.ExchangeServer is { } server && own.Query.Length > 0) return new UriBuilder(own) { Query = $"MailboxId={server}" }.Uri;
        if (own.Query.Length == 0 || mailbox.LegacyExchangeDN == settings.LegacyExchangeDN) return own;
        var found = await AskAsync(connector, settings, password, mailbox.PrimarySmtpAddress, ct);
        return found.MailStore?.At(own.Host) ?? throw NoMapiHttp(found);
    }

    private static bool UsesMapiHttp(AutodiscoverSettings found, string transport) => transport switch
    {
        OutlookAnywhereSettings.RpcHttp => false,
        OutlookAnywhereSettings.MapiHttp => found.MailStoreUrl is not null && found.AddressBookUrl is not null ? true : throw NoMapiHttp(found),
        _ => found.MailStoreUrl is not null && found.AddressBookUrl is not null,
    };

    /// <summary>The first host that takes a TLS connection, in the order that Autodiscover gives; the first of all when none does, for its error.</summary>
    private static async Task<string> ReachableAsync(AutodiscoverSettings found, bool usesMapiHttp, Connector connector, CancellationToken ct)
    {
        IEnumerable<string?> announced = usesMapiHttp
            ? [found.MailStore?.External?.Host, found.MailStore?.Internal?.Host]
            : found.Proxies.Select(proxy => proxy.Server).Prepend(found.ProxyServer);
        var hosts = announced.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (hosts.Count == 1) return hosts[0];
        foreach (var host in hosts)
        {
            try
            {
                await using var _ = await connector.ConnectAsync(host, HttpsPort, ct);
                return host;
            }
            catch (ConnectException)
            {
                // The next may be the one for this side of the firewall.
            }
        }
        return hosts[0];
    }

    private static async Task<SourceMailbox> FindAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, string mailbox, CancellationToken ct)
    {
        if (mailbox.StartsWith('/')) return new SourceMailbox(mailbox, mailbox);
        var found = await AskAsync(connector, settings, password, mailbox, ct);
        return new SourceMailbox(found.LegacyDN, found.EmailAddress);
    }

    private static Task<AutodiscoverSettings> AskAsync(
        Connector connector, OutlookAnywhereSettings settings, string password, string emailAddress, CancellationToken ct) =>
        AskAsync(
            connector, OutlookAnywhereSettings.CredentialOf(settings.UserName, password), settings.AcceptedHosts, settings.Authentication, emailAddress, ct);

    /// <param name="scheme">Outlook Anywhere's own; Autodiscover may take others, so that only Kerberos, which is never guessed, holds for both.</param>
    private static async Task<AutodiscoverSettings> AskAsync(
        Connector connector, NetworkCredential credential, string? acceptedHosts, HttpAuthenticationScheme? scheme, string emailAddress, CancellationToken ct)
    {
        try
        {
            var client = new AutodiscoverClient(connector, OutlookAnywhereSettings.Accepts(acceptedHosts))
            {
                Authentication = scheme == HttpAuthenticationScheme.Kerberos ? scheme : null,
            };
            return await client.DiscoverAsync(emailAddress, credential, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, $"mailbox {emailAddress}");
        }
    }

    private static MigrationFault NoArchive(SourceMailbox mailbox) => new(
        FaultScope.Operator, $"Autodiscover names no archive of the mailbox {mailbox.PrimarySmtpAddress}", "Look at the mailbox itself, without --archive.");

    private static MigrationFault NoOutlookAnywhere(AutodiscoverSettings found) => new(
        FaultScope.Operator,
        $"Autodiscover at {found.Source.Host} knows {found.EmailAddress} and names no RPC proxy for it: Outlook Anywhere is off",
        "Enable Outlook Anywhere (Enable-OutlookAnywhere) with Basic authentication, or give the Exchange server and the RPC proxy server yourself.");

    private static MigrationFault NoMapiHttp(AutodiscoverSettings found) => new(
        FaultScope.Operator,
        $"Autodiscover at {found.Source.Host} knows {found.EmailAddress} and announces no MAPI over HTTP for it",
        "Enable it (Set-OrganizationConfig -MapiHttpEnabled $true, Set-CASMailbox -MapiHttpEnabled), or choose the transport auto or rpcHttp.");

    private static string? AdministratorOf(MigrationEndpoint endpoint)
    {
        if (endpoint.Settings.TryGetValue(nameof(OutlookAnywhereSettings.EmailAddress), out var address)) return address;
        return endpoint.Settings.TryGetValue(nameof(OutlookAnywhereSettings.UserName), out var name) && name.Contains('@') ? name : null;
    }

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> found)
    {
        var merged = new Dictionary<string, string>(given);
        foreach (var (name, value) in found) merged[name] = value;
        return merged;
    }

    /// <summary>What Autodiscover's AuthPackage means to us; null where it is Kerberos or a certificate. Source: [MS-OXDSCLI] 2.2.4.1.1.2.6.4.</summary>
    private static HttpAuthenticationScheme? SchemeOf(string? package) =>
        Enum.TryParse<HttpAuthenticationScheme>(package, ignoreCase: true, out var scheme) && Enum.IsDefined(scheme) ? scheme : null;
}
