using Cutover.Benchmarks;

// How fast one core carries items, in MB/s and as a ratio to SHA-256 of the same bytes in the same run.
// Options: --seconds N (per measurement, 2 by default). Exit codes: 0 done, 2 bad usage.
var seconds = 2.0;
if (args is ["--seconds", var number] && double.TryParse(number, out var given) && given > 0) seconds = given;
else if (args.Length > 0)
{
    Console.WriteLine("usage: --seconds N");
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
return 0;
