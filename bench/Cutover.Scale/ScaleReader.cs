using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Http;

namespace Cutover.Scale;

/// <summary>Reads a mailbox as the copy engine does: every folder's changes, every item stream from beginning to end, nothing kept.</summary>
internal sealed class ScaleReader(ScaleAddress address, string directory)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly HashSet<ItemKey> seen = [];
    private TimeSpan told;

    public long Items { get; private set; }

    public long Bytes { get; private set; }

    public long Repeated { get; private set; }

    public long RoundTrips { get; private set; }

    public TimeSpan Elapsed => clock.Elapsed;

    public static long PeakMemory => Process.GetCurrentProcess().PeakWorkingSet64;

    public async Task ReadAsync(string transport, CancellationToken ct)
    {
        await using var source = await OpenAsync(transport, ct);
        clock.Restart();
        foreach (var folder in await source.GetFoldersAsync(ct).ToListAsync(ct))
            await foreach (var change in source.GetChangesAsync(folder.Key, since: null, ct))
                if (change is Upserted upserted)
                    await TakeAsync(upserted.Item, ct);
        RoundTrips = source.RoundTrips;
        clock.Stop();
    }

    private async Task TakeAsync(MailboxItem item, CancellationToken ct)
    {
        await using var _ = item;
        await using var content = await item.OpenAsync(ct);
        for (int read; (read = await content.ReadAsync(buffer, ct)) > 0;) Bytes += read;
        Items++;
        if (!seen.Add(item.Info.Key)) Repeated++;
        Tell();
    }

    private void Tell()
    {
        if (clock.Elapsed - told < TimeSpan.FromSeconds(5)) return;
        told = clock.Elapsed;
        Console.Error.WriteLine(
            $"  {told.TotalSeconds,5:N0} s {Items,9:N0} items {Bytes / 1e6,8:N0} MB {Bytes / told.TotalSeconds / 1e6,6:N1} MB/s, memory {PeakMemory / 1e6:N0} MB at most");
    }

    private Task<IMailboxSource> OpenAsync(string transport, CancellationToken ct)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(address.RootPemFile);
        var settings = new OutlookAnywhereSettings
        {
            ExchangeServer = address.Server,
            RpcProxyServer = address.ProxyHost,
            UserName = address.UserName,
            LegacyExchangeDN = address.AdministratorDN,
            Transport = transport,
            MailStoreUrl = transport == OutlookAnywhereSettings.MapiHttp ? new Uri($"https://{address.ProxyHost}/mapi/emsmdb/") : null,
        };
        var endpoint = new MigrationEndpoint("scale", MigrationEndpointType.OutlookAnywhere, settings.ToDictionary(), new SecretRef("env:NONE"), 1, 1);
        var connector = new Connector { TrustedRoots = [.. roots], ConnectTo = [ConnectTo.Parse(address.ConnectTo)] };
        var mailbox = new SourceMailbox(address.MailboxDN, address.MailboxAddress);
        return OutlookAnywhereEndpoint.OpenSourceAsync(endpoint, address.Password, connector, mailbox, directory, TimeProvider.System, ct);
    }
}
