using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging;

namespace Cutover.Server;

/// <summary>Opens endpoints of every type that Cutover knows. Secrets are read when a connection needs one.</summary>
/// <param name="decisions">What was decided about recipients: everybody sees the source's address book as if it were so there.</param>
/// <param name="spoolDirectory">Where large items wait on their way.</param>
internal sealed class EndpointFactory(Connector connector, RecipientDecisions decisions, string spoolDirectory, TimeProvider clock, ILoggerFactory logs) : IEndpointFactory
{
    private readonly Dictionary<string, AddressBookNames> names = [];
    private readonly SemaphoreSlim reading = new(1, 1);

    public Task<MigrationEndpoint> DiscoverAsync(MigrationEndpoint endpoint, string emailAddress, CancellationToken ct) =>
        OutlookAnywhereEndpoint.DiscoverAsync(Source(endpoint), Secrets.Read(endpoint.Secret), connector, emailAddress, ct);

    public Task<EndpointTestResult> TestAsync(MigrationEndpoint endpoint, string testMailbox, CancellationToken ct) =>
        OutlookAnywhereEndpoint.TestAsync(Source(endpoint), Secrets.Read(endpoint.Secret), connector, testMailbox, clock, ct);

    public async Task<IRecipientDirectory> OpenDirectoryAsync(MigrationEndpoint endpoint, CancellationToken ct) =>
        new DecidedDirectory(await OutlookAnywhereDirectory.OpenAsync(Source(endpoint), Secrets.Read(endpoint.Secret), connector, clock, ct), decisions);

    public async Task<IMailboxSource> OpenSourceAsync(MigrationEndpoint endpoint, SourceMailbox mailbox, CancellationToken ct)
    {
        var reading = new SourceReading { Addresses = await NamesOfAsync(endpoint, ct) };
        return await OutlookAnywhereEndpoint.OpenSourceAsync(
            Source(endpoint), Secrets.Read(endpoint.Secret), connector, mailbox, spoolDirectory, clock, ct, reading);
    }

    public Task<IRecipientProvisioner> OpenProvisionerAsync(MigrationEndpoint endpoint, CancellationToken ct) =>
        Microsoft365Endpoint.OpenProvisionerAsync(Target(endpoint), Secrets.Read(endpoint.Secret), connector, clock, logs, ct);

    public Task<IMailboxTarget> OpenTargetAsync(MigrationEndpoint endpoint, TargetMailbox mailbox, CancellationToken ct) =>
        Microsoft365Endpoint.OpenTargetAsync(Target(endpoint), Secrets.Read(endpoint.Secret), connector, mailbox, spoolDirectory, clock, logs, ct);

    public Task<IDomainDirectory> OpenDomainsAsync(MigrationEndpoint endpoint, CancellationToken ct) =>
        Microsoft365Endpoint.OpenDomainsAsync(Target(endpoint), Secrets.Read(endpoint.Secret), connector, clock, logs, ct);

    /// <summary>Whom the organisation's addresses mean: read once for all mailboxes of an endpoint, and again where that failed.</summary>
    private async Task<AddressBookNames> NamesOfAsync(MigrationEndpoint endpoint, CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            if (names.TryGetValue(endpoint.Name, out var known)) return known;
            await using var directory = await OpenDirectoryAsync(endpoint, ct);
            return names[endpoint.Name] = await AddressBookNames.ReadAsync(directory, ct);
        }
        finally
        {
            reading.Release();
        }
    }

    private static MigrationEndpoint Source(MigrationEndpoint endpoint) => Of(MigrationEndpointType.OutlookAnywhere, endpoint);

    private static MigrationEndpoint Target(MigrationEndpoint endpoint) => Of(MigrationEndpointType.Microsoft365, endpoint);

    private static MigrationEndpoint Of(MigrationEndpointType type, MigrationEndpoint endpoint) => endpoint.Type == type
        ? endpoint
        : throw new ArgumentException($"The endpoint {endpoint.Name} is a {endpoint.Type}, not a {type}.", nameof(endpoint));
}
