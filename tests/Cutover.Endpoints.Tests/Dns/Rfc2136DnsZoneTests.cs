using System.Net;
using Cutover.Core.Domains;
using Cutover.Core.Faults;
using Cutover.Endpoints.Dns;
using Cutover.Lab.Dns;
using Cutover.Lab.Faults;

namespace Cutover.Endpoints.Tests.Dns;

/// <summary>Our updates against the lab's DNS server; BIND gets the same in the interop tests.</summary>
public sealed class Rfc2136DnsZoneTests : IAsyncLifetime
{
    private const string Zone = "contoso.com";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-zone-");
    private readonly FaultSwitches faults = new();
    private LabDnsServer dns = null!;

    public async ValueTask InitializeAsync() =>
        dns = await LabDnsServer.StartAsync(new LabDnsOptions { Zone = Zone, Directory = directory.FullName, FaultSwitches = faults });

    public async ValueTask DisposeAsync()
    {
        await dns.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cutover_changes_the_zone_as_it_should()
    {
        var zone = Changed();
        await zone.AddTxtAsync(new TxtRecord(Zone, Hour, "MS=ms12345678"), default);
        await zone.ReplaceMxAsync(Zone, [new MxRecord(Zone, Hour, 0, "contoso-com.a-v1.mx.microsoft")], default);
        await zone.ReplaceSpfAsync(new TxtRecord(Zone, Hour, "v=spf1 include:spf.protection.outlook.com -all"), default);
        await zone.ReplaceCNameAsync(new CNameRecord("autodiscover.contoso.com", Hour, "autodiscover.outlook.com"), default);
        await zone.RemoveTxtAsync(new TxtRecord(Zone, Hour, "MS=ms12345678"), default);
        var resolver = new DnsResolver([dns.EndPoint]);
        Assert.Equal([new MxRecord(Zone, Hour, 0, "contoso-com.a-v1.mx.microsoft")], await resolver.GetMxAsync(Zone, default));
        Assert.Equal(new CNameRecord("autodiscover.contoso.com", Hour, "autodiscover.outlook.com"), await resolver.GetCNameAsync("autodiscover.contoso.com", default));
        Assert.Equal(
            ["google-site-verification=4Yx0EXAMPLE", "v=spf1 include:spf.protection.outlook.com -all"],
            (await resolver.GetTxtAsync(Zone, default)).Select(record => record.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_may_be_repeated()
    {
        faults.Add(new FaultRule(FaultKind.LoseResponse, "update"));
        var record = new TxtRecord(Zone, Hour, "MS=ms1");
        var impatient = Changed(TimeSpan.FromMilliseconds(200));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => impatient.AddTxtAsync(record, default));
        Assert.True(fault is { IsTransient: true, OutcomeUnknown: true, Scope: FaultScope.Endpoint });
        await Changed().AddTxtAsync(record, default);
        Assert.Single(await new DnsResolver([dns.EndPoint]).GetTxtAsync(Zone, default), txt => txt.Text == "MS=ms1");
    }

    [Fact]
    public async Task A_server_that_fails_is_tried_again_later()
    {
        faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "query"));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Changed().AddTxtAsync(new TxtRecord(Zone, Hour, "x"), default));
        Assert.True(fault.IsTransient);
        Assert.Contains("SERVFAIL", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_fault_of_the_endpoint()
    {
        var end = new IPEndPoint(IPAddress.Loopback, 1);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => new Rfc2136DnsZone(Zone, end, null, TimeProvider.System).AddTxtAsync(new TxtRecord(Zone, Hour, "x"), default));
        Assert.Equal(FaultScope.Endpoint, fault.Scope);
    }

    [Fact]
    public async Task A_CNAME_at_the_top_of_the_zone_is_refused_before_it_is_sent() =>
        await Assert.ThrowsAsync<MigrationFault>(() => Changed().ReplaceCNameAsync(new CNameRecord(Zone, Hour, "x.example"), default));

    [Fact]
    public async Task An_unknown_algorithm_is_said_so()
    {
        var zone = new Rfc2136DnsZone(Zone, dns.EndPoint, new TsigKey(dns.KeyName, [1], "rot13"), TimeProvider.System);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => zone.AddTxtAsync(new TxtRecord(Zone, Hour, "x"), default));
        Assert.Contains("rot13", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_resolver_says_when_DNS_fails()
    {
        faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "query", Times: int.MaxValue));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => new DnsResolver([dns.EndPoint]).GetMxAsync(Zone, default));
        Assert.True(fault is { IsTransient: true, Scope: FaultScope.Endpoint });
    }

    private Rfc2136DnsZone Changed(TimeSpan? timeout = null) =>
        new(Zone, dns.EndPoint, new TsigKey(dns.KeyName, Convert.FromBase64String(dns.KeySecret), "hmac-sha256"), TimeProvider.System)
        {
            AnswerTimeout = timeout ?? TimeSpan.FromSeconds(30),
        };
}
