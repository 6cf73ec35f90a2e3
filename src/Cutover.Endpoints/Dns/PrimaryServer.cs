using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using Cutover.Core.Faults;

namespace Cutover.Endpoints.Dns;

/// <summary>The primary of a zone: what it holds and how it takes updates, over TCP. Source: RFC 2136, RFC 8945.</summary>
internal sealed class PrimaryServer(string zone, IPEndPoint server, TsigKey? key, TimeProvider clock)
{
    private static readonly TimeSpan Fudge = TimeSpan.FromMinutes(5);

    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The record set of a name as the primary itself holds it; empty when there is none.</summary>
    public async Task<IReadOnlyList<DnsRecordBase>> ReadAsync(DomainName name, RecordType type, CancellationToken ct)
    {
        var options = new DnsQueryOptions { IsRecursionDesired = false, IsEDnsEnabled = true };
        var answer = await AskAsync((client, token) => client.ResolveAsync(name, type, RecordClass.INet, options, token), ct);
        var question = $"tell the {type.ToString().ToUpperInvariant()} records of {name}";
        if (answer is null) throw NoAnswer(question, isOutcomeUnknown: false);
        if (answer.ReturnCode is not (ReturnCode.NoError or ReturnCode.NxDomain)) throw Refused(question, answer.ReturnCode);
        return [.. answer.AnswerRecords.Where(record => record.RecordType == type && record.Name.Equals(name))];
    }

    /// <summary>Sends one update; false when its prerequisites no longer held.</summary>
    public async Task<bool> TryUpdateAsync(string change, IEnumerable<PrequisiteBase> prerequisites, IEnumerable<UpdateBase> updates, CancellationToken ct)
    {
        var message = new DnsUpdateMessage { ZoneName = DomainName.Parse(zone.TrimEnd('.')) };
        message.Prequisites.AddRange(prerequisites);
        message.Updates.AddRange(updates);
        if (key is not null) message.TSigOptions = Sign(message, key);
        var answer = await AskAsync((client, token) => client.SendUpdateAsync(message, token), ct) ?? throw NoAnswer(change, isOutcomeUnknown: true);
        if (answer.ReturnCode is ReturnCode.NxDomain or ReturnCode.YXDomain or ReturnCode.NXRRSet or ReturnCode.YXRRSet) return false;
        var code = answer.TSigOptions is { Error: not ReturnCode.NoError } tsig ? tsig.Error : answer.ReturnCode;
        return code == ReturnCode.NoError ? true : throw Refused(change, code);
    }

    public MigrationFault Failed(string change, string reason, string next, bool isTransient, bool isOutcomeUnknown = false) =>
        new(isTransient ? FaultScope.Endpoint : FaultScope.Operator, $"The DNS server {server} did not {change} in zone {zone}: {reason}.", next)
        {
            IsTransient = isTransient,
            OutcomeUnknown = isOutcomeUnknown,
        };

    // Null when no answer came in time. The library's own timeout does not end a read over TCP.
    private async Task<T?> AskAsync<T>(Func<ARSoft.Tools.Net.Dns.DnsClient, CancellationToken, Task<T?>> ask, CancellationToken ct) where T : class
    {
        using var client = new ARSoft.Tools.Net.Dns.DnsClient(
            [server.Address], [new TcpClientTransport(server.Port)], disposeTransport: true, (int)AnswerTimeout.TotalMilliseconds);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            return await ask(client, giveUp.Token).WaitAsync(AnswerTimeout, clock, ct);
        }
        catch (TimeoutException)
        {
            await giveUp.CancelAsync();
            return null;
        }
    }

    private TSigRecord Sign(DnsUpdateMessage message, TsigKey with) => new(
        DomainName.Parse(with.Name.TrimEnd('.')), Algorithm(with.Algorithm), clock.GetUtcNow().UtcDateTime, Fudge, message.TransactionID,
        ReturnCode.NoError, null, with.Secret);

    private MigrationFault NoAnswer(string change, bool isOutcomeUnknown) => Failed(
        change, "no valid answer came", "Check dns.server and that the primary can be reached over TCP; with a key, check its name, secret and algorithm.",
        isTransient: true, isOutcomeUnknown);

    private MigrationFault Refused(string change, ReturnCode code)
    {
        var (reason, next) = code switch
        {
            ReturnCode.BadKey => ("it doesn't know the TSIG key (BADKEY)", "Check the key's name and algorithm in dns.keyName and dns.keyAlgorithm."),
            ReturnCode.BadSig => ("the TSIG signature is wrong (BADSIG)", "Check the key's secret in dns.keySecret."),
            ReturnCode.BadTime => ("the clocks differ by more than five minutes (BADTIME)", "Set the clocks of this machine and of the primary right."),
            ReturnCode.Refused => (
                "it refused (REFUSED)",
                "Check the primary's update-policy or allow-update for this key; an MX host inside the zone must have an address."),
            ReturnCode.NotAuthoritive or ReturnCode.NotZone => (
                "it is not the primary of the zone, or doesn't know the key (NOTAUTH)",
                "Check dns.server, the zone's name and dns.keyName."),
            ReturnCode.ServerFailure => ("it failed (SERVFAIL)", "Look into the primary's log; it may lack the right to write its zone file."),
            _ => ($"it answered {code}", "Look into the primary's log."),
        };
        return Failed(change, reason, next, isTransient: code == ReturnCode.ServerFailure);
    }

    private static TSigAlgorithm Algorithm(string name) => name.ToLowerInvariant() switch
    {
        "hmac-sha1" => TSigAlgorithm.Sha1,
        "hmac-sha224" => TSigAlgorithm.Sha224,
        "hmac-sha256" => TSigAlgorithm.Sha256,
        "hmac-sha384" => TSigAlgorithm.Sha384,
        "hmac-sha512" => TSigAlgorithm.Sha512,
        _ => throw new MigrationFault(FaultScope.Operator, $"The TSIG algorithm '{name}' is not known.", "Take hmac-sha256, or what the primary's key says."),
    };
}
