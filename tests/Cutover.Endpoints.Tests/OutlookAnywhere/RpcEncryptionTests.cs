using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>A server that opens sessions only when RPC itself is encrypted, as Exchange 2010 does by default.</summary>
public sealed class RpcEncryptionTests : IDisposable
{
    private readonly SourceLab lab = new();

    [Theory]
    [InlineData(null)]
    [InlineData(RpcAuthenticationLevel.Privacy)]
    public async Task A_session_with_privacy_is_let_in(RpcAuthenticationLevel? protection)
    {
        await using var exchange = await StartAsync();
        await using var source = await OpenAsync(exchange, protection);

        Assert.NotEmpty(await source.GetFoldersAsync(default).ToListAsync());
    }

    [Theory]
    [InlineData(RpcAuthenticationLevel.None)]
    [InlineData(RpcAuthenticationLevel.Integrity)]
    public async Task A_session_that_was_forced_to_less_is_refused_and_says_what_to_set(RpcAuthenticationLevel protection)
    {
        await using var exchange = await StartAsync();

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OpenAsync(exchange, protection));

        Assert.Equal((FaultScope.Operator, false), (fault.Scope, fault.IsTransient));
        Assert.Equal(0x970u, Assert.IsType<MapiException>(fault.InnerException).ErrorCode);
        Assert.Contains("RpcProtection", fault.Message);
        Assert.StartsWith("Leave RpcProtection out or set it to Privacy", fault.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_NTLM_by_itself_is_refused_the_session_is_tried_once_more_inside_SPNEGO()
    {
        await using var exchange = await StartAsync(options => options with { RpcProviders = [RpcAuthenticationType.Negotiate] });
        await using var source = await OpenAsync(exchange, null);

        Assert.NotEmpty(await source.GetFoldersAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Where_no_sign_in_at_the_RPC_level_is_taken_the_first_refusal_is_told()
    {
        await using var exchange = await StartAsync(options => options with { RpcProviders = [] });

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => OpenAsync(exchange, null));

        Assert.Equal(0x970u, Assert.IsType<MapiException>(fault.InnerException).ErrorCode);
        Assert.Contains("Set-RpcClientAccess", fault.NextStep);
    }

    public void Dispose() => lab.Dispose();

    private LabCertificateAuthority Authority => LabCertificateAuthority.Open(Path.Combine(lab.SpoolDirectory, "..", "ca"));

    private Task<ExchangeServer> StartAsync(Func<ExchangeServerOptions, ExchangeServerOptions>? change = null)
    {
        var options = new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", [], SourceLab.Administrator),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = lab.Server },
            CertificateChain = Authority.Issue("exchange", "mail.contoso.com"),
            RequiresEncryption = true,
        };
        return ExchangeServer.StartAsync(change?.Invoke(options) ?? options);
    }

    private Task<IMailboxSource> OpenAsync(ExchangeServer exchange, RpcAuthenticationLevel? protection)
    {
        var settings = new Dictionary<string, string>(OutlookAnywhereEndpointTests.Known.Settings);
        if (protection is { } level) settings[nameof(OutlookAnywhereSettings.RpcProtection)] = level.ToString();
        return OutlookAnywhereEndpoint.OpenSourceAsync(
            OutlookAnywhereEndpointTests.Known with { Settings = settings }, SourceLab.Administrator.Password,
            new Connector { TrustedRoots = [Authority.Root], ConnectTo = exchange.ConnectTo }, SourceLab.AnnaMailbox, lab.SpoolDirectory,
            TimeProvider.System, default);
    }
}
