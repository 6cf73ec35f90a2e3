using System.Text;
using Cutover.Interop.Gromox;

// The product against a running gromox. docs/protocols/gromox.md tells how to run it. Exit codes: 0 all well, 1 something differs, 2 bad usage.
if (args.Length == 0 || GromoxServer.FromEnvironment() is not { } server) return Usage();
// MimeKit keeps what it first learns of a charset.
Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
var report = new Report();
switch (args[0])
{
    case "seed" when args.Length == 2: await SeedMailbox.RunAsync(server, args[1], CancellationToken.None); break;
    case "whole": await WholeMailbox.RunAsync(server, report, CancellationToken.None); break;
    case "increments": await Increments.RunAsync(server, report, CancellationToken.None); break;
    case "addresses": await AddressBook.RunAsync(server, report, CancellationToken.None); break;
    default: return Usage();
}
return report.End();

static int Usage()
{
    Console.WriteLine("usage: seed FOLDER-OF-EML | whole | increments | addresses; the environment says where gromox is:");
    Console.WriteLine(GromoxServer.Usage);
    return 2;
}
