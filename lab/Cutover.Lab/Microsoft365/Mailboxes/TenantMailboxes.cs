using Cutover.Lab.Microsoft365.Directory;
using Dapper;

namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>The tenant's mailboxes.</summary>
public sealed class TenantMailboxes
{
    private readonly TenantDatabase database;
    private readonly TenantDirectory directory;
    private readonly Guid tenantId;
    private readonly TimeProvider clock;

    internal TenantMailboxes(TenantDatabase database, TenantDirectory directory, Guid tenantId, TimeProvider clock) =>
        (this.database, this.directory, this.tenantId, this.clock) = (database, directory, tenantId, clock);

    public IReadOnlyList<TenantMailbox> All =>
        [.. database.Read(connection => connection.Query<(long Number, string Guid)>("SELECT number, guid FROM mailbox ORDER BY number"))
            .Select(row => Open(row.Number, new Guid(row.Guid)))];

    /// <summary>The mailbox of the recipient with this address; null when there is none, or none yet.</summary>
    public TenantMailbox? Find(string emailAddress) =>
        directory.FindByAddress(emailAddress) is { ExchangeGuid: { } guid } ? Find(guid) : null;

    /// <summary>The mailbox with this id of the form MBX:…@…</summary>
    internal TenantMailbox? FindById(string mailboxId) =>
        mailboxId.StartsWith("MBX:", StringComparison.OrdinalIgnoreCase)
        && mailboxId[4..].Split('@') is [var exchange, var tenant]
        && Guid.TryParse(exchange, out var guid) && Guid.TryParse(tenant, out var id) && id == tenantId
        && IsReady(guid)
            ? Find(guid)
            : null;

    internal string IdOf(Guid exchangeGuid) => $"MBX:{exchangeGuid}@{tenantId}";

    internal TenantMailbox? Find(Guid exchangeGuid)
    {
        var number = database.Read(connection =>
            connection.ExecuteScalar<long?>("SELECT number FROM mailbox WHERE guid = @guid", new { guid = exchangeGuid.ToString() }));
        return number is { } found ? Open(found, exchangeGuid) : null;
    }

    /// <summary>Makes the mailbox with its default folders in this language.</summary>
    internal void Create(Guid exchangeGuid, Guid owner, string? language) => database.Write(connection =>
    {
        connection.Execute("INSERT INTO mailbox(guid, owner, change) VALUES(@guid, @owner, 0)",
            new { guid = exchangeGuid.ToString(), owner = owner.ToString() });
        Find(exchangeGuid)!.CreateDefaultFolders(language);
    });

    private bool IsReady(Guid exchangeGuid) =>
        directory.FindByMailbox(exchangeGuid) is { MailboxReady: { } ready } && ready <= clock.GetUtcNow();

    private TenantMailbox Open(long number, Guid guid) => new(database, number, guid, clock);
}
