using Cutover.Core.Faults;
using Cutover.Lab.Certificates;
using Cutover.Server;
using Microsoft.Data.Sqlite;

namespace Cutover.Cli.Output;

/// <summary>One clear message and the exit code for each error that an administrator can meet.</summary>
public static class ErrorText
{
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;
    private const int NoSpaceLeft = 28;

    /// <summary>Null for an error that is ours: it comes out as it is.</summary>
    public static (string Message, int ExitCode)? Describe(Exception error) => error switch
    {
        InvalidSettingsException => (error.Message, ExitCode.Usage),
        MigrationFault fault => ($"{fault.Message}\nWhat to do: {fault.NextStep}", ExitCode.Failed),
        LabPortTakenException => (error.Message, ExitCode.Failed),
        DirectoryNotFoundException or FileNotFoundException => (error.Message, ExitCode.Usage),
        SqliteException { SqliteErrorCode: SqliteFull or SqliteIoError } => (DiskFull, ExitCode.Failed),
        IOException { HResult: NoSpaceLeft } => (DiskFull, ExitCode.Failed),
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        { InnerException: { } inner } => Describe(inner),
        _ => null,
    };

    private static string DiskFull =>
        "The disk of the work folder is full or can't be written. Make room and run the same command again: it goes on where it was, and nothing is half-written.";
}
