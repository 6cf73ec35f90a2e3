using Cutover.Benchmarks;
using Cutover.Mapi.Rpc;

// How fast one core carries items, in MB/s and as a ratio to SHA-256 of the same bytes in the same run.
// Then how near a throttled batch comes to the earliest end that the limits of Microsoft 365 allow.
// --engine MAILBOXES ITEMS: what the engine costs on a whole batch between endpoints that cost next to nothing (a process of its own, for its peak memory).
// Options: --seconds N (per measurement, 2 by default), --governor (the throttled batch only). Exit codes: 0 done, 2 bad usage.
var seconds = 2.0;
if (args is ["--governor"])
{
    ThrottledBatch.Print();
    return 0;
}
if (args is ["--engine", var mailboxes, var items] && int.TryParse(mailboxes, out var users) && int.TryParse(items, out var each) && users > 0 && each > 0)
{
    await EngineBatch.PrintAsync(users, each);
    return 0;
}
if (args is ["--seconds", var number] && double.TryParse(number, out var given) && given > 0) seconds = given;
else if (args.Length > 0)
{
    Console.WriteLine("usage: --seconds N | --governor | --engine MAILBOXES ITEMS");
    return 2;
}

foreach (var workload in Workload.All)
{
    Console.WriteLine($"{workload.Name}: {workload.Items} items, {workload.Stream.Length / 1e6:N1} MB");
    var baseline = 0.0;
    foreach (var measurement in Measurement.All)
    {
        var speed = measurement.Run(workload, TimeSpan.FromSeconds(seconds));
        if (baseline == 0) baseline = speed;
        Console.WriteLine($"  {measurement.Name,-40} {speed,9:N0} MB/s {speed / baseline,7:N2} x SHA-256 {speed * 1e6 / workload.Stream.Length * workload.Items,11:N0} items/s");
    }
}

// A multiple of the answers; the OUT channel is replaced three times on the way.
const long WireBytes = 256L << 20;
await using var wire = await Wire.StartAsync(outLifetime: 70_000_000);
await wire.TlsAsync(WireBytes / 8);
var loopback = await wire.TlsAsync(WireBytes);
Console.WriteLine($"Download of {WireBytes / 1e6:N0} MB over loopback, client and server on the same cores");
Console.WriteLine($"  {"TLS alone",-40} {loopback,9:N0} MB/s");
foreach (var protection in new[] { RpcAuthenticationLevel.None, RpcAuthenticationLevel.Privacy })
{
    var speed = await wire.RpcAsync(WireBytes, protection);
    Console.WriteLine($"  {$"RPC over HTTP, {protection} at the RPC level",-40} {speed,9:N0} MB/s {speed / loopback,7:N2} x TLS alone");
}
ThrottledBatch.Print();
return 0;
