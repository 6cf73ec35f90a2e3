using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>Looks in DNS whether a domain carries one of its two verification records.</summary>
internal sealed class DomainVerification(IPEndPoint? server)
{
    private const int TimeoutMilliseconds = 5000;

    /// <summary>Null when a record is there, else what the service says about its absence.</summary>
    public async Task<string?> FindFaultAsync(TenantDomain domain, CancellationToken ct)
    {
        if (server is null) return "No DNS server was given to this tenant.";
        var texts = await ResolveAsync<TxtRecord>(domain.Name, RecordType.Txt, ct);
        if (texts.Any(record => record.TextData.Equals(domain.VerificationText, StringComparison.OrdinalIgnoreCase))) return null;
        var exchanges = await ResolveAsync<MxRecord>(domain.Name, RecordType.Mx, ct);
        if (exchanges.Any(record =>
            HostName(record.ExchangeDomainName).Equals(domain.VerificationMailExchange, StringComparison.OrdinalIgnoreCase))) return null;
        return $"DNS verification record {domain.VerificationText} was not found for the domain {domain.Name}.";
    }

    private async Task<IReadOnlyList<T>> ResolveAsync<T>(string name, RecordType type, CancellationToken ct) where T : DnsRecordBase
    {
        IClientTransport[] transports = [new UdpClientTransport(server!.Port), new TcpClientTransport(server.Port)];
        using var client = new DnsClient([server.Address], transports, true, TimeoutMilliseconds);
        var answer = await client.ResolveAsync(DomainName.Parse(name), type, token: ct);
        return answer is null ? [] : [.. answer.AnswerRecords.OfType<T>()];
    }

    private static string HostName(DomainName name) => name.ToString().TrimEnd('.');
}
