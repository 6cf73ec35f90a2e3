namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>A folder of a mailbox.</summary>
/// <param name="Parent">0 for the root.</param>
/// <param name="Type">The container class, such as IPF.Note.</param>
/// <param name="WellKnownName">Such as inbox; null for a folder that somebody made.</param>
public sealed record TenantFolder(long Number, long Parent, string Name, string Type, string? WellKnownName, long Change)
{
    public string Id { get; init; } = "";

    /// <summary>Extended properties that a client gave the folder, by their Graph ids.</summary>
    public IReadOnlyDictionary<string, string> ExtendedProperties { get; init; } = new Dictionary<string, string>();
}
