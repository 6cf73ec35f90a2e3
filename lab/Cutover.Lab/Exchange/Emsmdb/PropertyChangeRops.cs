using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Setting, deleting and copying properties. Everything is done at once, so RopProgress never has anything to tell. Source: [MS-OXCPRPT] 3.2.5.4
/// to 3.2.5.8.
/// </summary>
internal static class PropertyChangeRops
{
    private const PropertyCopyFlags KnownFlags = PropertyCopyFlags.Move | PropertyCopyFlags.NoOverwrite;

    public static RopResponse SetProperties(RopContext context, SetPropertiesRequest request)
    {
        var target = Editable(context.Get<ServerObject>(request.HandleIndex));
        if (target is MessageObject { IsWritable: false }) throw new RopException(MapiErrorCode.AccessDenied);
        return Problems(request, request.Values.Select(value => (value.Tag, target.SetProperty(value))));
    }

    public static RopResponse DeleteProperties(RopContext context, DeletePropertiesRequest request)
    {
        var target = Editable(context.Get<ServerObject>(request.HandleIndex));
        return Problems(request, request.Tags.Select(tag => (tag, target.DeleteProperty(tag))));
    }

    /// <summary>Moving leaves the source as it is, as since Exchange 2010.</summary>
    public static RopResponse CopyProperties(RopContext context, CopyPropertiesRequest request)
    {
        var (source, target) = Pair(context, request.HandleIndex, request.DestinationHandleIndex, request.CopyFlags);
        var from = ((IPropertyObject)source).ReadProperties();
        var to = NoOverwriteView(target, request.CopyFlags);
        return Problems(request, request.Tags.Select(tag => (tag, Copy(source.Mailbox, from, tag, target, to))));
    }

    public static RopResponse CopyTo(RopContext context, CopyToRequest request)
    {
        if (request.WantSubObjects) RefuseColliding(context, request);
        var (source, target) = Pair(context, request.HandleIndex, request.DestinationHandleIndex, request.CopyFlags);
        var excluded = request.ExcludedTags.Select(tag => tag.Id).ToHashSet();
        var from = ((IPropertyObject)source).ReadProperties();
        var to = NoOverwriteView(target, request.CopyFlags);
        foreach (var property in from.Where(property => !excluded.Contains(property.Tag.Id) && IsCopied(source, property.Tag)))
            Copy(source.Mailbox, from, property.Tag, target, to);
        if (request.WantSubObjects && (source, target) is (MessageObject message, MessageObject copy)) CopySubObjects(message, copy, excluded);
        if ((source, target) is (AttachmentObject attachment, AttachmentObject other) && attachment.EmbeddedMessage is { } embedded)
            other.Embed(MessageCopy.Of(embedded));
        return new PropertyProblemsResponse(request.Id, request.HandleIndex, []);
    }

    // A folder below the source cannot lie below the destination when one of its name does. Source: [MS-OXCPRPT] 3.2.5.8.
    private static void RefuseColliding(RopContext context, CopyToRequest request)
    {
        if (context.Get<ServerObject>(request.HandleIndex) is not FolderObject source) return;
        if (context.GetDestination<ServerObject>(request.DestinationHandleIndex) is not FolderObject target) return;
        var below = source.Mailbox.Folders.Where(folder => folder.Parent == source.Folder);
        if (below.Any(folder => target.Mailbox.FindFolder(target.Folder, folder.Name) is not null)) throw new RopException(LabErrorCode.DuplicateName);
    }

    /// <summary>Nothing is ever under way.</summary>
    public static RopResponse Progress(RopContext context, ProgressRequest request)
    {
        context.Get<ServerObject>(request.HandleIndex);
        throw new RopException(MapiErrorCode.NotSupported);
    }

    private static IEditableProperties Editable(ServerObject target) =>
        target as IEditableProperties ?? throw new RopException(MapiErrorCode.NotSupported);

    private static PropertyProblemsResponse Problems(RopRequest request, IEnumerable<(PropertyTag Tag, uint Result)> results) => new(
        request.Id, request.HandleIndex, [.. results.Select((result, place) => new PropertyProblem((ushort)place, result.Tag, result.Result))
            .Where(problem => problem.ErrorCode != MapiErrorCode.Success)]);

    /// <summary>Two objects of one kind. Source: [MS-OXCPRPT] 3.2.5.8.</summary>
    private static (ServerObject Source, IEditableProperties Target) Pair(RopContext context, byte from, byte to, PropertyCopyFlags flags)
    {
        var source = context.Get<ServerObject>(from);
        var target = context.GetDestination<ServerObject>(to);
        if ((flags & ~KnownFlags) != 0 || flags == KnownFlags) throw new RopException(MapiErrorCode.InvalidParameter);
        if (source.GetType() != target.GetType() || source is not (MessageObject or FolderObject or AttachmentObject))
            throw new RopException(MapiErrorCode.NotSupported);
        if (source is FolderObject && flags.HasFlag(PropertyCopyFlags.Move)) throw new RopException(MapiErrorCode.NotSupported);
        if (source == target) throw new RopException(MapiErrorCode.AccessDenied);
        if (Holds(source, target)) throw new RopException(LabErrorCode.MessageCycle);
        return (source, Editable(target));
    }

    private static bool Holds(ServerObject source, ServerObject target)
    {
        for (var inner = target as MessageObject; inner is not null; inner = inner.Container?.Message)
        {
            if (inner.Container?.Message == source) return true;
        }
        return false;
    }

    private static PropertyBag? NoOverwriteView(IEditableProperties target, PropertyCopyFlags flags) =>
        flags.HasFlag(PropertyCopyFlags.NoOverwrite) ? target.ReadProperties() : null;

    private static uint Copy(MailboxStore mailbox, PropertyBag from, PropertyTag tag, IEditableProperties target, PropertyBag? keeps)
    {
        if (from.ValueOf(mailbox, tag) is not { } value) return MapiErrorCode.NotFound;
        if (keeps?.ValueOf(mailbox, tag) is not null) return MapiErrorCode.Success;
        return target.SetProperty(new PropertyValue(tag.WithType(from.TypeOf(mailbox, tag)!.Value), value));
    }

    // What the store computes is not copied, nor what makes the object itself.
    private static bool IsCopied(ServerObject source, PropertyTag tag) => source switch
    {
        MessageObject => !MessageProperties.IsComputed(tag),
        FolderObject => !FolderProperties.IsComputed(tag) && tag.Id != PropertyTags.DisplayName.Id,
        _ => tag.Id != PropertyTags.AttachNumber.Id && tag.Id != PropertyTags.AttachSize.Id && tag.Id != PropertyTags.AccessLevel.Id,
    };

    private static void CopySubObjects(MessageObject source, MessageObject target, HashSet<ushort> excluded)
    {
        if (!excluded.Contains(PropertyTags.MessageRecipients.Id))
        {
            target.Recipients.Clear();
            target.Recipients.AddRange(source.Recipients.Select(recipient => new PropertyBag(recipient)));
            target.RecipientsChanged();
        }
        if (excluded.Contains(PropertyTags.MessageAttachments.Id)) return;
        foreach (var attachment in source.Attachments.Select(MessageCopy.Of))
        {
            attachment.Properties.Set(PropertyTags.AttachNumber, target.TakeAttachmentNumber());
            target.Attachments.Add(attachment);
        }
    }
}
