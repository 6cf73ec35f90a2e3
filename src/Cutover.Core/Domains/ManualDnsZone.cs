namespace Cutover.Core.Domains;

/// <summary>
/// A zone that only its owner can change, at a provider we have no key for: each change is told, and the steps wait until DNS shows it.
/// </summary>
/// <param name="tell">Shows the administrator what to change.</param>
public sealed class ManualDnsZone(string name, Action<string> tell) : IDnsZone
{
    public string Name { get; } = name;

    public Task AddTxtAsync(TxtRecord record, CancellationToken ct) =>
        Tell($"add TXT {record.Name} \"{record.Text}\" with TTL {record.Ttl.TotalSeconds:N0} s, beside the TXT records that are there");

    public Task RemoveTxtAsync(TxtRecord record, CancellationToken ct) => Tell($"remove TXT {record.Name} \"{record.Text}\"");

    public Task ReplaceMxAsync(string name, IReadOnlyList<MxRecord> records, CancellationToken ct) =>
        Tell($"make these the only MX records of {name}: "
            + string.Join(", ", records.Select(record => $"{record.Preference} {record.MailExchange} with TTL {record.Ttl.TotalSeconds:N0} s")));

    public Task ReplaceCNameAsync(CNameRecord record, CancellationToken ct) =>
        Tell($"make {record.Name} a CNAME of {record.CanonicalName} with TTL {record.Ttl.TotalSeconds:N0} s, in place of what is there");

    public Task ReplaceSpfAsync(TxtRecord record, CancellationToken ct) =>
        Tell($"make the SPF record of {record.Name} (the TXT that starts with v=spf1) \"{record.Text}\"");

    private Task Tell(string change)
    {
        tell($"At the DNS provider of {Name}: {change}.");
        return Task.CompletedTask;
    }
}
