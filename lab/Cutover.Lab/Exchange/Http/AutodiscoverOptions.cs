using Cutover.Mapi.Autodiscover;

namespace Cutover.Lab.Exchange.Http;

/// <summary>Which Exchange the lab's Autodiscover says it is.</summary>
public sealed record AutodiscoverOptions
{
    /// <summary>Exchange 2010 SP1 unless told otherwise: it announces EXPR; from 2013 on there are two EXHTTP blocks instead.</summary>
    public ExchangeVersion Version { get; init; } = new(14, 1, 218);

    /// <summary>Each mailbox has a server name of its own, its GUID at the domain, as from Exchange 2013 on.</summary>
    public bool ServerPerMailbox { get; init; }

    /// <summary>Announces MAPI over HTTP to clients that say they can, when the server has it.</summary>
    public bool AnnouncesMapiHttp { get; init; } = true;
}
