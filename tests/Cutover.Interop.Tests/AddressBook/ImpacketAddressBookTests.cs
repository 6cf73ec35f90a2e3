using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Cutover.Lab;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;

namespace Cutover.Interop.Tests.AddressBook;

/// <summary>impacket, which nobody here wrote, reads the lab's address book: what both sides of ours agree on must be right for others too.</summary>
public sealed class ImpacketAddressBookTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task Impacket_reads_the_labs_address_book()
    {
        await RequireImpacketAsync();
        var work = Directory.CreateTempSubdirectory("cutover-impacket-").FullName;
        try
        {
            var contoso = ContosoGenerator.Create(new LabOptions { WorkDirectory = work, Mailboxes = 12, Seed = 1 });
            await using var server = await StartAsync(contoso, work);
            var caller = contoso.Administrator;
            var output = await RunAsync(
                [Script, $"{server.Port}", "CONTOSO", caller.UserName, caller.Password, "EX01.contoso.com", contoso.Recipients[0].LegacyExchangeDN,
                    "Verkoop", "=SMTP:info@contoso.com", "nobody-xyz"]);
            Check(contoso, JsonDocument.Parse(output).RootElement);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "AddressBook", "impacket_address_book.py");

    private static void Check(ContosoOrganisation contoso, JsonElement answer)
    {
        Assert.Equal("EX01.contoso.com", answer.GetProperty("referral").GetString());
        Assert.Equal("EX01.contoso.com", answer.GetProperty("host").GetString());
        Assert.Equal([2, 2, 0], answer.GetProperty("minimalIds").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(["Verkoop", "Info Contoso"], Names(answer.GetProperty("resolved")));
        Assert.Equal([0x10, 0], answer.GetProperty("byName").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(["Global Address List"], Names(answer.GetProperty("containers")));

        var shown = contoso.Recipients.Where(one => !one.HiddenFromAddressLists).ToList();
        var rows = answer.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(shown.Select(one => one.PrimarySmtpAddress).Order(), rows.Select(row => row.GetProperty("39FE001F").GetString()).Order());
        foreach (var row in rows)
        {
            var expected = shown.Single(one => one.LegacyExchangeDN == row.GetProperty("3003001F").GetString());
            Assert.Equal(expected.DisplayName, row.GetProperty("3001001F").GetString());
            Assert.Equal(expected.EmailAddresses, row.GetProperty("800F101F").EnumerateArray().Select(address => address.GetString()));
        }
        var sought = contoso.Recipients[answer.GetProperty("sought").GetInt32() - (int)MinimalEntryId.FirstObject];
        Assert.StartsWith("V", sought.DisplayName);
    }

    private static List<string> Names(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => (row.TryGetProperty("3001001F", out var name) ? name : row.GetProperty("3001001E")).GetString()!)];

    private static Task<ExchangeServer> StartAsync(ContosoOrganisation contoso, string work) => ExchangeServer.StartAsync(new ExchangeServerOptions
    {
        Organisation = contoso,
        Accounts = contoso.Accounts,
        Interfaces = new Dictionary<int, IRpcInterface>
        {
            [RfrInterface.Port] = new RfrServer("EX01.contoso.com"),
            [NspiInterface.Port] = new NspiServer(contoso),
        },
        CertificateChain = LabCertificateAuthority.Open(work).Issue("exchange", "mail.contoso.com", "localhost"),
    });

    private static async Task RequireImpacketAsync()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") return;
        try
        {
            await RunAsync(["-c", "import impacket.dcerpc.v5.nspi"]);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Assert.Skip("impacket is not installed (Debian: python3-impacket).");
        }
    }

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await errors);
    }
}
