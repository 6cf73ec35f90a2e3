using System.Net;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using Cutover.Mapi.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests.Http;

public sealed class FaultInjectionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly FaultSwitches switches = new();
    private readonly FakeTimeProvider clock = new();
    private WebApplication app = null!;
    private HttpClient client = null!;
    private int served;

    public async ValueTask InitializeAsync()
    {
        var authority = LabCertificateAuthority.Open(directory.Path);
        app = LabWebHost.CreateBuilder(0, authority.Issue("web", "localhost")).Build();
        app.UseFaultInjection(switches, clock, (context, rule) => context.Response.WriteAsync($"{{\"error\":\"{rule.Kind}\"}}"));
        app.Run(context =>
        {
            served++;
            return context.Response.WriteAsync("0123456789");
        });
        var port = await LabWebHost.StartAsync(app, "The test's server", 0);
        client = new HttpClient(new Connector { TrustedRoots = [authority.Root] }.CreateHttpHandler()) { BaseAddress = new Uri($"https://localhost:{port}") };
    }

    [Fact]
    public async Task Without_a_rule_nothing_happens() => Assert.Equal("0123456789", await client.GetStringAsync("/a"));

    [Fact]
    public async Task Refuse_closes_the_connection_before_the_work()
    {
        switches.Add(new FaultRule(FaultKind.Refuse));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/a"));
        Assert.Equal(0, served);
        Assert.Equal("0123456789", await client.GetStringAsync("/a"));
    }

    [Fact]
    public async Task Too_many_requests_carries_the_delay_and_the_servers_body()
    {
        switches.Add(new FaultRule(FaultKind.TooManyRequests, Delay: TimeSpan.FromSeconds(7)));

        using var answer = await client.GetAsync("/a");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("TooManyRequests", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Service_unavailable_strikes_only_its_path()
    {
        switches.Add(new FaultRule(FaultKind.ServiceUnavailable, "/b", Times: 2));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/a")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/b")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/b?x=1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/b")).StatusCode);
    }

    // A reset may overtake bytes that were sent, so only the end is certain.
    [Fact]
    public async Task Drop_cuts_the_answer_before_its_end()
    {
        switches.Add(new FaultRule(FaultKind.DropAfterBytes, Bytes: 4));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/a"));
        Assert.Equal(1, served);
    }

    [Fact]
    public async Task Slow_waits_on_the_clock()
    {
        switches.Add(new FaultRule(FaultKind.Slow, Delay: TimeSpan.FromMinutes(5)));
        var answer = client.GetStringAsync("/a");
        while (switches.Struck(new FaultRule(FaultKind.Slow, Delay: TimeSpan.FromMinutes(5))) == 0) await Task.Yield();

        while (!answer.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }

        Assert.Equal("0123456789", await answer);
    }

    [Fact]
    public async Task Lose_response_does_the_work_and_answers_nothing()
    {
        switches.Add(new FaultRule(FaultKind.LoseResponse));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/a"));
        Assert.Equal(1, served);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        directory.Dispose();
    }
}
