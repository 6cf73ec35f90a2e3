namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>An item of a mailbox without its content.</summary>
/// <param name="Change">Grows with every modification; the change key is made of it.</param>
public sealed record TenantItem(
    long Number, long Folder, long Change, string ItemClass, bool IsRead, long Size, DateTimeOffset Created, DateTimeOffset Modified,
    DateTimeOffset? Received)
{
    public string Id { get; init; } = "";

    public string ChangeKey { get; init; } = "";
}
