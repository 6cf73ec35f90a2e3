using System.Diagnostics;
using System.Globalization;
using Cutover.Fuzz;

// Feeds damaged bytes to every decoder: only MapiProtocolException may come out, in time and with memory in proportion.
// Options: --executions N (in all), --seed S, --target NAME. Exit codes: 0 all well, 1 a decoder failed, 2 bad usage.
var executions = 200_000L;
var seed = 1;
string? only = null;
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length) return Usage();
    switch (args[i])
    {
        case "--executions" when long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out executions) && executions > 0: break;
        case "--seed" when int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed): break;
        case "--target": only = args[i + 1]; break;
        default: return Usage();
    }
}

var targets = FuzzTargets.All.Where(target => only is null || target.Name == only).ToList();
if (targets.Count == 0) return Usage();
var failures = 0;
var all = Stopwatch.StartNew();
// A thread a target: what a target allocates is counted by thread.
Parallel.ForEach(targets, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, target =>
{
    if (!Run(target, Math.Max(1, executions / targets.Count))) Interlocked.Increment(ref failures);
});
Console.WriteLine($"{executions:N0} executions of {targets.Count} decoders, {executions / all.Elapsed.TotalSeconds:N0}/s, seed {seed}: {(failures == 0 ? "all well" : $"{failures} decoders failed")}");
return failures == 0 ? 0 : 1;

bool Run(FuzzTarget target, long count)
{
    var refused = 0L;
    var time = Stopwatch.StartNew();
    for (var n = 0L; n < count; n++)
    {
        var verdict = FuzzRun.Judge(target, FuzzRun.Input(target, seed, n));
        if (!verdict.IsWell)
        {
            Console.WriteLine($"{target.Name}: execution {n} of seed {seed}: {verdict.Outcome}\n{verdict.Detail}\ninput {Convert.ToHexString(verdict.Input)}");
            return false;
        }
        if (verdict.Outcome == Outcome.Refused) refused++;
    }
    Console.WriteLine($"{target.Name,-26} {count,10:N0} executions {count / time.Elapsed.TotalSeconds,10:N0}/s {refused,10:N0} refused");
    return true;
}

static int Usage()
{
    Console.WriteLine($"usage: --executions N --seed S --target NAME; targets: {string.Join(' ', FuzzTargets.All.Select(target => target.Name))}");
    return 2;
}
