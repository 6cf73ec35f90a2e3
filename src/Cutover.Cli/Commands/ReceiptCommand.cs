using System.CommandLine;
using Cutover.Core.Reporting;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover receipt verify</c>: checks a signed receipt offline.</summary>
internal static class ReceiptCommand
{
    private static readonly Argument<string> File = FileArgument.Create("file", "The receipt, a .jsonl file");

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The public key that must have signed it, in hexadecimal; without it the receipt's own key is taken, which shows only that nothing was changed",
    };

    public static Command Create()
    {
        var verify = new Command("verify", "Say whether a receipt is as it was signed") { File, Key };
        verify.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return new Command("receipt", "Signed receipts") { verify };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetRequiredValue(File);
        var verdict = await ReceiptVerifier.VerifyAsync(file, parsed.GetValue(Key), ct);
        if (verdict.IsGenuine)
        {
            await Console.Out.WriteLineAsync($"{file} is as it was signed.");
            return ExitCode.Success;
        }
        await Console.Error.WriteLineAsync($"{file} is not as it was signed: {verdict.Problem}");
        return ExitCode.Failed;
    }
}
