using Cutover.Core.Mailboxes;

namespace Cutover.Lab.Exchange.Store;

/// <summary>A folder of a mailbox.</summary>
/// <param name="Id">The counter of its FID; the replica is the mailbox's.</param>
/// <param name="Parent">The counter of the parent's FID; 0 for the mailbox root.</param>
/// <param name="ItemCount">Messages, folder-associated ones left out.</param>
/// <param name="Size">Bytes of all its messages.</param>
/// <param name="ContentModified">When a message in it last came, changed or went (PidTagLocalCommitTimeMax).</param>
public sealed record StoredFolder(
    long Id, long Parent, string Name, string ContainerClass, SpecialFolder Special, bool IsSearch, long ChangeNumber,
    DateTime Created, DateTime Modified, DateTime ContentModified,
    int ItemCount, int UnreadCount, int AssociatedCount, int DeletedCount, long Size, bool HasSubfolders)
{
    public FolderRole Role => Special.ToRole();
}

/// <summary>A message of a folder, without its content.</summary>
/// <param name="Id">The counter of its MID.</param>
/// <param name="ChangeNumber">The counter of the change that last touched the content.</param>
/// <param name="ReadChangeNumber">The counter of the change that last touched the read state; 0 when only content changes did.</param>
/// <param name="Size">PidTagMessageSize in bytes.</param>
/// <param name="Flags">PidTagMessageFlags with today's read flag. Source: [MS-OXCMSG] 2.2.1.6.</param>
/// <param name="Damage">What of it the server fails to read, see <see cref="MailboxStore.MarkDamaged"/>.</param>
/// <param name="Status">PidTagMessageStatus. Source: [MS-OXCMSG] 2.2.1.8.</param>
public sealed record StoredMessage(
    long Id, long Folder, long ChangeNumber, bool IsRead, long ReadChangeNumber, bool IsAssociated, long Size,
    string ItemClass, string? Subject, int Flags, DateTime? Delivered, DateTime Created, DateTime Modified, MessageDamage Damage, int Status)
{
    /// <summary>The client's own names for the last change, when that was imported; null when it was made here.</summary>
    public ImportedChange? Imported { get; init; }
}

/// <summary>A change that came with PidTagChangeKey and PidTagPredecessorChangeList. Source: [MS-OXCFXICS] 2.2.1.2.7, 2.2.1.2.8.</summary>
public sealed record ImportedChange(byte[] ChangeKey, byte[] Predecessors);

/// <summary>The identity and versions of a message: all that a synchronisation has to compare.</summary>
public readonly record struct MessageVersion(long Id, long ChangeNumber, long ReadChangeNumber, bool IsRead, bool IsAssociated, long Delivered);
