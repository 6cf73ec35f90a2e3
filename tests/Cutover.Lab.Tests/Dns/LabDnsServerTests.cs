using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Cutover.Lab.Certificates;
using Cutover.Lab.Dns;
using Cutover.Lab.Faults;
using Cutover.Lab.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Dns;

public sealed class LabDnsServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly FaultSwitches faults = new();
    private readonly FakeTimeProvider clock = new();
    private LabDnsServer dns = null!;

    public async ValueTask InitializeAsync() => dns = await LabDnsServer.StartAsync(Options());

    public async ValueTask DisposeAsync()
    {
        await dns.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task The_key_stays_the_same_over_a_restart()
    {
        var secret = dns.KeySecret;
        await dns.DisposeAsync();
        dns = await LabDnsServer.StartAsync(Options());
        Assert.Equal(secret, dns.KeySecret);
    }

    [Fact]
    public async Task A_taken_port_is_said_so() =>
        await Assert.ThrowsAsync<LabPortTakenException>(() => LabDnsServer.StartAsync(Options() with { Port = dns.EndPoint.Port }));

    [Theory]
    [InlineData(FaultKind.ServiceUnavailable, ReturnCode.ServerFailure)]
    [InlineData(FaultKind.Refuse, ReturnCode.Refused)]
    public async Task The_server_denies_when_told_to(FaultKind kind, ReturnCode code)
    {
        faults.Add(new FaultRule(kind));
        Assert.Equal(code, (await AskAsync())!.ReturnCode);
        Assert.Equal(ReturnCode.NoError, (await AskAsync())!.ReturnCode);
    }

    [Fact]
    public async Task The_server_stays_silent_when_told_to()
    {
        faults.Add(new FaultRule(FaultKind.LoseResponse));
        Assert.Null(await AskAsync(milliseconds: 100));
        Assert.NotNull(await AskAsync());
    }

    [Fact]
    public async Task The_server_is_as_slow_as_told()
    {
        var rule = new FaultRule(FaultKind.Slow, Delay: TimeSpan.FromHours(1));
        faults.Add(rule);
        var answer = AskAsync();
        while (faults.Struck(rule) == 0) await Task.Yield();
        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            clock.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }
        Assert.Equal(ReturnCode.NoError, (await answer)!.ReturnCode);
    }

    private LabDnsOptions Options() => new() { Zone = "contoso.com", Directory = directory.Path, FaultSwitches = faults, Clock = clock };

    private async Task<DnsMessage?> AskAsync(int milliseconds = 20_000)
    {
        using var client = new DnsClient([dns.EndPoint.Address], [new UdpClientTransport(dns.EndPoint.Port)], disposeTransport: true, milliseconds);
        return await client.ResolveAsync(DomainName.Parse("contoso.com"), RecordType.Mx);
    }
}
