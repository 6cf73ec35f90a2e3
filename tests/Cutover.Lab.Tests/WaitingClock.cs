using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Lab.Tests;

/// <summary>A clock that stands still and tells when somebody begins to wait.</summary>
internal sealed class WaitingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Ends when somebody waits for so long, counted from where the last one was found.</summary>
    public async Task SomebodyWaitsAsync(TimeSpan time)
    {
        while (await waits.Reader.ReadAsync() != time)
        {
            // Another wait.
        }
    }
}
