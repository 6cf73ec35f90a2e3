using System.CommandLine;

namespace Cutover.Cli.Commands;

/// <summary>A file on the command line, which has to have a name.</summary>
internal static class FileArgument
{
    public static Argument<string> Create(string name, string description) => new(name)
    {
        Description = description,
        Validators = { result => { if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError($"Name the {name}: it is empty text."); } },
    };

    public static Argument<string> Settings() => Create("settings", "The settings file (docs/operations/settings.md)");
}
