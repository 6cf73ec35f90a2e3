using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>Where progress and results are written.</summary>
public static class Consoles
{
    private const int NeverWrap = 1000;

    /// <summary>Progress: standard output for people, standard error when standard output carries JSON. Lines are only wrapped on a terminal.</summary>
    public static IAnsiConsole ForProgress(bool json)
    {
        var console = json
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Interactive = InteractionSupport.No })
            : AnsiConsole.Console;
        if (json ? Console.IsErrorRedirected : Console.IsOutputRedirected) console.Profile.Width = NeverWrap;
        return console;
    }
}
