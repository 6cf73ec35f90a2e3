using System.Diagnostics;
using System.Text.Json;
using Cutover.Benchmarks;
using Cutover.Scale;

// Reads one big mailbox from a lab in another process, and says how fast and with how much memory. Exit codes: 0 done, 1 something is missing, came
// twice or took too much memory, 2 bad usage.
var isLab = args is ["lab", ..];
if (ScaleOptions.Parse(isLab ? args[2..] : args) is not { } options)
{
    Console.WriteLine(ScaleOptions.Usage);
    return 2;
}
if (isLab) return await ScaleLab.RunAsync(options, args[1]);

var directory = Directory.CreateTempSubdirectory("cutover-scale-").FullName;
try
{
    Console.Error.WriteLine($"The lab writes {options.Items:N0} items of {options.ItemBytes:N0} bytes ...");
    string[] self = [Path.Combine(AppContext.BaseDirectory, "Cutover.Scale.dll"), "lab", directory, .. options.ToArguments()];
    using var lab = Process.Start(new ProcessStartInfo("dotnet", self) { RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new InvalidOperationException("The lab did not start.");
    var line = await lab.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The lab ended before it was ready.");
    var reader = new ScaleReader(JsonSerializer.Deserialize<ScaleAddress>(line) ?? throw new InvalidOperationException("The lab told no address."), directory);
    await reader.ReadAsync(options.Transport, CancellationToken.None);
    lab.StandardInput.Close();
    await lab.WaitForExitAsync();
    var memory = ScaleReader.PeakMemory / 1e6;
    return Report(reader, options, memory, await RawSpeedAsync(reader.Bytes));
}
finally
{
    Directory.Delete(directory, recursive: true);
}

// The same bytes through one TLS connection of loopback, and nothing else.
static async Task<double> RawSpeedAsync(long bytes)
{
    await using var wire = await Wire.StartAsync(outLifetime: long.MaxValue);
    await wire.TlsAsync(bytes / 8);
    return await wire.TlsAsync(bytes);
}

static int Report(ScaleReader reader, ScaleOptions options, double memory, double rawSpeed)
{
    var seconds = reader.Elapsed.TotalSeconds;
    var speed = reader.Bytes / seconds / 1e6;
    Console.WriteLine($"{options.Transport}: {reader.Items:N0} items, {reader.Bytes / 1e6:N0} MB in {seconds:N0} s: {reader.Items / seconds:N0} items/s, {speed:N1} MB/s, {speed / rawSpeed:N3} x TLS alone ({rawSpeed:N0} MB/s)");
    Console.WriteLine($"  {reader.RoundTrips:N0} round trips, {(double)reader.RoundTrips / Math.Max(1, reader.Items):N4} an item; an OUT channel carried {options.ChannelLifetime / 1e6:N0} MB at most");
    Console.WriteLine($"  {memory:N0} MB of memory at most (limit {options.MemoryLimit}); {options.Items - reader.Items + reader.Repeated:N0} items missing, {reader.Repeated:N0} came twice");
    return reader.Items - reader.Repeated == options.Items && reader.Repeated == 0 && memory < options.MemoryLimit ? 0 : 1;
}
