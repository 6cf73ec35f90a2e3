using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>Where progress and results are written.</summary>
public static class Consoles
{
    /// <summary>Progress: standard output for people, standard error when standard output carries JSON.</summary>
    public static IAnsiConsole ForProgress(bool json) => json
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Interactive = InteractionSupport.No })
        : AnsiConsole.Console;
}
