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

    /// <summary>MAPI over HTTP, when the server announces it.</summary>
    public Uri? MailStoreUrl { get; init; }

    public Uri? AddressBookUrl { get; init; }

    /// <summary>Who answered.</summary>
    public required Uri Source { get; init; }

    /// <summary>Every address asked on the way, with what came of it.</summary>
    public IReadOnlyList<AutodiscoverAttempt> Attempts { get; init; } = [];

    /// <summary>The RPC proxy's URL; null when Outlook Anywhere is not announced.</summary>
    public Uri? ProxyUrl => ProxyServer is null
        ? null
        : new UriBuilder(ProxyUsesSsl ? "https" : "http", ProxyServer) { Path = "/rpc/rpcproxy.dll" }.Uri;
}

/// <summary>One address asked, and what came of it, for the administrator.</summary>
public sealed record AutodiscoverAttempt(string Address, string Outcome)
{
    public override string ToString() => $"{Address}: {Outcome}";
}

/// <summary>Where an SRV record leads. Source: RFC 2782.</summary>
public sealed record SrvTarget(string Host, int Port);

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
