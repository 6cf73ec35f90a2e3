using System.CommandLine;
using System.Text.Json;
using Cutover.Cli.Output;
using Cutover.Lab;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Commands;

/// <summary><c>cutover lab start</c>: the lab alone, so that other clients can be pointed at it.</summary>
internal static class LabCommand
{
    private static readonly LabOptionsBinding LabSettings = new();

    public static Command Create()
    {
        var start = new Command("start", "Start the lab, print its addresses and accounts, and run until Ctrl+C");
        LabSettings.AddTo(start);
        start.SetAction((parsed, ct) => CutoverCommand.GuardAsync(token => RunAsync(parsed, token), ct));
        return new Command("lab", "Contoso in a process: Exchange, Microsoft 365, DNS and SMTP on loopback") { start };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var directory = LabSettings.WorkDirectory(parsed);
        var options = LabSettings.Read(parsed, directory);
        using var work = WorkDirectory.Open(directory);
        await using var lab = await ContosoLab.StartAsync(options, ct);
        var settings = Path.Combine(directory, "cutover.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(LabSettingsFile.Settings(lab), SettingsJson.Default.CutoverSettings), ct);
        Print(lab, settings);
        await Task.Delay(Timeout.InfiniteTimeSpan, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return ExitCode.Success;
    }

    private static void Print(ContosoLab lab, string settings)
    {
        var domain = lab.Organisation.Domain;
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns("what", "where");
        void Row(string what, string where) => table.AddRow(what, Markup.Escape(where));
        Row("Exchange", $"https://mail.{domain} at 127.0.0.1:{lab.Exchange.Port} (curl --connect-to {lab.Exchange.ConnectTo[0]})");
        Row("Autodiscover", $"https://autodiscover.{domain}/autodiscover/autodiscover.xml at 127.0.0.1:{lab.Exchange.Port}");
        Row("Microsoft 365", $"{lab.Microsoft365Url} (tenant {lab.Microsoft365.TenantId}, client {lab.Microsoft365.ClientId}, secret {lab.Microsoft365.ClientSecret})");
        Row("DNS", $"{lab.Dns.EndPoint}, zone {domain} (TSIG {lab.Dns.KeyName} {lab.Dns.KeySecret})");
        Row("SMTP", $"127.0.0.1:{lab.Smtp.Port}");
        Row("Certificates", $"trust {lab.Authority.RootPemFile}");
        foreach (var account in lab.Organisation.Accounts)
            Row(account.HasFullAccessToAll ? "Administrator" : "Account", $"{account.UserName} or {account.EmailAddress}, password {account.Password}");
        var console = Consoles.ForProgress(json: false);
        console.Write(table);
        console.MarkupLine($"Move it from another terminal: [bold]cutover migrate {Markup.Escape(settings)} --work DIR --yes[/]. Stop the lab with Ctrl+C.");
    }
}
