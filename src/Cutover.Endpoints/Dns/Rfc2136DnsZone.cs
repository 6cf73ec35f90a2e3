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

/// <summary>
/// A zone changed at its primary by dynamic update (RFC 2136), signed with TSIG. Each call reads the record set, then replaces it in one update
/// that holds only if the set is still what was read: all of it happens or nothing, and what is so already costs no update.
/// </summary>
/// <param name="server">The zone's primary.</param>
/// <param name="key">Null sends unsigned updates, for a primary that allows them by address.</param>
public sealed class Rfc2136DnsZone(string name, IPEndPoint server, TsigKey? key, TimeProvider clock) : IDnsZone
{
    private const int Attempts = 4;

    private readonly PrimaryServer primary = new(name, server, key, clock);

    public string Name { get; } = name;

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan AnswerTimeout
    {
        get => primary.AnswerTimeout;
        init => primary.AnswerTimeout = value;
    }

    public Task AddTxtAsync(Core.Domains.TxtRecord record, CancellationToken ct) =>
        ChangeAsync($"add TXT {record.Name}", record.Name, RecordType.Txt, current => Holds(current, record.Text) ? [] : [Add(Txt(record))], ct);

    public Task RemoveTxtAsync(Core.Domains.TxtRecord record, CancellationToken ct) =>
        ChangeAsync($"remove TXT {record.Name}", record.Name, RecordType.Txt, current => [.. WithText(current, record.Text).Select(Delete)], ct);

    public Task ReplaceMxAsync(string name, IReadOnlyList<Core.Domains.MxRecord> records, CancellationToken ct) =>
        ChangeAsync($"replace MX {name}", name, RecordType.Mx, current => Replace(current, [.. records.Select(Mx)]), ct);

    /// <summary>Other records of the name (its old address) go in the same update: a CNAME stands alone (RFC 1034 3.6.2).</summary>
    public Task ReplaceCNameAsync(Core.Domains.CNameRecord record, CancellationToken ct)
    {
        // A primary says nothing when it passes over such a record (RFC 2136 3.4.2.2).
        if (Parse(record.Name).Equals(Parse(Name)))
            throw new MigrationFault(FaultScope.Operator, $"A CNAME can't stand at {Name}, the top of the zone.", "Give the name of a host below it.");
        var wanted = new ARSoft.Tools.Net.Dns.CNameRecord(Parse(record.Name), Seconds(record.Ttl), Parse(record.CanonicalName));
        return ChangeAsync(
            $"replace CNAME {record.Name}", record.Name, RecordType.CName,
            current => AreSame(current, [wanted]) ? [] : [new DeleteAllRecordsUpdate(wanted.Name, RecordType.Any), Add(wanted)], ct);
    }

    public Task ReplaceSpfAsync(Core.Domains.TxtRecord record, CancellationToken ct) =>
        ChangeAsync($"replace SPF {record.Name}", record.Name, RecordType.Txt, current =>
        {
            var old = current.OfType<TextRecordBase>().Where(txt => Core.Domains.SpfRecord.IsSpf(txt.TextData)).ToList<DnsRecordBase>();
            return AreSame(old, [Txt(record)]) ? [] : [.. old.Select(Delete), Add(Txt(record))];
        }, ct);

    // Another's change between reading and updating fails the prerequisites: then read again.
    private async Task ChangeAsync(
        string change, string owner, RecordType type, Func<IReadOnlyList<DnsRecordBase>, IReadOnlyList<UpdateBase>> updatesFor, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var current = await primary.ReadAsync(Parse(owner), type, ct);
            var updates = updatesFor(current);
            if (updates.Count == 0 || await primary.TryUpdateAsync(change, StillHolds(Parse(owner), type, current), updates, ct)) return;
        }
        throw primary.Failed(change, "others kept changing the same records", "Let the other change end, then run this step again.", isTransient: true);
    }

    // Source: RFC 2136 2.4.2 and 2.4.3.
    private static IEnumerable<PrequisiteBase> StillHolds(DomainName owner, RecordType type, IReadOnlyList<DnsRecordBase> current) =>
        current.Count == 0 ? [new RecordNotExistsPrequisite(owner, type)] : current.Select(record => new RecordExistsValueDependantPrequisite(record));

    private static IReadOnlyList<UpdateBase> Replace(IReadOnlyList<DnsRecordBase> current, IReadOnlyList<DnsRecordBase> wanted) =>
        AreSame(current, wanted) ? [] : [.. current.Select(Delete), .. wanted.Select(Add)];

    private static bool AreSame(IReadOnlyList<DnsRecordBase> one, IReadOnlyList<DnsRecordBase> other) =>
        one.Select(Describe).Order(StringComparer.Ordinal).SequenceEqual(other.Select(Describe).Order(StringComparer.Ordinal));

    private static string Describe(DnsRecordBase record) => record switch
    {
        TextRecordBase txt => $"{txt.TimeToLive} {txt.TextData}",
        ARSoft.Tools.Net.Dns.MxRecord mx => $"{mx.TimeToLive} {mx.Preference} {mx.ExchangeDomainName}".ToLowerInvariant(),
        ARSoft.Tools.Net.Dns.CNameRecord cname => $"{cname.TimeToLive} {cname.CanonicalName}".ToLowerInvariant(),
        _ => record.ToString(),
    };

    private static bool Holds(IReadOnlyList<DnsRecordBase> records, string text) => WithText(records, text).Any();

    private static IEnumerable<DnsRecordBase> WithText(IReadOnlyList<DnsRecordBase> records, string text) =>
        records.Where(record => record is TextRecordBase txt && txt.TextData == text);

    private static AddRecordUpdate Add(DnsRecordBase record) => new(record);

    private static DeleteRecordUpdate Delete(DnsRecordBase record) => new(record);

    private static ARSoft.Tools.Net.Dns.TxtRecord Txt(Core.Domains.TxtRecord record) =>
        new(Parse(record.Name), Seconds(record.Ttl), record.Text.Chunk(255).Select(part => new string(part)));

    private static ARSoft.Tools.Net.Dns.MxRecord Mx(Core.Domains.MxRecord record) =>
        new(Parse(record.Name), Seconds(record.Ttl), (ushort)record.Preference, Parse(record.MailExchange));

    private static DomainName Parse(string name) => DomainName.Parse(name.TrimEnd('.'));

    private static int Seconds(TimeSpan ttl) => (int)ttl.TotalSeconds;
}
