using System.Security.Cryptography;
using Cutover.Core.Recipients;
using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Http;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;

namespace Cutover.Interop.Tests;

/// <summary>impacket, written apart from this project, against our codecs and the lab's Exchange.</summary>
public sealed class ImpacketTests : IDisposable
{
    private static readonly LabAccount Administrator = new("migration", "migration@contoso.com", "Secret-1", "/o=Contoso/cn=migration", true);
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-interop-").FullName;

    [Fact]
    public async Task Impacket_binds_and_calls_the_lab_over_RPC_over_HTTP()
    {
        await Python.RequireImpacketAsync();
        var errors = new List<Exception>();
        await using var server = await ExchangeServer.StartAsync(new ExchangeServerOptions
        {
            Organisation = new ContosoOrganisation("contoso.com", Array.Empty<Recipient>(), Administrator),
            Interfaces = new Dictionary<int, IRpcInterface> { [6001] = new EchoInterface() },
            CertificateChain = LabCertificateAuthority.Open(directory).Issue("exchange", "localhost"),
            OnError = errors.Add,
        });

        var facts = await Python.RunScriptAsync(
            "echo.py", "", $"{server.Port}", "EX01.contoso.com", Administrator.UserName, Administrator.Password, $"{EchoInterface.EchoId.Uuid}", "1.0");

        Assert.Equal(
            [
                "bound", "echo hello", "long True", $"large 1500000 {Convert.ToHexStringLower(SHA256.HashData(EchoInterface.Pattern(1_500_000)))}",
                "fault nca_s_fault_context_mismatch", "after still here", "refused True",
            ],
            facts);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Impacket_reads_the_RTS_PDUs_that_we_write()
    {
        await Python.RequireImpacketAsync();
        var cookie = Guid.NewGuid();
        (string Name, RtsPdu Pdu)[] pdus =
        [
            ("CONN/A1", RtsPdu.ConnA1(cookie, cookie, 65536)),
            ("CONN/B1", RtsPdu.ConnB1(cookie, cookie, 1 << 30, 300_000, cookie)),
            ("CONN/C2", RtsPdu.ConnC2(65536, 120_000)),
            ("OUT_R1/A3", RtsPdu.OutA3(cookie, cookie, cookie, 65536)),
            ("IN_R1/A1", RtsPdu.InA1(cookie, cookie, cookie)),
            ("FlowControlAck", RtsPdu.Acknowledge(RtsDestination.OutProxy, new RtsCommand.FlowControlAck(1, 2, cookie))),
            ("Ping", RtsPdu.Ping()),
        ];

        var seen = await Python.RunScriptAsync("rts.py", string.Concat(pdus.Select(pdu => $"{pdu.Name} {Convert.ToHexString(pdu.Pdu.ToArray())}\n")));

        Assert.Equal(
            [
                "CONN/A1 0 4 76 Version,Cookie,Cookie,ReceiveWindowSize",
                "CONN/B1 0 6 104 Version,Cookie,Cookie,ChannelLifetime,ClientKeepalive,AssociationGroupId",
                "CONN/C2 0 3 44 Version,ReceiveWindowSize,ConnectionTimeout",
                "OUT_R1/A3 4 5 96 Version,Cookie,Cookie,Cookie,ReceiveWindowSize",
                "IN_R1/A1 4 4 88 Version,Cookie,Cookie,Cookie",
                "FlowControlAck 2 2 56 Destination,FlowControlAck",
                "Ping 1 0 20 ",
            ],
            seen);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
