using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>The endpoint against the lab's Exchange over HTTPS.</summary>
public sealed class OutlookAnywhereEndpointTests : IAsyncLifetime
{
    private readonly SourceLab lab = new();
    private readonly FaultSwitches faults = new();
    private LabCertificateAuthority authority = null!;
    private ExchangeServer exchange = null!;

    private Connector Connector => new() { TrustedRoots = [authority.Root], ConnectTo = exchange.ConnectTo };

    private static MigrationEndpoint Unknown { get; } = new(
        "Contoso", MigrationEndpointType.OutlookAnywhere, new Dictionary<string, string>(), new SecretRef("env:NONE"), 20, 10);

    internal static MigrationEndpoint Known { get; } = Unknown with
    {
        Settings = new OutlookAnywhereSettings
        {
            ExchangeServer = "EX01.contoso.com",
            RpcProxyServer = "mail.contoso.com",
            UserName = @"CONTOSO\migration",
            LegacyExchangeDN = SourceLab.Administrator.LegacyExchangeDN,
        }.ToDictionary(),
    };

    public async ValueTask InitializeAsync()
    {
        authority = LabCertificateAuthority.Open(Path.Combine(lab.SpoolDirectory, "..", "ca"));
        exchange = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", [Mailbox("anna"), Mailbox("migration")], SourceLab.Administrator),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = lab.Server },
            CertificateChain = authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com"),
            FaultSwitches = faults,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await exchange.DisposeAsync();
        lab.Dispose();
    }

    [Fact]
    public async Task Autodiscover_fills_the_settings_in()
    {
        var found = await OutlookAnywhereEndpoint.DiscoverAsync(Unknown, SourceLab.Administrator.Password, Connector, "migration@contoso.com", default);
        var settings = OutlookAnywhereSettings.Read(found);
        Assert.Equal(
            ("EX01.contoso.com", "mail.contoso.com", "migration@contoso.com", SourceLab.Administrator.LegacyExchangeDN, "14.1.218"),
            (settings.ExchangeServer, settings.RpcProxyServer, settings.UserName, settings.LegacyExchangeDN, settings.ServerVersion));
        await using var source = await OpenAsync(found);
        Assert.NotEmpty(await source.GetFoldersAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_whole_folder_crosses_the_wire()
    {
        var messages = lab.FillInbox(120);
        await using var source = await OpenAsync(Known);
        Assert.Equal(messages.Select(lab.KeyOf), (await lab.ReadInboxAsync(source, null)).Keys);
    }

    [Fact]
    public async Task A_connection_cut_in_mid_stream_is_resumed_from_the_checkpoint()
    {
        var messages = lab.FillInbox(300);
        var cut = new FaultRule(FaultKind.DropAfterBytes, "rpcproxy", Bytes: 700_000);
        faults.Add(cut);
        await using var source = await OpenAsync(Known);
        var finished = new List<ItemKey>();
        SyncState? state = null;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var (keys, reached, fault) = await lab.ReadInboxAsync(source, state);
            finished.AddRange(keys);
            state = reached ?? state;
            if (fault is null) break;
            Assert.Equal((FaultScope.Mailbox, true), (fault.Scope, fault.IsTransient));
        }
        Assert.True(faults.Struck(cut) > 0);
        Assert.Equal(messages.Select(lab.KeyOf), finished);
    }

    [Fact]
    public async Task A_wrong_password_is_the_operator_s_to_mend()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OpenAsync(Known, "wrong"));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("name or password", fault.Message);
        Assert.DoesNotContain("wrong", fault.Message);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_the_operator_s_to_mend()
    {
        var connector = new Connector { ConnectTo = exchange.ConnectTo };
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OutlookAnywhereEndpoint.OpenSourceAsync(
            Known, SourceLab.Administrator.Password, connector, SourceLab.AnnaMailbox, lab.SpoolDirectory, TimeProvider.System, default));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("certificate", fault.Message);
    }

    [Fact]
    public async Task A_proxy_without_a_server_behind_it_pauses_the_endpoint()
    {
        faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "rpcproxy", Times: 2));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OpenAsync(Known));
        Assert.Equal((FaultScope.Endpoint, true), (fault.Scope, fault.IsTransient));
    }

    [Fact]
    public async Task A_test_opens_a_mailbox_and_says_so()
    {
        var result = await TestAsync(Known, SourceLab.Administrator.Password);
        Assert.True(result.Success, $"{result.Message} {result.ErrorDetail}");
        Assert.True(result.SupportsCutover);
        Assert.Contains("anna@contoso.com was opened", result.Message);
        Assert.Equal("mail.contoso.com", result.ConnectionSettings["RpcProxyServer"]);
    }

    [Fact]
    public async Task A_failed_test_tells_what_to_do()
    {
        lab.Anna.DenyFullAccess(SourceLab.Administrator.LegacyExchangeDN);
        var result = await TestAsync(Known, SourceLab.Administrator.Password);
        Assert.Equal((false, false), (result.Success, result.SupportsCutover));
        Assert.Contains("no right", result.Message);
        Assert.Contains("FullAccess", result.ErrorDetail);
    }

    [Fact]
    public async Task A_missing_setting_is_named()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OpenAsync(Unknown));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("ExchangeServer", fault.Message);
    }

    internal static Recipient Mailbox(string alias) => new(
        $"/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn={alias}", RecipientType.UserMailbox, alias, alias, $"{alias}@contoso.com",
        [$"SMTP:{alias}@contoso.com"], null, false, null, [], [], [], new RecipientDetails());

    private Task<IMailboxSource> OpenAsync(MigrationEndpoint endpoint, string? password = null) => OutlookAnywhereEndpoint.OpenSourceAsync(
        endpoint, password ?? SourceLab.Administrator.Password, Connector, SourceLab.AnnaMailbox, lab.SpoolDirectory, TimeProvider.System, default);

    private Task<EndpointTestResult> TestAsync(MigrationEndpoint endpoint, string password) =>
        OutlookAnywhereEndpoint.TestAsync(endpoint, password, Connector, "anna@contoso.com", TimeProvider.System, default);
}
