using System.Net;
using CsCheck;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Endpoints.Tests.Microsoft365;

public sealed class MailboxGovernorTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly MailboxGovernor governor;

    public MailboxGovernorTests() => governor = new MailboxGovernor(new ServiceLimits { MaxRequests = 100, MaxUploadBytes = 1000 }, clock);

    public void Dispose() => governor.Dispose();

    [Fact]
    public async Task A_fifth_request_waits_until_one_of_four_is_answered()
    {
        var running = await EnterAsync(4);

        var fifth = EnterAsync();
        Assert.False(fifth.IsCompleted);
        running[2].Dispose();

        (await fifth).Dispose();
    }

    [Fact]
    public async Task An_upload_beyond_the_budget_waits_for_the_window_while_reads_go_on()
    {
        (await EnterAsync(uploadBytes: 900)).Dispose();

        var upload = EnterAsync(uploadBytes: 200);
        (await EnterAsync()).Dispose();
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(upload.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        (await upload).Dispose();
    }

    [Fact]
    public async Task An_upload_larger_than_the_budget_goes_alone()
    {
        var small = await EnterAsync(uploadBytes: 1);

        var large = EnterAsync(uploadBytes: 5000);
        Assert.False(large.IsCompleted);
        small.Dispose();
        clock.Advance(TimeSpan.FromSeconds(302));
        (await large).Dispose();
        var next = EnterAsync(uploadBytes: 1);
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(3));

        (await next).Dispose();
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task After_a_refusal_the_mailbox_rests_and_then_goes_on_with_fewer_requests_at_once(HttpStatusCode status)
    {
        foreach (var one in await EnterAsync(4))
        {
            one.Refused(status, TimeSpan.FromSeconds(90));
            one.Dispose();
        }

        var (first, second, third) = (EnterAsync(), EnterAsync(), EnterAsync());
        clock.Advance(TimeSpan.FromSeconds(89));
        Assert.False(first.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        var running = new[] { await first, await second };
        Assert.False(third.IsCompleted);
        foreach (var one in running) one.Dispose();
        (await third).Dispose();
        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(4, (await EnterAsync(4)).Count);
    }

    [Fact]
    public async Task A_request_that_is_given_up_leaves_the_line()
    {
        var running = await EnterAsync(4);
        using var giving = new CancellationTokenSource();
        var given = governor.EnterAsync(0, giving.Token);
        var next = EnterAsync();

        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        running[0].Dispose();

        (await next).Dispose();
    }

    [Fact]
    public void No_window_of_the_service_ever_holds_more_than_the_limit() =>
        Gen.Select(Gen.Select(Gen.Int[1, 400], Gen.Int[0, 40], Gen.Double[0, 1]).Array[1, 60], Gen.Int[0, 300]).Sample((requests, phase) =>
        {
            const int limit = 1000;
            var window = TimeSpan.FromSeconds(300);
            var budget = new SlidingBudget(limit, window);
            var counted = new List<(TimeSpan At, int Amount)>();
            var now = TimeSpan.Zero;
            foreach (var (amount, seconds, share) in requests)
            {
                while (budget.WaitsUntil(amount, now) is { } next) now = next;
                budget.Spend(amount);
                var answered = now + TimeSpan.FromSeconds(seconds);
                // The service counts the request somewhere on its way.
                counted.Add((now + (answered - now) * share, amount));
                budget.Answered(amount, now = answered);
            }

            Assert.All(counted.GroupBy(one => Math.Floor((one.At.TotalSeconds + phase) / window.TotalSeconds)),
                held => Assert.InRange(held.Sum(one => one.Amount), 0, limit));
        });

    private Task<MailboxGovernor.Admission> EnterAsync(long uploadBytes = 0) => governor.EnterAsync(uploadBytes, CancellationToken.None);

    private async Task<List<MailboxGovernor.Admission>> EnterAsync(int count)
    {
        var all = new List<MailboxGovernor.Admission>();
        for (var i = 0; i < count; i++) all.Add(await EnterAsync());
        return all;
    }
}
