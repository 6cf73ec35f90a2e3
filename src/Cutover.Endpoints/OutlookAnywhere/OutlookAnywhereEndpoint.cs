using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>An on-premises Exchange organisation, reached over Outlook Anywhere.</summary>
public static class OutlookAnywhereEndpoint
{
    private const int MaximumRedirects = 3;

    /// <summary>Signs in and opens a mailbox for reading.</summary>
    /// <param name="spoolDirectory">Where items larger than 256 KiB wait on their way; nothing stays there.</param>
    /// <exception cref="Core.Faults.MigrationFault">The mailbox can't be opened.</exception>
    public static async Task<IMailboxSource> OpenSourceAsync(
        MigrationEndpoint endpoint, string password, Connector connector, SourceMailbox mailbox, string spoolDirectory, TimeProvider clock,
        CancellationToken ct)
    {
        var settings = OutlookAnywhereSettings.Read(endpoint);
        Task<MailboxLogon> Open(CancellationToken ct) => OpenMailboxAsync(settings, password, connector, mailbox, clock, ct);
        return await OpenSourceAsync(Open, mailbox, spoolDirectory, ct);
    }

    /// <summary>The source of a mailbox that <paramref name="open"/> opens, now and again after its connection broke.</summary>
    internal static async Task<IMailboxSource> OpenSourceAsync(
        Func<CancellationToken, Task<MailboxLogon>> open, SourceMailbox mailbox, string spoolDirectory, CancellationToken ct)
    {
        try
        {
            return new OutlookAnywhereSource(await open(ct), open, mailbox, spoolDirectory);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, $"mailbox {mailbox.PrimarySmtpAddress}");
        }
    }

    private static async Task<MailboxLogon> OpenMailboxAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, SourceMailbox mailbox, TimeProvider clock, CancellationToken ct)
    {
        var server = settings.ExchangeServer;
        for (var redirects = 0; ; redirects++)
        {
            try
            {
                var rpc = await RpcHttpClient.ConnectAsync(
                    settings.ConnectionTo(EmsmdbInterface.Port, password, connector, clock, server), EmsmdbInterface.Id, ct);
                // An account without a known name of its own may still get in by the mailbox's.
                var options = new MapiSessionOptions(settings.LegacyExchangeDN ?? mailbox.LegacyExchangeDN) { Clock = clock };
                return await MailboxLogon.OpenAsync(await MapiSession.ConnectAsync(rpc, options, ct), mailbox.LegacyExchangeDN, ct);
            }
            catch (WrongServerException e) when (redirects < MaximumRedirects)
            {
                server = e.ServerName;
            }
        }
    }
}
