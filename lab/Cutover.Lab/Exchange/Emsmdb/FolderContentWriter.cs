using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Writes folders into a download, message by message. Source: [MS-OXCFXICS] 2.2.4.3.6 to 2.2.4.3.8, 2.2.4.3.24.</summary>
internal sealed class FolderContentWriter(SegmentWriter output, MailboxStore mailbox, SendOptions options)
{
    private readonly MessageContentWriter writer = new(output, options);
    private int written;

    /// <summary>Writes propList, messages and subfolders, as far as the filter lets them.</summary>
    /// <param name="marksSubobjects">Puts MetaTagFXDelProp before each kind of subobject: these are all there are.</param>
    public IEnumerable<DownloadStep> Write(StoredFolder folder, ContentFilter filter, bool marksSubobjects, bool withSubfolders)
    {
        writer.WriteProperties(FolderProperties.Of(mailbox, folder).Where(property => filter.Lets(property.Tag)));
        var messages = mailbox.Messages(folder.Id);
        foreach (var step in WriteMessages(messages, PropertyTags.FolderAssociatedContents, isAssociated: true, filter, marksSubobjects)) yield return step;
        foreach (var step in WriteMessages(messages, PropertyTags.ContainerContents, isAssociated: false, filter, marksSubobjects)) yield return step;
        if (!withSubfolders || !filter.Lets(PropertyTags.ContainerHierarchy)) yield break;
        if (marksSubobjects) output.Property(PropertyTags.MetaTagFXDelProp, unchecked((int)PropertyTags.ContainerHierarchy.Value));
        foreach (var child in mailbox.Folders.Where(child => child.Parent == folder.Id && !child.IsSearch))
        {
            output.Marker(FastTransferMarker.StartSubFld);
            foreach (var step in Write(child, ContentFilter.None, marksSubobjects: false, withSubfolders)) yield return step;
            output.Marker(FastTransferMarker.EndFolder);
        }
    }

    private IEnumerable<DownloadStep> WriteMessages(
        IReadOnlyList<StoredMessage> messages, PropertyTag kind, bool isAssociated, ContentFilter filter, bool marksSubobjects)
    {
        if (!filter.Lets(kind)) yield break;
        if (marksSubobjects) output.Property(PropertyTags.MetaTagFXDelProp, unchecked((int)kind.Value));
        foreach (var message in messages.Where(message => message.IsAssociated == isAssociated))
        {
            if (mailbox.OpenMessage(message.Id) is { } opened) WriteMessage(opened.Message, opened.Content);
            yield return new DownloadStep(++written, written + 1);
        }
    }

    private void WriteMessage(StoredMessage message, MapiMessage content)
    {
        MessageProperties.AddComputed(mailbox, message, content);
        DamagedMessages.Damage(message, content);
        output.Marker(message.IsAssociated ? FastTransferMarker.StartFAIMsg : FastTransferMarker.StartMessage);
        // Of the store's own ids this one is sent. Source: [MS-OXCFXICS] 2.2.4.3.16.
        output.Property(PropertyTags.Mid, mailbox.WireId(message.Id).ToInt64());
        var isReadable = !DamagedMessages.IsUnreadable(message)
            && writer.TryWrite(FastTransferRops.WithoutIdentity(content), ContentFilter.None, marksSubobjects: false);
        if (isReadable) output.Marker(FastTransferMarker.EndMessage);
        else FastTransferRops.WriteDamage(output, mailbox, message, options);
    }
}
