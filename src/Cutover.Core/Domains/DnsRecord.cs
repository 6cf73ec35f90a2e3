namespace Cutover.Core.Domains;

/// <summary>A DNS record set of one name: what should be there, or what is.</summary>
public abstract record DnsRecord(string Name, TimeSpan Ttl);

public sealed record TxtRecord(string Name, TimeSpan Ttl, string Text) : DnsRecord(Name, Ttl);

public sealed record MxRecord(string Name, TimeSpan Ttl, int Preference, string MailExchange) : DnsRecord(Name, Ttl);

public sealed record CNameRecord(string Name, TimeSpan Ttl, string CanonicalName) : DnsRecord(Name, Ttl);

/// <summary>
/// A zone that the administrator lets us change (RFC 2136 or a provider). Each call replaces one record set and is repeatable. Fails with
/// <see cref="Faults.MigrationFault"/>.
/// </summary>
public interface IDnsZone
{
    string Name { get; }

    /// <summary>Adds the TXT record and leaves other TXT records of the name as they are.</summary>
    Task AddTxtAsync(TxtRecord record, CancellationToken ct);

    Task RemoveTxtAsync(TxtRecord record, CancellationToken ct);

    /// <summary>Makes these the only MX records of the name, in one update.</summary>
    Task ReplaceMxAsync(string name, IReadOnlyList<MxRecord> records, CancellationToken ct);

    Task ReplaceCNameAsync(CNameRecord record, CancellationToken ct);

    /// <summary>Replaces the SPF record (the TXT that starts with v=spf1), leaving other TXT records as they are.</summary>
    Task ReplaceSpfAsync(TxtRecord record, CancellationToken ct);
}

/// <summary>What DNS says, asked of a resolver or of the zone's own servers.</summary>
public interface IDnsResolver
{
    Task<IReadOnlyList<MxRecord>> GetMxAsync(string name, CancellationToken ct);

    Task<IReadOnlyList<TxtRecord>> GetTxtAsync(string name, CancellationToken ct);

    Task<CNameRecord?> GetCNameAsync(string name, CancellationToken ct);
}
