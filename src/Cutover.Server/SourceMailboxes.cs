using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Tracing;

namespace Cutover.Server;

/// <summary>Opens single mailboxes of the source, to look at them without migrating.</summary>
public static class SourceMailboxes
{
    /// <param name="mailbox">An e-mail address, or a legacyExchangeDN.</param>
    /// <param name="tell">Shows the administrator a warning.</param>
    /// <param name="trace">Writes down what goes over the wire; null writes nothing.</param>
    /// <exception cref="Core.Faults.MigrationFault">The mailbox can't be opened.</exception>
    /// <exception cref="InvalidSettingsException">The settings can't be used.</exception>
    public static Task<MailboxView> OpenAsync(
        SourceSettings source, DnsSettings dns, NetworkSettings network, string mailbox, ViewedMailbox viewed, Action<string> tell,
        ProtocolTrace? trace, CancellationToken ct)
    {
        var endpoint = source.ToEndpoint();
        var connector = network.ToConnector(DnsAccess.OpenResolver(dns), trace, new TellingLogger(tell));
        return OutlookAnywhereEndpoint.OpenViewAsync(
            endpoint, Secrets.Read(endpoint.Secret), connector, source.TestMailbox, mailbox, viewed, TimeProvider.System, ct);
    }
}
