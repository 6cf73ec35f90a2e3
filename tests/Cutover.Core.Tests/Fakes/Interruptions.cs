using Cutover.Core.Faults;

namespace Cutover.Core.Tests.Fakes;

/// <summary>The process is gone: everything after it in the same run fails too.</summary>
public sealed class ProcessKilled : Exception;

/// <summary>What tests let happen at the points that fakes pass: before and after each effect.</summary>
public sealed class Interruptions
{
    private int passed;
    private int? killAt;
    private bool dead;

    /// <summary>Points passed since the last <see cref="Restart"/>.</summary>
    public int Passed => passed;

    /// <summary>Asked at each point, such as <c>upload:before</c>; a fault that it returns is thrown there.</summary>
    public Func<string, MigrationFault?> Fault { get; set; } = _ => null;

    /// <summary>Awaited at each point.</summary>
    public Func<string, Task> Pause { get; set; } = _ => Task.CompletedTask;

    /// <summary>A new process; it will be killed at the given point, or never.</summary>
    public void Restart(int? killAtPoint = null) => (passed, killAt, dead) = (0, killAtPoint, false);

    public async Task AtAsync(string point)
    {
        await Task.Yield();
        await Pause(point);
        dead |= Interlocked.Increment(ref passed) == killAt;
        if (dead)
            throw new ProcessKilled();
        if (Fault(point) is { } fault)
            throw fault;
    }
}
