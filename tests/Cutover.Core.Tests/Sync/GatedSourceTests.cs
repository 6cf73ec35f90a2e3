using Cutover.Core.Faults;
using Cutover.Core.Sync;
using Cutover.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Core.Tests.Sync;

public sealed class GatedSourceTests
{
    private readonly FakeMailbox mailbox = new();
    private readonly Interruptions points = new();
    private readonly EndpointGate gate = new("on-premises", new FakeTimeProvider());

    [Theory]
    [InlineData(FaultScope.Endpoint, true)]
    [InlineData(FaultScope.Mailbox, false)]
    public async Task Only_a_fault_of_the_endpoint_itself_closes_its_gate(FaultScope scope, bool closes)
    {
        points.Fault = _ => new MigrationFault(scope, "Failed", "") { RetryAfter = TimeSpan.FromMinutes(3) };

        await Assert.ThrowsAsync<MigrationFault>(async () => await Gated().GetFoldersAsync(default).ToListAsync());

        Assert.Equal(closes, gate.PausedUntil is not null);
    }

    [Fact]
    public async Task A_closed_gate_holds_the_next_reading()
    {
        gate.Pause(TimeSpan.FromMinutes(1));

        var reading = Gated().GetFoldersAsync(default).CountAsync().AsTask();
        Assert.Equal(0, points.Passed);
        gate.Lift();

        Assert.Equal(2, await reading);
    }

    private GatedSource Gated() => new(new FakeMailboxSource(mailbox, points), gate, new FaultPolicy(new FaultPolicyOptions()), TimeProvider.System);
}
