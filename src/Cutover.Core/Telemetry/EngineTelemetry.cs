using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cutover.Core.Faults;
using Cutover.Core.Sync;

namespace Cutover.Core.Telemetry;

/// <summary>
/// The engine's measurements and traces, for whoever listens (OpenTelemetry does). Measurements bear no mailbox, so that their number stays small; traces do, and
/// each item's span bears its <see cref="Mailboxes.ItemKey"/>, under which ledger and receipt list it too. No subject, no content, no secret.
/// </summary>
public static class EngineTelemetry
{
    /// <summary>Of the meter and the activity source.</summary>
    public const string Name = "Cutover.Engine";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);

    private static readonly Counter<long> Items = Meter.CreateCounter<long>("cutover.items", "{item}", "Items by what a pass did with them");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("cutover.uploaded", "By", "Bytes of item streams uploaded");
    private static readonly Counter<long> RoundTrips = Meter.CreateCounter<long>("cutover.source.round_trips", "{call}", "Round trips to the source");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("cutover.target.requests", "{request}", "Requests to the target");
    private static readonly Counter<long> Pauses = Meter.CreateCounter<long>("cutover.endpoint.pauses", "{pause}", "How often an endpoint asked for rest");
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("cutover.errors", "{error}", "Passes that ended on an error, by its scope");
    private static readonly Histogram<double> Passes = Meter.CreateHistogram<double>("cutover.pass.duration", "s", "How long a pass over a mailbox took");
    private static readonly UpDownCounter<long> Queue = Meter.CreateUpDownCounter<long>("cutover.mailboxes", "{mailbox}", "Mailboxes that wait for their turn or are being copied at this host");

    /// <summary>What a pass did since it was last told.</summary>
    public static void Did(SyncPass before, SyncPass now)
    {
        void Add(string outcome, long count)
        {
            if (count > 0) Items.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }

        Add("created", now.Created - before.Created);
        Add("replaced", now.Replaced - before.Replaced);
        Add("unchanged", now.Unchanged - before.Unchanged);
        Add("skipped", now.Skipped - before.Skipped);
        Add("deleted", now.Deleted - before.Deleted);
        Add("read_state", now.ReadStates - before.ReadStates);
        if (now.Bytes > before.Bytes) Bytes.Add(now.Bytes - before.Bytes);
    }

    /// <summary>A pass came to its end.</summary>
    public static void PassEnded(TimeSpan duration, bool isIncremental, long roundTrips, long requests)
    {
        Passes.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kind", isIncremental ? "incremental" : "initial"));
        RoundTrips.Add(roundTrips);
        Requests.Add(requests);
    }

    public static void Paused(string endpoint) => Pauses.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));

    public static void Failed(FaultScope scope) => Errors.Add(1, new KeyValuePair<string, object?>("scope", scope.ToString()));

    /// <summary>One more mailbox waits or is copied, until the result is disposed.</summary>
    /// <param name="state"><c>waiting</c> or <c>copying</c>.</param>
    public static IDisposable Enter(string state)
    {
        var tag = new KeyValuePair<string, object?>("state", state);
        Queue.Add(1, tag);
        return new Leaving(() => Queue.Add(-1, tag));
    }

    /// <summary>The span of a pass; null when nobody listens.</summary>
    public static Activity? StartPass(string batch, string mailbox) =>
        Source.StartActivity("pass")?.SetTag("cutover.batch", batch).SetTag("cutover.mailbox", mailbox);

    /// <summary>The span of one item; null when nobody listens.</summary>
    public static Activity? StartItem(Mailboxes.ItemInfo item) =>
        Source.StartActivity("item")?.SetTag("cutover.item", item.Key.Value).SetTag("cutover.version", item.Version).SetTag("cutover.size", item.Size);

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
