using System.Security.Cryptography.X509Certificates;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Http;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Cutover.Interop.Gromox;

/// <summary>A way to the server, as the endpoint's settings choose it.</summary>
internal sealed record Way(string Name, string Transport, string? RpcProtection)
{
    public static readonly IReadOnlyList<Way> All =
    [
        new("MAPI over HTTP, Basic", OutlookAnywhereSettings.MapiHttp, null),
        new("RPC over HTTP, Basic, no RPC protection", OutlookAnywhereSettings.RpcHttp, "None"),
        new("RPC over HTTP, Basic, NTLM with sealing", OutlookAnywhereSettings.RpcHttp, "Privacy"),
    ];
}

/// <summary>A running gromox, and who signs in there.</summary>
/// <param name="Mailbox">The mailbox to read; the user's own unless CUTOVER_GROMOX_MAILBOX names another one.</param>
internal sealed record GromoxServer(Uri Url, string ImapHost, int ImapPort, string HostName, string RootFile, string User, string Password, string Mailbox)
{
    public const string Usage =
        """
          CUTOVER_GROMOX           https://address:port that it listens on
          CUTOVER_GROMOX_NAME      the name in its certificate and its Autodiscover answers
          CUTOVER_GROMOX_ROOT      PEM file of the certification authority
          CUTOVER_GROMOX_IMAP      address:port of its IMAP, without TLS
          CUTOVER_GROMOX_USER      e-mail address; CUTOVER_GROMOX_PASSWORD its password
          CUTOVER_GROMOX_MAILBOX   e-mail address of somebody else's mailbox to read with the user's rights (optional, for whole)
        """;

    /// <summary>Null when the environment names no server.</summary>
    public static GromoxServer? FromEnvironment()
    {
        var imap = Variable("_IMAP").Split(':');
        if (!Uri.TryCreate(Variable(""), UriKind.Absolute, out var url) || imap.Length != 2 || Variable("_USER").Length == 0) return null;
        var mailbox = Variable("_MAILBOX") is { Length: > 0 } named ? named : Variable("_USER");
        return new GromoxServer(
            url, imap[0], int.Parse(imap[1], null), Variable("_NAME"), Variable("_ROOT"), Variable("_USER"), Variable("_PASSWORD"), mailbox);
    }

    public async Task<MigrationEndpoint> EndpointAsync(Way way, CancellationToken ct)
    {
        var settings = new Dictionary<string, string> { ["UserName"] = User, ["Transport"] = way.Transport, ["Authentication"] = "Basic" };
        if (way.RpcProtection is { } protection) settings["RpcProtection"] = protection;
        var endpoint = new MigrationEndpoint("gromox", MigrationEndpointType.OutlookAnywhere, settings, new SecretRef("env:NONE"), 1, 1);
        return await OutlookAnywhereEndpoint.DiscoverAsync(endpoint, Password, Connector(), User, ct);
    }

    public async Task<IRecipientDirectory> OpenDirectoryAsync(Way way, CancellationToken ct) =>
        await OutlookAnywhereDirectory.OpenAsync(await EndpointAsync(way, ct), Password, Connector(), TimeProvider.System, ct);

    public async Task<IMailboxSource> OpenSourceAsync(Way way, CancellationToken ct)
    {
        var endpoint = await EndpointAsync(way, ct);
        await using var directory = await OutlookAnywhereDirectory.OpenAsync(endpoint, Password, Connector(), TimeProvider.System, ct);
        var owner = await directory.FindAsync(Mailbox, ct) ?? throw new InvalidOperationException($"The address book has no {Mailbox}.");
        var reading = new SourceReading { Addresses = await AddressBookNames.ReadAsync(directory, ct) };
        var mailbox = new SourceMailbox(owner.LegacyExchangeDN, owner.PrimarySmtpAddress);
        return await OutlookAnywhereEndpoint.OpenSourceAsync(
            endpoint, Password, Connector(), mailbox, Path.GetTempPath(), TimeProvider.System, ct, reading);
    }

    /// <summary>Signs in as the mailbox's owner: everybody here has the same password.</summary>
    public async Task<ImapClient> OpenImapAsync(CancellationToken ct)
    {
        var imap = new ImapClient { Timeout = 300_000 };
        await imap.ConnectAsync(ImapHost, ImapPort, SecureSocketOptions.None, ct);
        await imap.AuthenticateAsync(Mailbox, Password, ct);
        return imap;
    }

    public Connector Connector()
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(RootFile);
        string[] names = [HostName, "autodiscover." + User[(User.IndexOf('@') + 1)..]];
        return new Connector { TrustedRoots = [.. roots], ConnectTo = [.. names.Select(name => ConnectTo.Parse($"{name}:443:{Url.Host}:{Url.Port}"))] };
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable("CUTOVER_GROMOX" + name) ?? "";
}
