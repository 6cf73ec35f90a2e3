using System.Diagnostics;
using Cutover.Core.Faults;

namespace Cutover.Core.Sync;

/// <summary>Makes calls to the target: waits at its gate, and makes a call again where <see cref="FaultPolicy"/> says so.</summary>
/// <param name="tellRetry">Told what is being tried again, and null when it goes on.</param>
internal sealed class TargetCalls(FaultPolicy policy, EndpointGate gate, TimeProvider clock, Action<string?>? tellRetry = null)
{
    public Task RunAsync(Func<Task> call, CancellationToken ct) =>
        RunAsync(async () =>
        {
            await call();
            return true;
        }, ct);

    /// <summary>These bytes went to the target.</summary>
    public void Spend(long bytes) => gate.Spend(bytes);

    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await gate.WaitAsync(ct);
            try
            {
                return await call();
            }
            catch (MigrationFault fault)
            {
                if (!await MayTryAgainAsync(fault, policy.DecideForCall(fault, attempt), ct))
                    throw;
            }
        }
    }

    private async Task<bool> MayTryAgainAsync(MigrationFault fault, FaultDecision decision, CancellationToken ct)
    {
        switch (decision)
        {
            case TryAgain(var delay):
                tellRetry?.Invoke($"Trying again: {fault.Message}");
                await Task.Delay(delay, clock, ct);
                tellRetry?.Invoke(null);
                return true;
            case PauseEndpoint(var duration):
                gate.Pause(duration);
                return true;
            case SkipItem or RerunMailbox or StopAndAsk:
                return false;
            default:
                throw new UnreachableException();
        }
    }
}
