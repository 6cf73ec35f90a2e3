using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Messages;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.ImportExport;
using Cutover.Endpoints.Microsoft365.Messages;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Endpoints.Microsoft365.Settings;
using Cutover.Endpoints.Microsoft365.Trial;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>Opens what a Microsoft 365 tenant offers a cutover. Clients of one tenant share connections and tokens as long as the connector lives.</summary>
public static class Microsoft365Endpoint
{
    private static readonly ConditionalWeakTable<Connector, ConcurrentDictionary<string, Microsoft365Connection>> Connections = [];

    /// <summary>A mailbox to copy to. Nothing is asked of the tenant yet.</summary>
    /// <param name="spoolDirectory">Where attachments wait that must be written on their own.</param>
    /// <param name="clientSecret">Not used when the endpoint's settings name a certificate.</param>
    /// <exception cref="Core.Faults.MigrationFault">The endpoint's settings can't be used.</exception>
    public static Task<IMailboxTarget> OpenTargetAsync(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TargetMailbox mailbox, string spoolDirectory, TimeProvider clock,
        ILoggerFactory loggers, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IMailboxTarget>(OpenTarget(Connect(endpoint, clientSecret, connector, clock, loggers), mailbox, spoolDirectory));
    }

    /// <inheritdoc cref="OpenTargetAsync"/>
    /// <summary>What tries on the tenant whether a cutover can work there.</summary>
    public static TenantTrial OpenTrial(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TimeProvider clock, ILoggerFactory loggers)
    {
        var connection = Connect(endpoint, clientSecret, connector, clock, loggers);
        return new TenantTrial(connection, mailbox => OpenTarget(connection, mailbox, Path.GetTempPath()));
    }

    private static Microsoft365Target OpenTarget(Microsoft365Connection connection, TargetMailbox mailbox, string spoolDirectory)
    {
        if (!connection.Settings.HasMailboxImport)
            throw new MigrationFault(FaultScope.Operator, $"{mailbox.PrimarySmtpAddress} can't be copied to: Microsoft offers mailbox import in the global cloud only.",
                "Recipients, licences and DNS can be prepared here; the mailboxes of a national cloud can't be filled by Cutover.");
        var governor = connection.GovernorOf(mailbox.MailboxId);
        var graph = connection.CreateGraph(governor);
        var folders = new MailboxFolders(graph, mailbox.UserId, mailbox.MailboxId, connection.Log<Microsoft365Target>());
        var items = new MailboxItems(graph, folders, mailbox.UserId);
        var addresses = new SignedAddresses(connection.Settings.ImportHosts);
        var import = new ImportClient(
            graph, connection.Http, mailbox.MailboxId, addresses, connection.Retry, governor, connection.Log<Microsoft365Target>());
        var attachments = new AttachmentWriter(graph, connection.Http, addresses, connection.Retry, governor);
        var messages = new MessageWriter(graph, items, attachments, mailbox.UserId, spoolDirectory);
        return new Microsoft365Target(
            mailbox, graph, import, new ExportClient(graph, mailbox.MailboxId, connection.Retry), folders, items, messages,
            new MailboxSettingsWriter(graph, connection.ExchangeOnline, folders, mailbox), connection.Limits.MaxConcurrentRequests);
    }

    /// <inheritdoc cref="OpenTargetAsync"/>
    /// <summary>What makes recipients in the tenant.</summary>
    public static Task<IRecipientProvisioner> OpenProvisionerAsync(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TimeProvider clock, ILoggerFactory loggers, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var connection = Connect(endpoint, clientSecret, connector, clock, loggers);
        return Task.FromResult<IRecipientProvisioner>(
            new Microsoft365Provisioner(connection.CreateGraph(), connection.ExchangeOnline, connection.Settings, connection.Retry));
    }

    /// <inheritdoc cref="OpenTargetAsync"/>
    /// <summary>The tenant's domains.</summary>
    public static Task<IDomainDirectory> OpenDomainsAsync(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TimeProvider clock, ILoggerFactory loggers, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IDomainDirectory>(new Microsoft365Domains(Connect(endpoint, clientSecret, connector, clock, loggers).CreateGraph()));
    }

    /// <inheritdoc cref="OpenTargetAsync"/>
    /// <summary>Sends messages as one mailbox of the tenant.</summary>
    /// <param name="from">The mailbox's address; the application needs Mail.Send.</param>
    public static Task<IMessageSender> OpenMessageSenderAsync(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, string from, TimeProvider clock, ILoggerFactory loggers,
            CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IMessageSender>(new GraphMessageSender(Connect(endpoint, clientSecret, connector, clock, loggers).CreateGraph(),
            from));
    }

    /// <summary>The connection that every client of this endpoint shares.</summary>
    /// <param name="retry">Counts only when the connection is made.</param>
    internal static Microsoft365Connection Connect(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TimeProvider clock, ILoggerFactory loggers, RetryOptions? retry = null)
    {
        var settings = Microsoft365Settings.Read(endpoint);
        var key = $"{settings}\n{string.Join(',', settings.ImportHosts)}\n{clientSecret}";
        return Connections.GetOrCreateValue(connector).GetOrAdd(
            key, _ => new Microsoft365Connection(settings, clientSecret, connector, retry ?? new RetryOptions(), clock, loggers));
    }
}
