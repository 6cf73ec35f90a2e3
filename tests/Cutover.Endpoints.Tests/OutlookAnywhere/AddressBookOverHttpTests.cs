using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

public sealed class AddressBookOverHttpTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-nspi-").FullName;
    private readonly ContosoOrganisation contoso;
    private ExchangeServer server = null!;
    private Connector connector = null!;

    public AddressBookOverHttpTests() =>
        contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = directory, Mailboxes = 12, Seed = 1 });

    public async ValueTask InitializeAsync()
    {
        var authority = LabCertificateAuthority.Open(directory);
        server = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = contoso,
            Accounts = contoso.Accounts,
            Interfaces = new Dictionary<int, IRpcInterface>
            {
                [RfrInterface.Port] = new RfrServer("EX01.contoso.com"),
                [NspiInterface.Port] = new NspiServer(contoso),
            },
            CertificateChain = authority.Issue("exchange", "mail.contoso.com", "autodiscover.contoso.com"),
        });
        connector = new Connector { TrustedRoots = [authority.Root], ConnectTo = server.ConnectTo };
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task The_address_book_is_found_by_referral_and_read_over_RPC_over_HTTP()
    {
        await using var directory = await OutlookAnywhereDirectory.OpenAsync(
            Endpoint(), contoso.Administrator.Password, connector, TimeProvider.System, CancellationToken.None);
        var recipients = await directory.GetRecipientsAsync(CancellationToken.None).ToListAsync();
        Assert.Equal(
            contoso.Recipients.Select(one => one.LegacyExchangeDN).Order(), recipients.Select(one => one.LegacyExchangeDN).Order());
    }

    [Fact]
    public async Task A_wrong_password_is_the_operators_affair()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() =>
            OutlookAnywhereDirectory.OpenAsync(Endpoint(), "wrong", connector, TimeProvider.System, CancellationToken.None));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.DoesNotContain("wrong", fault.Message);
    }

    private MigrationEndpoint Endpoint() => new(
        "Contoso", MigrationEndpointType.OutlookAnywhere,
        new OutlookAnywhereSettings
        {
            ExchangeServer = "EX01.contoso.com",
            RpcProxyServer = "mail.contoso.com",
            UserName = $"CONTOSO\\{contoso.Administrator.UserName}",
            LegacyExchangeDN = contoso.Administrator.LegacyExchangeDN,
        }.ToDictionary(),
        new SecretRef("env:UNUSED"), 1, 1);
}
