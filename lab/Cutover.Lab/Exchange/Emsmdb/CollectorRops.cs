using System.Buffers.Binary;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Synchronisation uploads. Objects bear counters of this mailbox, a client's own from RopGetLocalReplicaIds; foreign replicas are refused, and
/// a change that nobody else made since is the only one that passes FailOnConflict. Source: [MS-OXCFXICS] 3.2.5.9.4.
/// </summary>
internal static class CollectorRops
{
    private const int XidSize = 22;
    private const int GuidSize = 16;

    public static RopResponse OpenCollector(RopContext context, OpenCollectorRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        context.Put(request.OutputHandleIndex, new CollectorObject(folder.Mailbox, folder.Folder, request.IsContentsCollector));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse ImportMessageChange(RopContext context, ImportMessageChangeRequest request)
    {
        var collector = Open(context, request.HandleIndex, isHierarchy: false);
        if ((request.Flags & ~(ImportFlags.Associated | ImportFlags.FailOnConflict)) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var id = CounterOf(collector.Mailbox, Required(request.Properties, PropertyTags.SourceKey));
        var change = new ImportedChange(
            Required(request.Properties, PropertyTags.ChangeKey), Required(request.Properties, PropertyTags.PredecessorChangeList));
        if (request.Properties.All(property => property.Tag.Id != PropertyTags.LastModificationTime.Id)) throw new RopException(MapiErrorCode.InvalidParameter);
        context.Put(request.OutputHandleIndex, collector.Mailbox.OpenMessage(id) is { } known
            ? Known(collector, known, change, request.Flags)
            : MessageObject.Import(
                collector, id, request.Flags.HasFlag(ImportFlags.Associated), change, context.Clock.GetUtcNow().UtcDateTime));
        return new ImportedResponse(request.Id, request.OutputHandleIndex, default);
    }

    public static RopResponse ImportHierarchyChange(RopContext context, ImportHierarchyChangeRequest request)
    {
        var collector = Open(context, request.HandleIndex, isHierarchy: true);
        var mailbox = collector.Mailbox;
        var id = CounterOf(mailbox, Required(request.Hierarchy, PropertyTags.SourceKey));
        var parentKey = Required(request.Hierarchy, PropertyTags.ParentSourceKey);
        var parent = parentKey.Length == 0 ? collector.Folder : IsOwn(mailbox, parentKey) ? CounterOf(mailbox, parentKey) : 0;
        var name = request.Hierarchy.FirstOrDefault(property => property.Tag.Id == PropertyTags.DisplayName.Id)?.Value as string
            ?? throw new RopException(MapiErrorCode.InvalidParameter);
        if (mailbox.FindFolder(parent) is null) throw new RopException(LabErrorCode.NoParentFolder);
        Place(mailbox, id, parent, name);
        foreach (var property in request.Properties.Where(property => !FolderProperties.IsComputed(property.Tag)))
            mailbox.SetFolderProperty(id, property.Tag, property.Value);
        collector.Know(id, mailbox.FindFolder(id)!.ChangeNumber);
        return new ImportedResponse(request.Id, request.HandleIndex, default);
    }

    public static RopResponse ImportDeletes(RopContext context, ImportDeletesRequest request)
    {
        var collector = Open(context, request.HandleIndex, request.Flags.HasFlag(ImportDeleteFlags.Hierarchy));
        var mailbox = collector.Mailbox;
        if ((request.Flags & ~(ImportDeleteFlags.Hierarchy | ImportDeleteFlags.HardDelete)) != 0 || request.Properties is not [{ Value: byte[][] keys }]) throw new RopException(MapiErrorCode.InvalidParameter);
        foreach (var id in keys.Select(key => CounterOf(mailbox, key)))
        {
            if (collector.IsHierarchy && mailbox.FindFolder(id) is { Special: SpecialFolder.None }) mailbox.DeleteFolder(id);
            else if (!collector.IsHierarchy && mailbox.FindMessage(id)?.Folder == collector.Folder) mailbox.DeleteMessage(id);
        }
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse ImportReadStateChanges(RopContext context, ImportReadStateChangesRequest request)
    {
        var collector = Open(context, request.HandleIndex, isHierarchy: false);
        var mailbox = collector.Mailbox;
        foreach (var state in request.States)
        {
            var id = CounterOf(mailbox, state.MessageId.ToArray());
            if (mailbox.FindMessage(id) is not { IsAssociated: false }) continue;
            mailbox.SetReadState(id, state.MarkAsRead);
            if (mailbox.FindMessage(id) is { ReadChangeNumber: > 0 } message)
                collector.Upload.Read.Add(mailbox.ReplicaGuid, (ulong)message.ReadChangeNumber);
        }
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse ImportMessageMove(RopContext context, ImportMessageMoveRequest request)
    {
        var collector = Open(context, request.HandleIndex, isHierarchy: false);
        var mailbox = collector.Mailbox;
        var source = CounterOf(mailbox, request.SourceMessageId.ToArray());
        if (mailbox.FindMessage(source)?.Folder != CounterOf(mailbox, request.SourceFolderId.ToArray())) throw new RopException(MapiErrorCode.NotFound);
        var seen = MessageProperties.PredecessorsOf(mailbox, mailbox.FindMessage(source)!);
        var moved = mailbox.MoveMessage(source, collector.Folder, CounterOf(mailbox, request.DestinationMessageId.ToArray()));
        collector.Know(moved, mailbox.FindMessage(moved)!.ChangeNumber);
        // It is moved all the same; the client has yet to bring the change that it made itself. Source: [MS-OXCFXICS] 3.2.5.9.4.4.
        if (!PredecessorChangeList.Includes(seen, request.PredecessorChangeList.Span)) return new RopFailure(request.Id, request.HandleIndex, LabErrorCode.NewerClientChange);
        return new ImportedResponse(request.Id, request.HandleIndex, default);
    }

    public static RopResponse GetLocalReplicaIds(RopContext context, GetLocalReplicaIdsRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        return new GetLocalReplicaIdsResponse(request.HandleIndex, mailbox.ReplicaGuid, (ulong)mailbox.ReserveCounters(request.IdCount));
    }

    /// <summary>Counters are never given twice, so there is nothing to remember.</summary>
    public static RopResponse SetLocalReplicaMidsetDeleted(RopContext context, SetLocalReplicaMidsetDeletedRequest request)
    {
        context.Get<FolderObject>(request.HandleIndex);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static CollectorObject Open(RopContext context, byte index, bool isHierarchy)
    {
        var collector = context.Get<CollectorObject>(index);
        return collector.IsHierarchy == isHierarchy ? collector : throw new RopException(MapiErrorCode.NotSupported);
    }

    private static MessageObject Known(CollectorObject collector, (StoredMessage Message, Mapi.Messages.MapiMessage Content) known, ImportedChange change, ImportFlags flags)
    {
        if (known.Message.Folder != collector.Folder) throw new RopException(MapiErrorCode.NotFound);
        var hasConflict = !PredecessorChangeList.Includes(change.Predecessors, MessageProperties.PredecessorsOf(collector.Mailbox, known.Message));
        if (hasConflict && flags.HasFlag(ImportFlags.FailOnConflict)) throw new RopException(LabErrorCode.SyncConflict);
        return MessageObject.Import(collector, known.Message, known.Content, change);
    }

    private static void Place(MailboxStore mailbox, long id, long parent, string name)
    {
        if (mailbox.FindFolder(parent, name) is { } other && other != id) throw new RopException(LabErrorCode.DuplicateName);
        if (mailbox.FindFolder(id) is not { } folder)
        {
            mailbox.CreateFolder(parent, name, "", id: id);
            return;
        }
        if (folder.Parent != parent) mailbox.MoveFolder(id, parent);
        if (folder.Name != name) mailbox.RenameFolder(id, name);
    }

    private static byte[] Required(IReadOnlyList<PropertyValue> properties, PropertyTag tag) =>
        properties.FirstOrDefault(property => property.Tag.Id == tag.Id)?.Value as byte[] ?? throw new RopException(MapiErrorCode.InvalidParameter);

    private static long CounterOf(MailboxStore mailbox, byte[] xid)
    {
        if (xid.Length != XidSize) throw new RopException(MapiErrorCode.InvalidParameter);
        if (!IsOwn(mailbox, xid)) throw new RopException(MapiErrorCode.NotSupported);
        return Counter(xid.AsSpan(GuidSize));
    }

    private static bool IsOwn(MailboxStore mailbox, byte[] xid) => xid.Length == XidSize && new Guid(xid.AsSpan(0, GuidSize)) == mailbox.ReplicaGuid;

    private static long Counter(ReadOnlySpan<byte> digits)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        digits.CopyTo(eight[(8 - digits.Length)..]);
        return BinaryPrimitives.ReadInt64BigEndian(eight);
    }
}
