using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Emsmdb;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>What a first sync of Contoso's mailboxes costs on the wire.</summary>
public sealed class ContosoRoundTripsTests : IDisposable
{
    private const double MostPerItem = 0.2;
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-trips-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_first_sync_takes_a_fifth_of_a_round_trip_per_item_at_most()
    {
        var options = new LabOptions { WorkDirectory = directory, Mailboxes = 5, ItemsPerMailbox = 200 };
        using var store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"));
        var organisation = ContosoGenerator.Create(options);
        ContosoMail.Fill(store, organisation, options);
        var server = new EmsmdbServer(store, new EmsmdbOptions());
        var (items, trips) = (0L, 0L);
        foreach (var mailbox in store.Mailboxes)
        {
            await using var source = await OpenAsync(server, organisation.Administrator, mailbox);
            items += await CountItemsAsync(source);
            trips += source.RoundTrips;
        }
        Assert.InRange(items, 900, 1100);
        Assert.True(trips <= items * MostPerItem, $"{trips} round trips for {items} items");
    }

    private static async Task<int> CountItemsAsync(IMailboxSource source)
    {
        var items = 0;
        foreach (var folder in await source.GetFoldersAsync(default).ToListAsync())
            items += (await SourceRun.ReadAsync(source, folder.Key, since: null, verifiesStreams: false)).Items.Count;
        return items;
    }

    private Task<IMailboxSource> OpenAsync(EmsmdbServer server, LabAccount administrator, MailboxStore mailbox)
    {
        async Task<MailboxLogon> Open(CancellationToken ct)
        {
            var session = await MapiSession.ConnectAsync(new InProcessRpcClient(server, administrator), new MapiSessionOptions(administrator.LegacyExchangeDN), ct);
            return await MailboxLogon.OpenAsync(session, mailbox.LegacyExchangeDN, ct);
        }
        return OutlookAnywhereEndpoint.OpenSourceAsync(Open, new SourceMailbox(mailbox.LegacyExchangeDN, mailbox.DisplayName), directory, default);
    }
}
