namespace Cutover.Core.Domains;

/// <summary>The tenant as far as the run-book must know it.</summary>
/// <param name="OnPremisesSyncEnabled">Directory synchronisation must be off (S27): true blocks, false or null is well.</param>
/// <param name="InitialDomain">The onmicrosoft.com domain.</param>
public sealed record TenantInfo(string Id, string DisplayName, bool? OnPremisesSyncEnabled, string InitialDomain, int AvailableExchangeLicences);

/// <summary>The target's domains: what proves ownership and where mail shall go. Fails with <see cref="Faults.MigrationFault"/>.</summary>
public interface IDomainDirectory
{
    Task<TenantInfo> GetTenantAsync(CancellationToken ct);

    /// <summary>Adds the domain if need be and returns whether it is verified.</summary>
    Task<bool> EnsureDomainAsync(string domain, CancellationToken ct);

    /// <summary>The TXT record that proves ownership (S39).</summary>
    Task<TxtRecord> GetVerificationRecordAsync(string domain, CancellationToken ct);

    /// <summary>Asks the target to look for the record; false when it did not find it yet (S41).</summary>
    Task<bool> TryVerifyAsync(string domain, CancellationToken ct);

    /// <summary>
    /// The records that mail needs, as the target tells them. The MX is never computed: since July 2026 domains get hosts under mx.microsoft.
    /// </summary>
    Task<IReadOnlyList<DnsRecord>> GetServiceRecordsAsync(string domain, CancellationToken ct);
}
