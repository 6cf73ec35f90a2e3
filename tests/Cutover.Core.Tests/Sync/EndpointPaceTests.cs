using Cutover.Core.Endpoints;
using Cutover.Core.Sync;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Core.Tests.Sync;

public sealed class EndpointPaceTests
{
    private readonly FakeTimeProvider clock = new(Utc("2026-03-27 12:00"));

    [Theory]
    [InlineData("2026-03-27 12:00", "2026-03-27 18:00")] // Friday noon in Amsterdam is an hour later; the evening opens at 19:00 there
    [InlineData("2026-03-27 18:00", "2026-03-27 18:00")] // just open
    [InlineData("2026-03-28 05:59", "2026-03-28 05:59")] // the night lasts until seven
    [InlineData("2026-03-28 06:00", "2026-03-28 23:00")] // Saturday has its own window, from midnight on
    [InlineData("2026-03-29 00:30", "2026-03-29 00:30")]
    [InlineData("2026-03-29 22:00", "2026-03-30 17:00")] // Sunday ends at 24:00; by Monday the clocks have gone forward
    public void The_next_opening_is_by_the_clock_of_the_zone(string now, string opens) =>
        Assert.Equal(Utc(opens), AllowedHours.Parse(["Mon-Fri 19:00-07:00", "Sun-Sun 00:00-24:00"], "Europe/Amsterdam").NextOpening(Utc(now)));

    [Fact]
    public void Hours_that_the_clock_skips_in_spring_open_after_the_gap() =>
        Assert.Equal(Utc("2026-03-29 01:00"), AllowedHours.Parse(["Sun 02:30-05:00"], "Europe/Amsterdam").NextOpening(Utc("2026-03-28 12:00")));

    [Theory]
    [InlineData("Mon 19:00", null)]
    [InlineData("Mon-Fri 19-7", null)]
    [InlineData("Mo-Fr 19:00-07:00", null)]
    [InlineData("Mon-Tue-Wed 19:00-07:00", null)]
    [InlineData("Mon-Fri 19:00-25:00", null)]
    [InlineData("Mon-Fri 19:00-07:00", "Europe/Amsterdamned")]
    public void Hours_that_cannot_be_read_are_refused(string window, string? zone) => Assert.Throws<FormatException>(() => AllowedHours.Parse([window], zone));

    [Fact]
    public async Task Outside_its_hours_an_endpoint_waits_and_says_until_when()
    {
        var gate = new EndpointGate("tenant", clock);
        gate.Keep(new EndpointPace { AllowedHours = ["Mon-Fri 13:00-14:00"], TimeZone = "UTC" }, hosts: 1);

        var waiting = gate.WaitAsync(default);
        Assert.False(waiting.IsCompleted);
        Assert.Equal("tenant is outside its allowed hours until Fri 13:00 UTC.", gate.Waiting);
        while (gate.Waiting is not null) clock.Advance(TimeSpan.FromSeconds(10));

        await waiting;
        Assert.InRange(clock.GetUtcNow(), Utc("2026-03-27 13:00"), Utc("2026-03-27 13:01"));
        Assert.Null(gate.Waiting);
    }

    [Fact]
    public async Task Bandwidth_is_shared_by_the_hosts_and_never_exceeded_for_long()
    {
        var gate = new EndpointGate("tenant", clock);
        gate.Keep(new EndpointPace { MaxBytesPerSecond = 3_000_000 }, hosts: 3);
        var (began, held) = (clock.GetUtcNow(), false);
        for (var item = 0; item < 100; item++)
        {
            var waiting = gate.WaitAsync(default);
            for (; gate.Waiting is { } reason; clock.Advance(TimeSpan.FromMilliseconds(100)))
                held |= reason == "tenant is held to 1.0 MB/s.";
            await waiting;
            gate.Spend(500_000);
        }

        Assert.True(held, "nobody said why it waits");
        Assert.InRange((clock.GetUtcNow() - began).TotalSeconds, 47, 51);
    }

    [Fact]
    public void A_pause_counts_as_distress_until_it_was_told()
    {
        var gate = new EndpointGate("tenant", clock);
        gate.Pause(TimeSpan.FromSeconds(5));
        gate.Observe(TimeSpan.FromSeconds(2), roundTrips: 4);

        var health = gate.TakeHealth();

        Assert.Equal((1, TimeSpan.FromMilliseconds(500)), (health.Pauses, health.Latency!.Value));
        Assert.Equal(EndpointHealth.Good, gate.TakeHealth());
    }

    [Fact]
    public void The_limit_halves_in_distress_and_comes_back_by_ones()
    {
        var limit = new AdaptiveLimit(2, 20, clock);
        var (good, busy, slow) = (Health(0, 50), Health(1, 50), Health(0, 2900));
        Assert.False(limit.Observe(good, 20));

        var seen = new List<int>();
        foreach (var health in new[] { busy, busy, slow, slow, slow, good, good, good, EndpointHealth.Good })
        {
            clock.Advance(AdaptiveLimit.Period);
            limit.Observe(health, Math.Min(20, limit.Current));
            seen.Add(limit.Current);
        }

        Assert.Equal([10, 5, 2, 2, 2, 3, 4, 5, 5], seen);
    }

    [Fact]
    public void Between_two_changes_there_is_time_to_feel_the_first()
    {
        var limit = new AdaptiveLimit(1, 16, clock);
        Assert.True(limit.Observe(Health(1, 50), 16));
        Assert.False(limit.Observe(Health(1, 50), 8));
        Assert.Equal(8, limit.Current);
    }

    [Fact]
    public void A_source_that_is_far_away_but_steady_keeps_its_limit()
    {
        var limit = new AdaptiveLimit(1, 16, clock);
        for (var report = 0; report < 10; report++)
        {
            clock.Advance(AdaptiveLimit.Period);
            limit.Observe(Health(0, 2700), 16);
        }
        Assert.Equal(16, limit.Current);
    }

    [Fact]
    public void New_bounds_hold_at_once()
    {
        var limit = new AdaptiveLimit(1, 16, clock);
        limit.SetBounds(1, 30);
        Assert.Equal(30, limit.Current);
        limit.Observe(Health(1, 50), 30);
        limit.SetBounds(1, 4);
        Assert.Equal(4, limit.Current);
    }

    private static EndpointHealth Health(int pauses, int milliseconds) => new(pauses, TimeSpan.FromMilliseconds(milliseconds * 100), 100);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
