namespace Cutover.Cli;

/// <summary>What the program's exit code says.</summary>
public static class ExitCode
{
    /// <summary>All well.</summary>
    public const int Success = 0;

    /// <summary>It failed; the message says what, why and what to do next.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Done, with items skipped that the receipt lists.</summary>
    public const int DoneWithSkippedItems = 3;

    /// <summary>Stopped by Ctrl+C or SIGTERM; run again to go on.</summary>
    public const int Interrupted = 130;
}
