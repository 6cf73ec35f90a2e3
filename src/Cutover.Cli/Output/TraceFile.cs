using System.CommandLine;
using Cutover.Mapi.Tracing;
using Cutover.Server;

namespace Cutover.Cli.Output;

/// <summary>The file of <c>--trace</c>, readable by its owner alone; begun anew by each command.</summary>
internal sealed class TraceFile : IDisposable
{
    public static readonly Option<string?> Option = new("--trace")
    {
        Description = "Write a line for each PDU and ROP on the wire to the source into this file; no secrets, no content",
    };

    private readonly StreamWriter? output;

    private TraceFile(StreamWriter? output)
    {
        this.output = output;
        Trace = output is null ? null : new ProtocolTrace(output, TimeProvider.System);
    }

    /// <summary>Null when nobody asked for a trace.</summary>
    public ProtocolTrace? Trace { get; }

    /// <exception cref="InvalidSettingsException">The file can't be written.</exception>
    public static TraceFile Open(ParseResult parsed)
    {
        if (parsed.GetValue(Option) is not { } path) return new TraceFile(null);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new TraceFile(new StreamWriter(path, options) { AutoFlush = true });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The trace file {path} can't be written: {error.Message}");
        }
    }

    public void Dispose() => output?.Dispose();
}
