using System.CommandLine;
using System.Text.Json;
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
        var administrator = lab.Organisation.Administrator;
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns("what", "where");
        table.AddRow("Exchange", $"https://mail.{lab.Organisation.Domain} at 127.0.0.1:{lab.Exchange.Port} (curl --connect-to {lab.Exchange.ConnectTo[0]})");
        table.AddRow("Autodiscover", $"https://autodiscover.{lab.Organisation.Domain}/autodiscover/autodiscover.xml at 127.0.0.1:{lab.Exchange.Port}");
        table.AddRow("Microsoft 365", $"{lab.Microsoft365Url} (tenant {lab.Microsoft365.TenantId}, client {lab.Microsoft365.ClientId}, secret {lab.Microsoft365.ClientSecret})");
        table.AddRow("DNS", $"{lab.Dns.EndPoint}, zone {lab.Organisation.Domain} (TSIG {lab.Dns.KeyName} {lab.Dns.KeySecret})");
        table.AddRow("SMTP", $"127.0.0.1:{lab.Smtp.Port}");
        table.AddRow("Certificates", $"trust {lab.Authority.RootPemFile}");
        table.AddRow("Administrator", $"{administrator.UserName} or {administrator.EmailAddress}, password {administrator.Password}");
        foreach (var account in lab.Organisation.Accounts)
            table.AddRow("Account", Markup.Escape($"{account.UserName} or {account.EmailAddress}, password {account.Password}"));
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"Move it from another terminal: [bold]cutover migrate {Markup.Escape(settings)} --work DIR --yes[/]. Stop the lab with Ctrl+C.");
    }
}
