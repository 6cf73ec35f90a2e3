using Cutover.Core.Mailboxes;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>Graph's well-known folder names: they find a folder whatever it is called in the user's language.</summary>
internal static class WellKnownFolders
{
    public const string Root = "msgfolderroot";

    private static readonly IReadOnlyDictionary<FolderRole, string> Names = new Dictionary<FolderRole, string>
    {
        [FolderRole.Root] = Root,
        [FolderRole.Inbox] = "inbox",
        [FolderRole.SentItems] = "sentitems",
        [FolderRole.DeletedItems] = "deleteditems",
        [FolderRole.Drafts] = "drafts",
        [FolderRole.Outbox] = "outbox",
        [FolderRole.JunkEmail] = "junkemail",
        [FolderRole.Archive] = "archive",
        [FolderRole.Calendar] = "calendar",
        [FolderRole.Contacts] = "contacts",
        [FolderRole.Tasks] = "tasks",
        [FolderRole.Notes] = "notes",
        [FolderRole.Journal] = "journal",
    };

    /// <summary>Null for a folder that the user made.</summary>
    public static string? NameOf(FolderRole role) => Names.GetValueOrDefault(role);

    /// <summary>True for the folders that have a role of ours; others, such as conversationhistory, are matched by name.</summary>
    public static bool HasRole(string? wellKnownName) =>
        wellKnownName is not null && Names.Values.Contains(wellKnownName, StringComparer.OrdinalIgnoreCase);
}
