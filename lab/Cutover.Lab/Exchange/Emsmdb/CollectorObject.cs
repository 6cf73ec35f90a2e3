using Cutover.Lab.Exchange.Store;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>What takes or gives changes of a folder, and holds the client's state meanwhile. Source: [MS-OXCFXICS] 3.2.1.1.</summary>
internal interface ISynchronizationContext
{
    /// <summary>What the client has: as it uploaded it, and with what it brought since.</summary>
    SynchronizationState Upload { get; }

    bool IsHierarchy { get; }
}

/// <summary>A synchronisation upload: takes a client's changes of a folder, or of the folders below it. Source: [MS-OXCFXICS] 3.2.5.9.4.</summary>
internal sealed class CollectorObject(MailboxStore mailbox, long folder, bool isContents) : ServerObject(mailbox), ISynchronizationContext
{
    public long Folder => folder;

    public SynchronizationState Upload { get; } = new();

    public bool IsHierarchy => !isContents;

    /// <summary>The client has the object in this version, since it brought it.</summary>
    public void Know(long id, long changeNumber, bool isAssociated = false)
    {
        Upload.Given.Add(Mailbox.ReplicaGuid, (ulong)id);
        (isAssociated ? Upload.SeenAssociated : Upload.Seen).Add(Mailbox.ReplicaGuid, (ulong)changeNumber);
    }
}
