namespace Cutover.Core.Recipients;

/// <summary>The address book of the source organisation. It is only ever read. Fails with <see cref="Faults.MigrationFault"/>.</summary>
public interface IRecipientDirectory : IAsyncDisposable
{
    /// <summary>
    /// Every recipient of the global address list, then every recipient hidden from it that another one refers to (as member, manager, owner or
    /// delegate). Microsoft's own tool misses the hidden ones (S77).
    /// </summary>
    IAsyncEnumerable<Recipient> GetRecipientsAsync(CancellationToken ct);

    /// <summary>The recipient with this SMTP address or legacyExchangeDN, hidden or not; null when there is none.</summary>
    Task<Recipient?> FindAsync(string addressOrLegacyExchangeDN, CancellationToken ct);
}
