using System.Net;
using Cutover.Core.Domains;
using Cutover.Core.Faults;
using Cutover.Mapi.Http;
using DnsClient;
using DnsClient.Protocol;

namespace Cutover.Endpoints.Dns;

/// <summary>Asks DNS: given servers, or the system's. Answers are never cached here, so that a change is seen as soon as the server shows it.</summary>
public sealed class DnsResolver : IDnsResolver
{
    private readonly LookupClient client;

    /// <param name="servers">Whom to ask; none asks the system's resolvers.</param>
    public DnsResolver(IReadOnlyList<IPEndPoint> servers)
    {
        var options = servers.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. servers]);
        options.UseCache = false;
        options.ThrowDnsErrors = false;
        client = new LookupClient(options);
    }

    public async Task<IReadOnlyList<Core.Domains.MxRecord>> GetMxAsync(string name, CancellationToken ct) =>
        [.. (await AskAsync(name, QueryType.MX, ct)).OfType<DnsClient.Protocol.MxRecord>().OrderBy(record => record.Preference)
            .Select(record => new Core.Domains.MxRecord(name, Ttl(record), record.Preference, Name(record.Exchange)))];

    public async Task<IReadOnlyList<Core.Domains.TxtRecord>> GetTxtAsync(string name, CancellationToken ct) =>
        [.. (await AskAsync(name, QueryType.TXT, ct)).OfType<DnsClient.Protocol.TxtRecord>()
            .Select(record => new Core.Domains.TxtRecord(name, Ttl(record), string.Concat(record.Text)))];

    public async Task<Core.Domains.CNameRecord?> GetCNameAsync(string name, CancellationToken ct) =>
        (await AskAsync(name, QueryType.CNAME, ct)).OfType<DnsClient.Protocol.CNameRecord>()
            .Select(record => new Core.Domains.CNameRecord(name, Ttl(record), Name(record.CanonicalName))).FirstOrDefault();

    /// <summary>Where a service of the name is, best first. Source: RFC 2782.</summary>
    /// <exception cref="ConnectException">DNS does not answer.</exception>
    public async Task<IReadOnlyList<SrvTarget>> GetSrvAsync(string name, CancellationToken ct)
    {
        try
        {
            return [.. (await AskAsync(name, QueryType.SRV, ct)).OfType<SrvRecord>().Where(IsOffered)
                .OrderBy(record => record.Priority).ThenByDescending(record => record.Weight)
                .Select(record => new SrvTarget(Name(record.Target), record.Port))];
        }
        catch (MigrationFault fault)
        {
            throw new ConnectException(ConnectFailure.NameNotResolved, fault.Message, fault.NextStep, fault);
        }
    }

    // A target of . says that the domain has no such service.
    private static bool IsOffered(SrvRecord record) => Name(record.Target).Length > 0;

    private async Task<IReadOnlyList<DnsResourceRecord>> AskAsync(string name, QueryType type, CancellationToken ct)
    {
        try
        {
            var answer = await client.QueryAsync(name, type, cancellationToken: ct);
            if (answer.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain) return answer.Answers;
            throw Failed(name, type, answer.ErrorMessage, null);
        }
        catch (DnsResponseException error)
        {
            throw Failed(name, type, error.DnsError, error);
        }
    }

    private static MigrationFault Failed(string name, QueryType type, string reason, Exception? inner) =>
        new(FaultScope.Endpoint, $"DNS did not answer for {type} {name}: {reason}", "Check that the DNS servers in the settings can be reached.", inner)
        {
            IsTransient = true,
        };

    private static TimeSpan Ttl(DnsResourceRecord record) => TimeSpan.FromSeconds(record.InitialTimeToLive);

    private static string Name(DnsString name) => name.Value.TrimEnd('.');
}
