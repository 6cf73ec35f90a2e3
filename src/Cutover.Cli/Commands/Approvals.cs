using Cutover.Core.Faults;
using Cutover.Core.Runbooks;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary>An approval given beforehand.</summary>
/// <param name="by">Who gave it, and how.</param>
internal sealed class GivenApproval(string by) : IApprovals
{
    public Task<string> AskAsync(string what, CancellationToken ct) => Task.FromResult(by);
}

/// <summary>Asks the person at the terminal.</summary>
internal sealed class AskedApproval(IAnsiConsole console) : IApprovals
{
    public async Task<string> AskAsync(string what, CancellationToken ct)
    {
        if (!console.Profile.Capabilities.Interactive)
            throw Refused($"\"{what}\" needs an approval, and nobody is at the terminal.");
        if (!await console.ConfirmAsync($"{Markup.Escape(what)}?", defaultValue: false, ct))
            throw Refused($"\"{what}\" was not approved.");
        return Environment.UserName;
    }

    private static MigrationFault Refused(string message) =>
        new(FaultScope.Operator, message, "Run again at a terminal and approve it, or give --yes.");
}
