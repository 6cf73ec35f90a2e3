using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>The connection breaks at any byte: in handshakes, in the middle of a PDU, while a channel gives way to its successor.</summary>
public sealed class CutConnectionTests : IAsyncLifetime
{
    private const int Seed = 20261125;
    private const int Cuts = 100;
    private readonly SourceLab lab = new();
    private LabCertificateAuthority authority = null!;
    private ExchangeServer exchange = null!;
    private CuttingRelay relay = null!;

    public async ValueTask InitializeAsync()
    {
        authority = LabCertificateAuthority.Open(Path.Combine(lab.SpoolDirectory, "..", "ca"));
        exchange = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", [], SourceLab.Administrator),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = lab.Server },
            CertificateChain = authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com"),
            OutChannelLifetime = 60_000,
            SplitterSeed = Seed,
        });
        relay = new CuttingRelay(exchange.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await relay.DisposeAsync();
        await exchange.DisposeAsync();
        lab.Dispose();
    }

    [Theory]
    [InlineData(RpcAuthenticationLevel.None)]
    [InlineData(RpcAuthenticationLevel.Privacy)]
    public async Task A_hundred_cuts_lose_no_item_and_repeat_none(RpcAuthenticationLevel protection)
    {
        var messages = lab.FillInbox(20).Select(lab.KeyOf).ToList();
        relay.CutAfter(long.MaxValue);
        Assert.Equal(messages, await ReadWholeAsync(() => { }, protection));
        var random = new Random(Seed);
        var whole = relay.Carried;
        var cuts = 0;
        while (cuts < Cuts) Assert.Equal(messages, await ReadWholeAsync(NextCut, protection));

        void NextCut()
        {
            if (relay.HasCut) cuts++;
            relay.CutAfter(random.NextInt64(whole));
        }
    }

    /// <summary>Reads the folder from nothing to its end, from checkpoint to checkpoint; each attempt has its own cut.</summary>
    private async Task<List<ItemKey>> ReadWholeAsync(Action beforeAttempt, RpcAuthenticationLevel protection)
    {
        var items = new List<ItemKey>();
        SyncState? state = null;
        while (true)
        {
            beforeAttempt();
            try
            {
                await using var source = await OpenAsync(protection);
                var (keys, reached, fault) = await lab.ReadInboxAsync(source, state);
                items.AddRange(keys);
                state = reached ?? state;
                if (fault is null) return items;
            }
            catch (MigrationFault) when (relay.HasCut)
            {
                // Not even open yet.
            }
        }
    }

    private Task<IMailboxSource> OpenAsync(RpcAuthenticationLevel protection) => OutlookAnywhereEndpoint.OpenSourceAsync(
        OutlookAnywhereEndpointTests.Known with
        {
            Settings = new Dictionary<string, string>(OutlookAnywhereEndpointTests.Known.Settings)
            {
                [nameof(OutlookAnywhereSettings.RpcProtection)] = protection.ToString(),
            },
        },
        SourceLab.Administrator.Password,
        new Connector { TrustedRoots = [authority.Root], ConnectTo = [new ConnectTo("", 443, "127.0.0.1", relay.Port)] },
        SourceLab.AnnaMailbox,
        lab.SpoolDirectory,
        TimeProvider.System,
        default);
}
