using System.CommandLine;
using System.Text;
using Cutover.Cli.Output;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover passwords</c>: the initial passwords of accounts that a cutover made, each handed over once. A cutover may be running on the same work folder.</summary>
internal static class PasswordsCommand
{
    private static readonly Option<string> Work = new("--work") { Description = "The cutover's work folder", Required = true };
    private static readonly Argument<string[]> Users = new("users") { Description = "Sign-in names; with --for also none, for all that are left", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> For = new("--for") { Description = "Seal them in a file for the holder of this certificate (PEM); openssl cms -decrypt opens it" };
    private static readonly Option<string?> Out = new("--out") { Description = "The sealed file" };

    public static Command Create()
    {
        var list = new Command("list", "Show whose password is still to be handed over") { Work };
        list.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => ListAsync(Store(parsed), token), ct));
        var handOver = new Command("hand-over", "Show the passwords of these users, or seal them in a file; after that Cutover has them no longer") { Users, Work, For, Out };
        handOver.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => HandOverAsync(Store(parsed), parsed, token), ct));
        return new Command("passwords", "Initial passwords of the accounts that were made") { list, handOver };
    }

    private static InitialPasswordStore Store(ParseResult parsed) =>
        new(WorkDirectory.InitialPasswordsOf(parsed.GetRequiredValue(Work)), KeyRing.Open(), TimeProvider.System);

    private static async Task<int> ListAsync(InitialPasswordStore store, CancellationToken ct)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Signs in as", "Made", "Handed over");
        foreach (var kept in await store.ListAsync(ct))
            table.AddRow(Markup.Escape(kept.UserPrincipalName), $"{kept.Kept.ToLocalTime():g}", kept.HandedOver is { } at ? $"{at.ToLocalTime():g}" : "[yellow]not yet[/]");
        Consoles.ForProgress(json: false).Write(table);
        return ExitCode.Success;
    }

    private static async Task<int> HandOverAsync(InitialPasswordStore store, ParseResult parsed, CancellationToken ct)
    {
        var users = parsed.GetValue(Users) ?? [];
        if (parsed.GetValue(For) is not { } certificate)
        {
            if (users.Length == 0) throw new InvalidSettingsException("Name the users, or give --for and --out to seal all passwords in a file.");
            await store.HandOverAsync(users, passwords => Console.Out.WriteAsync(string.Concat(passwords.Select(one => $"{one.UserPrincipalName}\t{one.Password}\n"))), ct);
            return ExitCode.Success;
        }

        var file = parsed.GetValue(Out) ?? throw new InvalidSettingsException("Name the file with --out.");
        await store.HandOverAsync(users.Length == 0 ? null : users, passwords => SealedFile.WriteAsync(file, certificate, Csv(passwords), ct), ct);
        await Console.Out.WriteLineAsync($"Sealed in {file}: openssl cms -decrypt -inform PEM -in {file} -inkey KEY opens it.");
        return ExitCode.Success;
    }

    private static byte[] Csv(IEnumerable<(string UserPrincipalName, string Password)> passwords) => Encoding.UTF8.GetBytes(
        "userPrincipalName,initialPassword\r\n" + string.Concat(passwords.Select(one => $"{Quote(one.UserPrincipalName)},{Quote(one.Password)}\r\n")));

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
