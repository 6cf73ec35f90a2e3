using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>A hierarchySync: which folders below a folder differ from the client's state. Source: [MS-OXCFXICS] 2.2.4.3.9, 3.2.5.3.</summary>
internal sealed class HierarchySynchronization(
    MailboxStore mailbox, long root, SynchronizationConfigureRequest asked, SynchronizationState state)
{
    private readonly ContentFilter filter = new(asked.PropertyTags, asked.SynchronizationFlags.HasFlag(SynchronizationFlags.OnlySpecifiedProperties));

    public IEnumerable<DownloadStep> Produce(SegmentWriter output)
    {
        var folders = FolderTree.Below(mailbox.Folders, root);
        var changed = folders.Where(folder => !state.Seen.Contains(mailbox.ReplicaGuid, (ulong)folder.ChangeNumber)).ToList();
        foreach (var folder in changed) WriteChange(output, folder);
        var gone = IdsNotIn(folders);
        if (!asked.SynchronizationFlags.HasFlag(SynchronizationFlags.NoDeletions)) WriteDeletions(output, gone);
        FinishState(folders, changed);
        state.Write(output, isHierarchy: true);
        output.Marker(FastTransferMarker.IncrSyncEnd);
        yield return new DownloadStep(1, 1);
    }

    /// <summary>Source: [MS-OXCFXICS] 2.2.4.3.5.</summary>
    private void WriteChange(SegmentWriter output, StoredFolder folder)
    {
        output.Marker(FastTransferMarker.IncrSyncChg);
        output.Property(PropertyTags.ParentSourceKey, folder.Parent == root ? [] : mailbox.Xid(folder.Parent));
        output.Property(PropertyTags.SourceKey, mailbox.Xid(folder.Id));
        output.Property(PropertyTags.LastModificationTime, folder.Modified);
        output.Property(PropertyTags.ChangeKey, mailbox.Xid(folder.ChangeNumber));
        output.Property(PropertyTags.PredecessorChangeList, mailbox.PredecessorChangeList(folder.ChangeNumber));
        var content = new MessageContentWriter(output, asked.SendOptions);
        content.WriteProperties([new PropertyValue(PropertyTags.DisplayName, folder.Name)]);
        var hasEid = asked.ExtraFlags.HasFlag(SynchronizationExtraFlags.Eid);
        if (hasEid) output.Property(PropertyTags.FolderId, mailbox.WireId(folder.Id).ToInt64());
        if (hasEid || asked.SynchronizationFlags.HasFlag(SynchronizationFlags.NoForeignIdentifiers))
            output.Property(PropertyTags.ParentFolderId, mailbox.WireId(folder.Parent).ToInt64());
        content.WriteProperties(FolderProperties.Of(mailbox, folder).Where(property => !IsWritten(property.Tag) && filter.Lets(property.Tag)));
    }

    private static bool IsWritten(PropertyTag tag) => tag.Id == PropertyTags.DisplayName.Id || tag.Id == PropertyTags.LastModificationTime.Id;

    private void WriteDeletions(SegmentWriter output, IReadOnlyList<ulong> gone)
    {
        if (gone.Count == 0) return;
        var set = new IdSet();
        foreach (var id in gone) set.Add(mailbox.ReplicaGuid, id);
        output.Marker(FastTransferMarker.IncrSyncDel);
        output.Property(PropertyTags.MetaTagIdsetDeleted, set.SerializeReplIds(_ => MailboxStore.ReplicaId));
    }

    private List<ulong> IdsNotIn(IReadOnlyList<StoredFolder> folders)
    {
        var present = folders.Select(folder => (ulong)folder.Id).ToHashSet();
        return state.CountersGiven(mailbox).Where(id => !present.Contains(id)).ToList();
    }

    private void FinishState(IReadOnlyList<StoredFolder> folders, IReadOnlyList<StoredFolder> changed)
    {
        var keepsGone = asked.SynchronizationFlags.HasFlag(SynchronizationFlags.NoDeletions);
        var given = keepsGone ? state.Given.Clone() : new IdSet();
        var known = folders.Where(folder => changed.Contains(folder) || state.Given.Contains(mailbox.ReplicaGuid, (ulong)folder.Id));
        foreach (var folder in known) given.Add(mailbox.ReplicaGuid, (ulong)folder.Id);
        state.ReplaceGiven(given);
        foreach (var folder in changed) state.Seen.Add(mailbox.ReplicaGuid, (ulong)folder.ChangeNumber);
    }
}
