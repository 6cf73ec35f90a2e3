using Cutover.Core.Mailboxes;

namespace Cutover.Core.Sync;

/// <summary>The items of one folder that are on their way: bounded in number, never two for one item, the first failure kept.</summary>
internal sealed class InFlight(int limit)
{
    private readonly Dictionary<ItemKey, Task> running = [];

    /// <summary>
    /// Starts <paramref name="copy"/> as soon as there is room and nothing else happens to the item. Throws the failure of an earlier one instead;
    /// then nothing was started.
    /// </summary>
    public async Task AddAsync(ItemKey key, Func<Task> copy)
    {
        await ForgetFinishedAsync();
        if (running.TryGetValue(key, out var earlier))
            await earlier;
        while (running.Count >= limit)
        {
            await Task.WhenAny(running.Values);
            await ForgetFinishedAsync();
        }

        running[key] = copy();
    }

    /// <summary>Waits until nothing is on its way; throws the first failure.</summary>
    public async Task DrainAsync()
    {
        await SettleAsync();
        await ForgetFinishedAsync();
    }

    /// <summary>Waits until nothing is on its way, whatever becomes of it.</summary>
    public async Task SettleAsync()
    {
        foreach (var task in running.Values)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ForgetFinishedAsync()
    {
        foreach (var (key, task) in running)
        {
            if (!task.IsCompleted)
                continue;
            await task;
            running.Remove(key);
        }
    }
}
