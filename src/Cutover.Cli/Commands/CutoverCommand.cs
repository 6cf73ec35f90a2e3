using System.CommandLine;
using Cutover.Cli.Output;

namespace Cutover.Cli.Commands;

/// <summary>The command line's root: what every command shares.</summary>
public static class CutoverCommand
{
    /// <summary>How long items that are on their way may take to land after Ctrl+C; a kill loses nothing either.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command and returns its exit code, see <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Moves a whole on-premises Exchange organisation to Microsoft 365 and proves that nothing was lost.")
        {
            DemoCommand.Create(), MigrateCommand.Create(), ServeCommand.Create(), BatchCommand.Create(), PlanCommands.CreateRecipients(), PlanCommands.CreateLicences(), TenantCommand.Create(), PasswordsCommand.Create(), MailboxCommand.Create(), LabCommand.Create(), ReceiptCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Say --help to see the options.");
            return ExitCode.Usage;
        }
        // The commands handle their own errors, so that each gets one message and its exit code.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = LongestStop,
        });
    }

    /// <summary>Runs a command's work with Ctrl+C and SIGTERM as cancellation, and turns what goes wrong into one message and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<CancellationToken, Task<int>> work, CancellationToken ct)
    {
        await using var stopping = ct.Register(() => Console.Error.WriteLine("Stopping …"));
        try
        {
            return await work(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. Run the same command again: it goes on where it was.");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (ErrorText.Describe(error) is { } described)
        {
            await Console.Error.WriteLineAsync(described.Message);
            return described.ExitCode;
        }
    }
}
