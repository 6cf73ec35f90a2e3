using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Something a client holds open by a handle. Source: [MS-OXCROPS] 1.1, 3.2.1.</summary>
internal abstract class ServerObject(MailboxStore mailbox)
{
    public MailboxStore Mailbox => mailbox;

    /// <summary>Called when the client lets go of it.</summary>
    public virtual void Released() { }

    /// <summary>Called when a stream on one of its properties was let go.</summary>
    public virtual void Forget(StreamObject stream) { }
}

/// <summary>An object with properties of its own.</summary>
internal interface IPropertyObject
{
    PropertyBag ReadProperties();
}

/// <summary>The logon: an open mailbox.</summary>
internal sealed class LogonObject(MailboxStore mailbox, byte logonId, LabAccount account, ServerBehaviour behaviour) : ServerObject(mailbox), IEditableProperties
{
    // Source: [MS-OXCSTOR] 2.2.2.1.1.
    private static readonly HashSet<ushort> ReadOnlyIds =
    [
        PropertyTags.ExtendedRuleSizeLimit.Id, PropertyTags.MessageSizeExtended.Id, PropertyTags.MaximumSubmitMessageSize.Id,
        PropertyTags.ProhibitReceiveQuota.Id, PropertyTags.ProhibitSendQuota.Id, PropertyTags.UserEntryId.Id, PropertyTags.MailboxOwnerName.Id,
        PropertyTags.MailboxOwnerEntryId.Id, PropertyTags.ContentCount.Id,
    ];

    public byte LogonId => logonId;

    /// <summary>What a client is writing of public folders, by the folder's long-term id.</summary>
    public Dictionary<string, PerUserInformation> PerUserWriting { get; } = [];

    public PropertyBag ReadProperties() =>
        FolderProperties.OfStore(Mailbox).Set(PropertyTags.UserEntryId, AddressEntryId.AddressBook(account.LegacyExchangeDN));

    /// <summary>The comment can't be set since Exchange 2010. Source: [MS-OXCSTOR] 2.2.2.1.2.1.</summary>
    public uint SetProperty(PropertyValue property)
    {
        if (property.Tag.Id == PropertyTags.Comment.Id || ReadOnlyIds.Contains(property.Tag.Id)) return MapiErrorCode.AccessDenied;
        if (behaviour.KeepsStoreProperties && (property.Tag.Id == PropertyTags.DeleteAfterSubmit.Id || property.Tag.Id == PropertyTags.DisplayName.Id))
            return MapiErrorCode.AccessDenied;
        var result = MapiErrorCode.Success;
        Mailbox.EditStoreProperties(bag => result = bag.Put(Mailbox, property));
        return result;
    }

    /// <summary>Deleting succeeds and deletes nothing since Exchange 2013. Source: [MS-OXCPRPT] R49201, R83609, [MS-OXCSTOR] R654001.</summary>
    public uint DeleteProperty(PropertyTag tag)
    {
        if (behaviour.KeepsStoreProperties) return MapiErrorCode.Success;
        Mailbox.EditStoreProperties(bag => bag.Remove(Mailbox, tag));
        return MapiErrorCode.Success;
    }
}

/// <summary>An open folder. What is set on it is kept at once. Source: [MS-OXCPRPT] 3.2.5.4.</summary>
internal sealed class FolderObject(MailboxStore mailbox, long folder) : ServerObject(mailbox), IEditableProperties
{
    public long Folder => folder;

    /// <exception cref="RopException">The folder was removed meanwhile.</exception>
    public PropertyBag ReadProperties() => Mailbox.FindFolder(folder) is { } found
        ? FolderProperties.Of(Mailbox, SearchFolders.Counted(Mailbox, found))
        : throw new RopException(LabErrorCode.ObjectDeleted);

    public uint SetProperty(PropertyValue property)
    {
        if (FolderProperties.IsComputed(property.Tag)) return MapiErrorCode.AccessDenied;
        if (property.Tag.Id == PropertyTags.DisplayName.Id) return Rename((string)property.Value);
        if (property.Tag.Id == PropertyTags.ContainerClass.Id)
        {
            Mailbox.SetContainerClass(folder, (string)property.Value);
            return MapiErrorCode.Success;
        }
        var result = MapiErrorCode.Success;
        Mailbox.EditFolderProperties(folder, bag => result = bag.Put(Mailbox, property));
        return result;
    }

    public uint DeleteProperty(PropertyTag tag)
    {
        if (FolderProperties.IsComputed(tag) || tag.Id == PropertyTags.DisplayName.Id) return MapiErrorCode.AccessDenied;
        if (tag.Id == PropertyTags.ContainerClass.Id) Mailbox.SetContainerClass(folder, "");
        else Mailbox.EditFolderProperties(folder, bag => bag.Remove(Mailbox, tag));
        return MapiErrorCode.Success;
    }

    private uint Rename(string name)
    {
        var parent = Mailbox.FindFolder(folder)?.Parent ?? throw new RopException(LabErrorCode.ObjectDeleted);
        if (Mailbox.FindFolder(parent, name) is { } other && other != folder) return LabErrorCode.DuplicateName;
        Mailbox.RenameFolder(folder, name);
        return MapiErrorCode.Success;
    }
}

/// <summary>A FastTransfer download, of a synchronisation or of a copy.</summary>
internal class DownloadObject(MailboxStore mailbox, Download download) : ServerObject(mailbox)
{
    public Download Download => download;
}

/// <summary>A synchronisation download: takes the client's state, then gives the differences. Source: [MS-OXCFXICS] 3.2.1.1.</summary>
internal sealed class SynchronizationObject(
    MailboxStore mailbox, SynchronizationConfigureRequest asked, SynchronizationState upload, Download download) : DownloadObject(mailbox, download), ISynchronizationContext
{
    /// <summary>What the client uploads.</summary>
    public SynchronizationState Upload => upload;

    /// <summary>The synchronisation that is under way; null before the first fetch and for a hierarchy.</summary>
    public ContentsSynchronization? Contents { get; set; }

    public bool IsHierarchy => asked.SynchronizationType == SynchronizationType.Hierarchy;
}
