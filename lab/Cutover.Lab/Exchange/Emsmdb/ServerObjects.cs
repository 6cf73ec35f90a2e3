using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Something a client holds open by a handle. Source: [MS-OXCROPS] 1.1, 3.2.1.</summary>
internal abstract class ServerObject(MailboxStore mailbox)
{
    public MailboxStore Mailbox => mailbox;
}

/// <summary>An object with properties of its own.</summary>
internal interface IPropertyObject
{
    PropertyBag ReadProperties();
}

/// <summary>The logon: an open mailbox.</summary>
internal sealed class LogonObject(MailboxStore mailbox, byte logonId) : ServerObject(mailbox), IPropertyObject
{
    public byte LogonId => logonId;

    /// <summary>What a client is writing of public folders, by the folder's long-term id.</summary>
    public Dictionary<string, PerUserInformation> PerUserWriting { get; } = [];

    public PropertyBag ReadProperties() => FolderProperties.OfStore(Mailbox);
}

internal sealed class FolderObject(MailboxStore mailbox, long folder) : ServerObject(mailbox), IPropertyObject
{
    public long Folder => folder;

    /// <exception cref="RopException">The folder was removed meanwhile.</exception>
    public PropertyBag ReadProperties() => Mailbox.FindFolder(folder) is { } found
        ? FolderProperties.Of(Mailbox, SearchFolders.Counted(Mailbox, found))
        : throw new RopException(LabErrorCode.ObjectDeleted);
}

internal sealed class MessageObject(MailboxStore mailbox, StoredMessage message, MapiMessage content) : ServerObject(mailbox), IPropertyObject
{
    public StoredMessage Message => message;

    /// <summary>With the computed properties in it.</summary>
    public MapiMessage Content => content;

    public PropertyBag ReadProperties() => content.Properties;
}

/// <summary>A FastTransfer download, of a synchronisation or of a copy.</summary>
internal class DownloadObject(MailboxStore mailbox, Download download) : ServerObject(mailbox)
{
    public Download Download => download;
}

/// <summary>A synchronisation download: takes the client's state, then gives the differences. Source: [MS-OXCFXICS] 3.2.1.1.</summary>
internal sealed class SynchronizationObject(
    MailboxStore mailbox, SynchronizationConfigureRequest asked, SynchronizationState upload, Download download) : DownloadObject(mailbox, download)
{
    /// <summary>What the client uploads.</summary>
    public SynchronizationState Upload => upload;

    /// <summary>The synchronisation that is under way; null before the first fetch and for a hierarchy.</summary>
    public ContentsSynchronization? Contents { get; set; }

    public bool IsHierarchy => asked.SynchronizationType == SynchronizationType.Hierarchy;
}
