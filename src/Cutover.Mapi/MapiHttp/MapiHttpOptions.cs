using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;

namespace Cutover.Mapi.MapiHttp;

/// <summary>One endpoint of MAPI over HTTP: where, as whom.</summary>
public sealed record MapiHttpOptions
{
    /// <summary>As Autodiscover gives it, such as https://mail.contoso.com/mapi/emsmdb/?MailboxId=…</summary>
    public required Uri Url { get; init; }

    public required HttpAuthentication Authentication { get; init; }

    public required Connector Connector { get; init; }

    /// <summary>Decides whether a redirect to this URL may get our credentials; null allows the host of <see cref="Url"/> only.</summary>
    public Func<Uri, bool>? MayFollow { get; init; }

    /// <summary>
    /// Shared by connections that follow one another, so that connecting again lets the server end the session that broke. Source:
    /// [MS-OXCMAPIHTTP] 3.1.5.7.
    /// </summary>
    public MapiHttpCookies Cookies { get; init; } = new();

    /// <summary>What X-ClientApplication says when no session tells: Outlook 2013.</summary>
    public MapiVersion ClientVersion { get; init; } = new(15, 0, 4551, 1000);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
