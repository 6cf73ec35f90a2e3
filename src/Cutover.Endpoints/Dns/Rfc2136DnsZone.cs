using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using Cutover.Core.Domains;
using Cutover.Core.Faults;

namespace Cutover.Endpoints.Dns;

/// <summary>The key that signs updates. Source: RFC 8945.</summary>
/// <param name="Algorithm">As BIND names it: hmac-sha256, hmac-sha512, …</param>
public sealed record TsigKey(string Name, byte[] Secret, string Algorithm);

/// <summary>A zone changed at its primary by dynamic update (RFC 2136), signed with TSIG. Each call is one update: all of it happens or nothing.</summary>
/// <param name="server">The zone's primary.</param>
/// <param name="key">Null sends unsigned updates, for a primary that allows them by address.</param>
public sealed class Rfc2136DnsZone(string name, IPEndPoint server, TsigKey? key, TimeProvider clock) : IDnsZone
{
    private static readonly TimeSpan Fudge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public string Name { get; } = name;

    public Task AddTxtAsync(Core.Domains.TxtRecord record, CancellationToken ct) =>
        UpdateAsync($"add TXT {record.Name}", ct, new AddRecordUpdate(Txt(record)));

    public Task RemoveTxtAsync(Core.Domains.TxtRecord record, CancellationToken ct) =>
        UpdateAsync($"remove TXT {record.Name}", ct, new DeleteRecordUpdate(Txt(record)));

    public Task ReplaceMxAsync(string name, IReadOnlyList<Core.Domains.MxRecord> records, CancellationToken ct) =>
        UpdateAsync($"replace MX {name}", ct,
            [new DeleteAllRecordsUpdate(Parse(name), RecordType.Mx), .. records.Select(record => new AddRecordUpdate(Mx(record)))]);

    /// <summary>Other records of the name (its old address) go in the same update: a CNAME stands alone (RFC 1034 3.6.2).</summary>
    public Task ReplaceCNameAsync(Core.Domains.CNameRecord record, CancellationToken ct) =>
        UpdateAsync($"replace CNAME {record.Name}", ct,
            new DeleteAllRecordsUpdate(Parse(record.Name), RecordType.Any),
            new AddRecordUpdate(new ARSoft.Tools.Net.Dns.CNameRecord(Parse(record.Name), Seconds(record.Ttl), Parse(record.CanonicalName))));

    public async Task ReplaceSpfAsync(Core.Domains.TxtRecord record, CancellationToken ct)
    {
        var current = await new DnsResolver([server]).GetTxtAsync(record.Name, ct);
        await UpdateAsync($"replace SPF {record.Name}", ct,
            [.. current.Where(txt => Core.Domains.SpfRecord.IsSpf(txt.Text)).Select(txt => new DeleteRecordUpdate(Txt(txt))), new AddRecordUpdate(Txt(record))]);
    }

    private async Task UpdateAsync(string change, CancellationToken ct, params UpdateBase[] updates)
    {
        var message = new DnsUpdateMessage { ZoneName = Parse(Name) };
        message.Updates.AddRange(updates);
        if (key is not null) message.TSigOptions = Sign(message, key);
        using var transport = new TcpClientTransport(server.Port);
        var client = new ARSoft.Tools.Net.Dns.DnsClient([server.Address], [transport], true, (int)Timeout.TotalMilliseconds);
        var answer = await client.SendUpdateAsync(message, ct)
            ?? throw Failed(change, "it did not answer", "Check that the primary can be reached over TCP and that its name and port in the settings are right.", transient: true);
        if (answer.ReturnCode != ReturnCode.NoError)
            throw Refused(change, answer);
    }

    private TSigRecord Sign(DnsUpdateMessage message, TsigKey with) =>
        new(Parse(with.Name), Algorithm(with.Algorithm), clock.GetUtcNow().UtcDateTime, Fudge, message.TransactionID, ReturnCode.NoError, null, with.Secret);

    private MigrationFault Refused(string change, DnsUpdateMessage answer)
    {
        var code = answer.TSigOptions is { Error: not ReturnCode.NoError } tsig ? tsig.Error : answer.ReturnCode;
        var next = code switch
        {
            ReturnCode.BadKey or ReturnCode.BadSig => "The primary doesn't know this TSIG key or has another secret for it: check keyName, keySecret and keyAlgorithm.",
            ReturnCode.BadTime => "The clocks of this machine and of the primary differ by more than five minutes: set them right.",
            ReturnCode.Refused => "The primary doesn't let this key change the zone: check its update-policy or allow-update.",
            ReturnCode.NotAuthoritive or ReturnCode.NotZone => "That server is not the primary of the zone: check dns.server.",
            _ => "Look into the primary's log.",
        };
        return Failed(change, $"it answered {code}", next, transient: code == ReturnCode.ServerFailure);
    }

    private MigrationFault Failed(string change, string reason, string next, bool transient) =>
        new(transient ? FaultScope.Endpoint : FaultScope.Operator, $"The DNS server {server} did not {change} in zone {Name}: {reason}.", next)
        {
            IsTransient = transient,
        };

    private static ARSoft.Tools.Net.Dns.TxtRecord Txt(Core.Domains.TxtRecord record) =>
        new(Parse(record.Name), Seconds(record.Ttl), record.Text.Chunk(255).Select(part => new string(part)));

    private static ARSoft.Tools.Net.Dns.MxRecord Mx(Core.Domains.MxRecord record) =>
        new(Parse(record.Name), Seconds(record.Ttl), (ushort)record.Preference, Parse(record.MailExchange));

    private static DomainName Parse(string name) => DomainName.Parse(name.TrimEnd('.'));

    private static int Seconds(TimeSpan ttl) => (int)ttl.TotalSeconds;

    private static TSigAlgorithm Algorithm(string name) => name.ToLowerInvariant() switch
    {
        "hmac-sha1" => TSigAlgorithm.Sha1,
        "hmac-sha224" => TSigAlgorithm.Sha224,
        "hmac-sha256" => TSigAlgorithm.Sha256,
        "hmac-sha384" => TSigAlgorithm.Sha384,
        "hmac-sha512" => TSigAlgorithm.Sha512,
        _ => throw new ArgumentException($"TSIG algorithm '{name}' is not known; take hmac-sha256."),
    };
}
