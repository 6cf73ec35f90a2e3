using System.Net;

namespace Cutover.Mapi.Autodiscover;

/// <summary>What Autodiscover tells about a mailbox and the way to it. Source: [MS-OXDSCLI] 2.2.4.1.1.</summary>
public sealed record AutodiscoverSettings
{
    public required string EmailAddress { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>User/LegacyDN: names the mailbox in EcDoConnectEx and RopLogon.</summary>
    public required string LegacyDN { get; init; }

    /// <summary>The EXCH block's server: what stands after ? in the proxy's URL. Null when the server announced none.</summary>
    public string? Server { get; init; }

    /// <summary>The EXCH block's version word, such as 738180DA.</summary>
    public string? ServerVersion { get; init; }

    public string? MdbDN { get; init; }

    /// <summary>The RPC proxy of Outlook Anywhere: the EXPR block's server, or the first EXHTTP block's.</summary>
    public string? ProxyServer { get; init; }

    /// <summary>False only when the proxy is announced with SSL Off.</summary>
    public bool ProxyUsesSsl { get; init; } = true;

    /// <summary>Basic, Ntlm, Negotiate, as announced.</summary>
    public string? AuthPackage { get; init; }

    /// <summary>msstd: and the name that the proxy's certificate carries.</summary>
    public string? CertPrincipalName { get; init; }

    /// <summary>Every RPC proxy announced, in the order to try: EXHTTP blocks as they stand, then EXPR.</summary>
    public IReadOnlyList<AutodiscoverProxy> Proxies { get; init; } = [];

    /// <summary>MAPI over HTTP, when the server announces it.</summary>
    public EndpointUrls? MailStore { get; init; }

    public EndpointUrls? AddressBook { get; init; }

    public Uri? MailStoreUrl => MailStore?.Preferred;

    public Uri? AddressBookUrl => AddressBook?.Preferred;

    /// <summary>Other mailboxes that belong to this one: its archive, and those that it has full access to.</summary>
    public IReadOnlyList<AlternativeMailbox> AlternativeMailboxes { get; init; } = [];

    /// <summary>The mailbox of the public folders, from Exchange 2013 on.</summary>
    public string? PublicFolderSmtpAddress { get; init; }

    /// <summary>Which Exchange the mailbox is on; null when the server does not tell.</summary>
    public ExchangeVersion? Version => ExchangeVersion.OfWord(ServerVersion);

    /// <summary>Who answered.</summary>
    public required Uri Source { get; init; }

    /// <summary>Every address asked on the way, with what came of it.</summary>
    public IReadOnlyList<AutodiscoverAttempt> Attempts { get; init; } = [];

    /// <summary>The RPC proxy's URL; null when Outlook Anywhere is not announced.</summary>
    public Uri? ProxyUrl => ProxyServer is null
        ? null
        : new UriBuilder(ProxyUsesSsl ? "https" : "http", ProxyServer) { Path = "/rpc/rpcproxy.dll" }.Uri;
}

/// <summary>An RPC proxy of Outlook Anywhere: an EXPR or EXHTTP block.</summary>
public sealed record AutodiscoverProxy(string Server, bool UsesSsl, string? AuthPackage);

/// <summary>Where an endpoint of MAPI over HTTP is, from inside the network and from outside.</summary>
public sealed record EndpointUrls(Uri? Internal, Uri? External)
{
    /// <summary>From outside when there is such a URL: a migration rarely runs inside.</summary>
    public Uri? Preferred => External ?? Internal;

    /// <summary>The URL at a host that is known to answer; else the preferred one.</summary>
    public Uri? At(string? host) => new[] { External, Internal }.FirstOrDefault(url => url?.Host.Equals(host, StringComparison.OrdinalIgnoreCase) == true) ?? Preferred;
}

/// <summary>A mailbox that belongs to another: Archive, Delegate or TeamMailbox. Source: [MS-OXDSCLI] 2.2.4.1.1.2.3.</summary>
/// <param name="Server">What stands after ? in the proxy's URL.</param>
public sealed record AlternativeMailbox(string Type, string? DisplayName, string? LegacyDN, string? Server, string? SmtpAddress, string? OwnerSmtpAddress)
{
    public bool IsArchive => Type.Equals("Archive", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One address asked, and what came of it, for the administrator.</summary>
public sealed record AutodiscoverAttempt(string Address, string Outcome)
{
    public override string ToString() => $"{Address}: {Outcome}";
}

/// <summary>Why Autodiscover found nothing.</summary>
public enum AutodiscoverFailure
{
    /// <summary>No address answered as Autodiscover does.</summary>
    NotFound,

    /// <summary>The server did not accept name or password. Nothing else was tried, lest the account be locked.</summary>
    SignInRefused,

    /// <summary>The server answered that it does not know the e-mail address.</summary>
    UnknownAddress,
}

/// <summary>Autodiscover found nothing. Written for the administrator, with everything that was tried.</summary>
public sealed class AutodiscoverException(
    AutodiscoverFailure failure, string message, string nextStep, IReadOnlyList<AutodiscoverAttempt> attempts, Exception? inner = null)
    : Exception(attempts.Count == 0 ? message : $"{message}. Tried: {string.Join("; ", attempts)}", inner)
{
    public AutodiscoverFailure Failure { get; } = failure;

    /// <summary>What the administrator can do about it.</summary>
    public string NextStep { get; } = nextStep;

    public IReadOnlyList<AutodiscoverAttempt> Attempts { get; } = attempts;

    /// <summary>The status of the answer that ended the search, when there was one.</summary>
    public HttpStatusCode? StatusCode { get; init; }
}
