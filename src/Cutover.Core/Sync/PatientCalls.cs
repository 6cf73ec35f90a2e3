using System.Diagnostics;
using Cutover.Core.Faults;

namespace Cutover.Core.Sync;

/// <summary>Makes a repeatable call again where <see cref="FaultPolicy"/> says so: for checks and steps, which hold no place at an endpoint's gate.</summary>
public sealed class PatientCalls(FaultPolicy policy, TimeProvider clock)
{
    /// <param name="onRetry">Told what failed and how long the call waits.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, Action<MigrationFault, TimeSpan>? onRetry, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await call();
            }
            catch (MigrationFault fault) when (Wait(policy.DecideForCall(fault, attempt)) is { } delay)
            {
                wait = delay;
                onRetry?.Invoke(fault, delay);
            }
            await Task.Delay(wait, clock, ct);
        }
    }

    private static TimeSpan? Wait(FaultDecision decision) => decision switch
    {
        TryAgain(var delay) => delay,
        PauseEndpoint(var duration) => duration,
        SkipItem or RerunMailbox or StopAndAsk => null,
        _ => throw new UnreachableException(),
    };
}
