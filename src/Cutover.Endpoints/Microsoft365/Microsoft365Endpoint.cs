using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.ImportExport;
using Cutover.Endpoints.Microsoft365.Requests;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>Opens what a Microsoft 365 tenant offers a cutover. Clients of one tenant share connections and tokens as long as the connector lives.</summary>
public static class Microsoft365Endpoint
{
    private static readonly ConditionalWeakTable<Connector, ConcurrentDictionary<string, Microsoft365Connection>> Connections = [];

    /// <summary>A mailbox to copy to. Nothing is asked of the tenant yet.</summary>
    /// <param name="clientSecret">Not used when the endpoint's settings name a certificate.</param>
    /// <exception cref="Core.Faults.MigrationFault">The endpoint's settings can't be used.</exception>
    public static Task<Microsoft365Target> OpenTargetAsync(
        MigrationEndpoint endpoint, string clientSecret, TargetMailbox mailbox, Connector connector, TimeProvider clock, ILoggerFactory loggers,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var connection = Connect(endpoint, clientSecret, connector, clock, loggers);
        var graph = connection.CreateGraph();
        var folders = new MailboxFolders(graph, mailbox.UserId, mailbox.MailboxId, connection.Log<Microsoft365Target>());
        var import = new ImportClient(
            graph, connection.Http, mailbox.MailboxId, connection.Settings.ImportHosts, connection.Retry, connection.Log<Microsoft365Target>());
        return Task.FromResult(new Microsoft365Target(mailbox, graph, import, new ExportClient(graph, mailbox.MailboxId, connection.Retry), folders));
    }

    private static Microsoft365Connection Connect(
        MigrationEndpoint endpoint, string clientSecret, Connector connector, TimeProvider clock, ILoggerFactory loggers)
    {
        var settings = Microsoft365Settings.Read(endpoint);
        var key = $"{settings}\n{string.Join(',', settings.ImportHosts)}\n{clientSecret}";
        return Connections.GetOrCreateValue(connector).GetOrAdd(
            key, _ => new Microsoft365Connection(settings, clientSecret, connector, new RetryOptions(), clock, loggers));
    }
}
