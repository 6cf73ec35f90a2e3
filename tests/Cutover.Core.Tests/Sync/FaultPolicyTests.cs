using Cutover.Core.Faults;
using Cutover.Core.Sync;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Core.Tests.Sync;

public sealed class FaultPolicyTests
{
    private static readonly FaultPolicyOptions Options = new() { FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(10) };
    private readonly FaultPolicy policy = new(Options);

    [Fact]
    public void An_item_fault_skips_its_item_at_once_or_after_some_attempts()
    {
        Assert.IsType<SkipItem>(policy.Decide(Fault(FaultScope.Item), 1));
        Assert.Equal(new TryAgain(TimeSpan.FromSeconds(2)), policy.Decide(Fault(FaultScope.Item, isTransient: true), 2));
        Assert.IsType<SkipItem>(policy.Decide(Fault(FaultScope.Item, isTransient: true), Options.ItemAttempts));
    }

    [Fact]
    public void A_mailbox_fault_reruns_it_for_ever_when_it_passes_and_a_few_times_when_it_may_not()
    {
        Assert.Equal(new RerunMailbox(TimeSpan.FromSeconds(10)), policy.Decide(Fault(FaultScope.Mailbox, isTransient: true), 1000));
        Assert.IsType<RerunMailbox>(policy.Decide(Fault(FaultScope.Mailbox), 1));
        Assert.IsType<StopAndAsk>(policy.Decide(Fault(FaultScope.Mailbox), Options.MailboxAttempts));
    }

    [Fact]
    public void An_endpoint_rests_as_long_as_it_asks() =>
        Assert.Equal(
            new PauseEndpoint(TimeSpan.FromMinutes(7)),
            policy.Decide(new MigrationFault(FaultScope.Endpoint, "429", "") { RetryAfter = TimeSpan.FromMinutes(7) }, 1));

    [Fact]
    public void An_operator_fault_stops_at_once() => Assert.IsType<StopAndAsk>(policy.Decide(Fault(FaultScope.Operator, isTransient: true), 1));

    [Fact]
    public void What_code_throws_on_bytes_it_did_not_expect_costs_one_item()
    {
        Assert.Equal(FaultScope.Item, FaultPolicy.AsItemFault(new FormatException())!.Scope);
        Assert.Null(FaultPolicy.AsItemFault(new IOException("disk full")));
        Assert.True(FaultPolicy.ToMailboxFault(new IOException("disk full")).IsTransient);
        Assert.Equal(FaultScope.Mailbox, FaultPolicy.ToMailboxFault(Fault(FaultScope.Item)).Scope);
    }

    [Fact]
    public async Task A_gate_opens_when_the_pause_is_over()
    {
        var clock = new FakeTimeProvider();
        var gate = new EndpointGate("tenant", clock);
        await gate.WaitAsync(default);
        gate.Pause(TimeSpan.FromMinutes(1));
        gate.Pause(TimeSpan.FromSeconds(5));

        var waiting = gate.WaitAsync(default);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        await waiting;
        Assert.Null(gate.PausedUntil);
    }

    [Fact]
    public async Task A_gate_opens_when_it_is_lifted()
    {
        var gate = new EndpointGate("tenant", new FakeTimeProvider());
        gate.Pause(TimeSpan.FromHours(1));

        var waiting = gate.WaitAsync(default);
        gate.Lift();

        await waiting;
    }

    private static MigrationFault Fault(FaultScope scope, bool isTransient = false) => new(scope, "It failed.", "") { IsTransient = isTransient };
}
