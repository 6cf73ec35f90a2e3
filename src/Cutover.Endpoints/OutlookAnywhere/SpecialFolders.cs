using Cutover.Core.Mailboxes;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Which folder has which role: some by the logon itself, the others by entry ids that the Inbox and the mailbox root hold. Names play no
/// part.
/// Source: [MS-OXOSFLD] 2.2, [MS-OXCSTOR] 2.2.1.1.3.
/// </summary>
internal static class SpecialFolders
{
    /// <summary>A folder entry id: flags 4, provider 16, type 2, replica 16, counter 6, padding 2. Source: [MS-OXCDATA] 2.2.4.1.</summary>
    private const int EntryIdSize = 46;
    private const int ReplicaOffset = 22;
    private const int CounterOffset = 38;

    /// <summary>Where AdditionalRenEntryIds has the Junk E-mail folder. Source: [MS-OXOSFLD] 2.2.4.</summary>
    private const int JunkEmailIndex = 4;

    private static readonly (PropertyTag Tag, FolderRole Role)[] Named =
    [
        (PropertyTags.IpmAppointmentEntryId, FolderRole.Calendar),
        (PropertyTags.IpmContactEntryId, FolderRole.Contacts),
        (PropertyTags.IpmTaskEntryId, FolderRole.Tasks),
        (PropertyTags.IpmNoteEntryId, FolderRole.Notes),
        (PropertyTags.IpmJournalEntryId, FolderRole.Journal),
        (PropertyTags.IpmDraftsEntryId, FolderRole.Drafts),
    ];

    private static readonly (LogonFolder Folder, FolderRole Role)[] Known =
    [
        (LogonFolder.IpmSubtree, FolderRole.Root),
        (LogonFolder.Inbox, FolderRole.Inbox),
        (LogonFolder.Outbox, FolderRole.Outbox),
        (LogonFolder.SentItems, FolderRole.SentItems),
        (LogonFolder.DeletedItems, FolderRole.DeletedItems),
    ];

    /// <summary>The properties of the Inbox and of the mailbox root that hold the entry ids.</summary>
    public static readonly IReadOnlyList<PropertyTag> Columns = [.. Named.Select(named => named.Tag), PropertyTags.AdditionalRenEntryIds];

    /// <param name="holders">The properties of the folders that hold the entry ids; the first to name a folder wins.</param>
    public static IReadOnlyDictionary<LongTermId, FolderRole> Find(MailboxLogon logon, IEnumerable<PropertyBag> holders)
    {
        var roles = new Dictionary<LongTermId, FolderRole>();
        foreach (var (folder, role) in Known) roles.TryAdd(logon.Replicas.ToLongTerm(logon.Response.Folder(folder)), role);
        foreach (var holder in holders) AddRoles(roles, holder);
        return roles;
    }

    /// <summary>The folder that an entry id names; null for another kind of entry id.</summary>
    public static LongTermId? FolderOf(byte[]? entryId) => entryId is { Length: EntryIdSize }
        ? new LongTermId(new Guid(entryId.AsSpan(ReplicaOffset, 16)), IdSet.ReadCounter(entryId.AsSpan(CounterOffset, 6)))
        : null;

    private static void AddRoles(Dictionary<LongTermId, FolderRole> roles, PropertyBag properties)
    {
        foreach (var (tag, role) in Named) Add(roles, properties[tag] as byte[], role);
        if (properties[PropertyTags.AdditionalRenEntryIds] is byte[][] { Length: > JunkEmailIndex } entryIds)
        {
            Add(roles, entryIds[JunkEmailIndex], FolderRole.JunkEmail);
        }
    }

    private static void Add(Dictionary<LongTermId, FolderRole> roles, byte[]? entryId, FolderRole role)
    {
        if (FolderOf(entryId) is { } folder && !roles.ContainsValue(role)) roles.TryAdd(folder, role);
    }
}
