using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Faults;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>Contoso's Exchange with both transports, from Autodiscover to the last item.</summary>
public sealed class TransportsTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-transports-").FullName;
    private ContosoLab lab = null!;

    private Connector Connector => new() { TrustedRoots = [lab.Authority.Root], ConnectTo = lab.Exchange.ConnectTo };

    public async ValueTask InitializeAsync() => lab = await ContosoLab.StartAsync(
        new LabOptions { WorkDirectory = directory, Mailboxes = 5, ItemsPerMailbox = 20, MapiHttp = true }, default);

    public async ValueTask DisposeAsync()
    {
        await lab.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Mailboxes_and_recipients_are_the_same_over_either_transport()
    {
        var overHttp = await DiscoverAsync("mapiHttp");
        var overRpc = await DiscoverAsync("rpcHttp");
        Assert.True(OutlookAnywhereSettings.Read(overHttp).UsesMapiHttp);
        Assert.False(OutlookAnywhereSettings.Read(overRpc).UsesMapiHttp);
        Assert.Equal(await RecipientsAsync(overRpc), await RecipientsAsync(overHttp));
        foreach (var mailbox in lab.Organisation.Mailboxes.Take(3))
        {
            var read = await ReadAsync(overHttp, mailbox);
            Assert.NotEmpty(read);
            Assert.Equal(await ReadAsync(overRpc, mailbox), read);
        }
    }

    [Theory]
    [InlineData("mapiHttp")]
    [InlineData("rpcHttp")]
    public async Task An_archive_is_found_and_read_like_a_mailbox(string transport)
    {
        var (owner, other) = (lab.Organisation.Mailboxes.First(), lab.Organisation.Mailboxes.ElementAt(1));
        var archive = lab.Store.CreateMailbox($"{owner.LegacyExchangeDN}/guid={Guid.NewGuid()}", $"Online Archive - {owner.DisplayName}", "en-US");
        archive.SaveMessage(archive.FolderOf(FolderRole.Inbox), SourceLab.Message("Kept since 2009"), isRead: true);
        var endpoint = await DiscoverAsync(transport);
        Assert.Null(await FindArchiveAsync(endpoint, other));
        var found = await FindArchiveAsync(endpoint, owner);
        Assert.Equal((archive.LegacyExchangeDN, owner.PrimarySmtpAddress), (found?.LegacyExchangeDN, found?.PrimarySmtpAddress));
        await using var source = await OutlookAnywhereEndpoint.OpenSourceAsync(
            endpoint, lab.Organisation.Administrator.Password, Connector, found ?? throw new InvalidOperationException(), directory, TimeProvider.System, default);
        var inbox = await source.GetFoldersAsync(default).FirstAsync(folder => folder.Role == FolderRole.Inbox);
        Assert.Equal(["Kept since 2009"], await source.GetItemsAsync(inbox.Key, default).Select(item => item.Subject).ToListAsync());
    }

    [Fact]
    public async Task MAPI_over_HTTP_is_taken_where_it_is_announced()
    {
        var settings = OutlookAnywhereSettings.Read(await DiscoverAsync(transport: null));
        Assert.Equal(("auto", true, "15.1.2507"), (settings.Transport, settings.UsesMapiHttp, settings.ServerVersion));
        Assert.Contains("MailboxId=", settings.MailStoreUrl?.Query);
        Assert.Equal("/mapi/nspi/", settings.AddressBookUrl?.AbsolutePath);
    }

    [Fact]
    public async Task A_transport_that_there_is_none_of_is_the_operator_s_to_mend()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => DiscoverAsync("carrierPigeon"));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("mapiHttp", fault.NextStep);
    }

    [Fact]
    public async Task A_session_that_the_server_lost_is_opened_again_and_the_mailbox_read_on()
    {
        var endpoint = await DiscoverAsync("mapiHttp");
        var mailbox = lab.Organisation.Mailboxes.First();
        var expected = await ReadAsync(endpoint, mailbox);
        var lost = new FaultRule(FaultKind.Refuse, "MAPI Execute", Every: 9, Times: 3);
        lab.ExchangeFaults.Add(lost);
        Assert.Equal(expected, await ReadAsync(endpoint, mailbox));
        Assert.True(lab.ExchangeFaults.Struck(lost) > 0);
    }

    private Task<SourceMailbox?> FindArchiveAsync(MigrationEndpoint endpoint, Recipient owner) => OutlookAnywhereEndpoint.FindArchiveAsync(
        endpoint, lab.Organisation.Administrator.Password, Connector, new SourceMailbox(owner.LegacyExchangeDN, owner.PrimarySmtpAddress), default);

    private Task<MigrationEndpoint> DiscoverAsync(string? transport)
    {
        var given = new Dictionary<string, string>();
        if (transport is not null) given["Transport"] = transport;
        var endpoint = new MigrationEndpoint("Contoso", MigrationEndpointType.OutlookAnywhere, given, new SecretRef("env:NONE"), 20, 10);
        var administrator = lab.Organisation.Administrator;
        return OutlookAnywhereEndpoint.DiscoverAsync(endpoint, administrator.Password, Connector, administrator.EmailAddress, default);
    }

    private async Task<List<string>> RecipientsAsync(MigrationEndpoint endpoint)
    {
        await using var directory = await OutlookAnywhereDirectory.OpenAsync(
            endpoint, lab.Organisation.Administrator.Password, Connector, TimeProvider.System, default);
        return await directory.GetRecipientsAsync(default).Select(recipient => recipient.LegacyExchangeDN).ToListAsync();
    }

    /// <summary>Folder, key and digest of every item; a fault that passes is passed over, from the last state on.</summary>
    private async Task<List<(string Folder, string Key, ContentDigest Digest)>> ReadAsync(MigrationEndpoint endpoint, Recipient mailbox)
    {
        var items = new List<(string, string, ContentDigest)>();
        await using var source = await OutlookAnywhereEndpoint.OpenSourceAsync(
            endpoint, lab.Organisation.Administrator.Password, Connector, new SourceMailbox(mailbox.LegacyExchangeDN, mailbox.PrimarySmtpAddress),
            Path.Combine(directory, "spool"), TimeProvider.System, default);
        var folders = await PatientlyAsync(() => source.GetFoldersAsync(default).ToListAsync().AsTask());
        foreach (var folder in folders) await ReadAsync(source, folder, items);
        return items;
    }

    private static async Task ReadAsync(IMailboxSource source, MailboxFolder folder, List<(string, string, ContentDigest)> items)
    {
        SyncState? state = null;
        await PatientlyAsync(async () =>
        {
            await foreach (var change in source.GetChangesAsync(folder.Key, state, default))
            {
                if (change is Checkpoint checkpoint) state = checkpoint.State;
                if (change is not Upserted { Item: var item }) continue;
                var read = (folder.Name, item.Info.Key.Value, item.Digest);
                // What came after the last checkpoint comes again.
                if (!items.Contains(read)) items.Add(read);
                await item.DisposeAsync();
            }
            return true;
        });
    }

    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> read)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await read();
            }
            catch (MigrationFault fault) when (fault.IsTransient && attempt < 5)
            {
            }
        }
    }
}
