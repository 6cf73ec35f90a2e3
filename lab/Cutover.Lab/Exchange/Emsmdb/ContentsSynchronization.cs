using System.Buffers.Binary;
using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// A contentsSync of one folder: what differs between the client's state and the folder, message by message. Source: [MS-OXCFXICS] 2.2.4.3.2,
/// 3.2.5.3.
/// </summary>
internal sealed class ContentsSynchronization(
    MailboxStore mailbox, long folder, SynchronizationConfigureRequest asked, SynchronizationState state)
{
    private static readonly PropertyTag ProgressInformation = new(0x00000102);
    private static readonly PropertyTag ProgressMessageSize = new(0x00000003);
    private static readonly PropertyTag ProgressIsAssociated = new(0x0000000B);
    private readonly ContentFilter filter = new(asked.PropertyTags, asked.SynchronizationFlags.HasFlag(SynchronizationFlags.OnlySpecifiedProperties));
    private readonly HashSet<long> changed = [];
    private readonly SynchronizationState initial = state.Clone();
    private readonly List<MessageVersion?> given = [];
    private readonly RowFilter? restriction = asked.Restriction.IsEmpty ? null : new RowFilter(mailbox, Restriction.Read(new RopReader(asked.Restriction)));
    private Dictionary<long, MessageVersion> present = [];
    private HashSet<long> matching = [];

    /// <summary>Writes the stream. Nothing of the folder is looked at before the first step.</summary>
    public IEnumerable<DownloadStep> Produce(SegmentWriter output)
    {
        var (messages, lastCounter) = mailbox.Versions(folder);
        present = messages.ToDictionary(message => message.Id);
        if (restriction is not null) matching = Matching(restriction);
        var changes = InOrder(messages.Where(IsChanged)).ToList();
        var steps = changes.Count + 1;
        if (Has(SynchronizationFlags.Progress)) WriteProgressMode(output, changes);
        for (var done = 0; done < changes.Count; done++)
        {
            given.Add(WriteChange(output, changes[done]) ? changes[done] : null);
            yield return new DownloadStep(done + 1, steps);
        }
        var gone = WriteDeletions(output);
        if (Has(SynchronizationFlags.ReadState)) WriteReadStates(output, messages);
        FinishState(gone, lastCounter);
        state.Write(output, isHierarchy: false);
        output.Marker(FastTransferMarker.IncrSyncEnd);
        yield return new DownloadStep(steps, steps);
    }

    /// <summary>The state of a client that has what it began with and the messages of the first so many steps. Source: [MS-OXCFXICS] 3.2.5.3.</summary>
    public SynchronizationState StateAfter(int steps)
    {
        var reached = initial.Clone();
        foreach (var message in given.Take(steps).OfType<MessageVersion>())
        {
            reached.Given.Add(mailbox.ReplicaGuid, (ulong)message.Id);
            (message.IsAssociated ? reached.SeenAssociated : reached.Seen).Add(mailbox.ReplicaGuid, (ulong)message.ChangeNumber);
            reached.Read.Add(mailbox.ReplicaGuid, (ulong)message.ChangeNumber);
        }
        return reached;
    }

    private bool Has(SynchronizationFlags flag) => asked.SynchronizationFlags.HasFlag(flag);

    private bool Has(SynchronizationExtraFlags flag) => asked.ExtraFlags.HasFlag(flag);

    // A restriction is on messages, not on associated ones. Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.
    private bool IsInScope(MessageVersion message) => (restriction is null || message.IsAssociated || matching.Contains(message.Id)) &&
        Has(message.IsAssociated ? SynchronizationFlags.FolderAssociated : SynchronizationFlags.Normal);

    private HashSet<long> Matching(RowFilter sought) => mailbox.Messages(folder)
        .Where(message => !message.IsAssociated && sought.Matches(FolderRops.ContentsRow(mailbox, message))).Select(message => message.Id).ToHashSet();

    private bool IsChanged(MessageVersion message) =>
        IsInScope(message) && !SeenOf(message.IsAssociated).Contains(mailbox.ReplicaGuid, (ulong)message.ChangeNumber);

    private IdSet SeenOf(bool isAssociated) => isAssociated ? state.SeenAssociated : state.Seen;

    // Newest first when asked, else associated messages first, as Exchange sends them. Source: [MS-OXCFXICS] 3.2.5.9.1.1.
    private IEnumerable<MessageVersion> InOrder(IEnumerable<MessageVersion> messages) => Has(SynchronizationExtraFlags.OrderByDeliveryTime)
        ? messages.OrderByDescending(message => message.Delivered)
        : messages.OrderBy(message => !message.IsAssociated).ThenBy(message => message.ChangeNumber);

    /// <summary>False when the message could not be given.</summary>
    private bool WriteChange(SegmentWriter output, MessageVersion version)
    {
        var found = mailbox.OpenMessage(version.Id);
        // Gone, or moved out, since the synchronisation began: the next one tells.
        if (found is not { } opened || opened.Message.Folder != folder)
        {
            present.Remove(version.Id);
            return false;
        }
        var (message, content) = opened;
        if (DamagedMessages.StopsSynchronization(message)) throw new RopException(LabErrorCode.CorruptData);
        var recovers = asked.SendOptions.HasFlag(SendOptions.RecoverMode);
        if (DamagedMessages.FailsInSynchronization(message) && !recovers) throw new RopException(LabErrorCode.CorruptData);
        if (Has(SynchronizationFlags.Progress)) WriteProgressPerMessage(output, message);
        WriteHeader(output, message);
        output.Marker(FastTransferMarker.IncrSyncMessage);
        if (!TryWriteContent(output, message, content))
        {
            if (!recovers) throw new RopException(LabErrorCode.CorruptData);
            ErrorInfo.Write(output, mailbox, message);
            return false;
        }
        changed.Add(message.Id);
        SeenOf(message.IsAssociated).Add(mailbox.ReplicaGuid, (ulong)message.ChangeNumber);
        return true;
    }

    /// <summary>Source: [MS-OXCFXICS] 2.2.4.3.14.</summary>
    private void WriteHeader(SegmentWriter output, StoredMessage message)
    {
        output.Marker(FastTransferMarker.IncrSyncChg);
        output.Property(PropertyTags.SourceKey, mailbox.Xid(message.Id));
        output.Property(PropertyTags.LastModificationTime, message.Modified);
        output.Property(PropertyTags.ChangeKey, MessageProperties.ChangeKeyOf(mailbox, message));
        output.Property(PropertyTags.PredecessorChangeList, MessageProperties.PredecessorsOf(mailbox, message));
        output.Property(PropertyTags.Associated, message.IsAssociated);
        if (Has(SynchronizationExtraFlags.Eid)) output.Property(PropertyTags.Mid, mailbox.WireId(message.Id).ToInt64());
        if (Has(SynchronizationExtraFlags.MessageSize)) output.Property(PropertyTags.MessageSize, (int)message.Size);
        if (!Has(SynchronizationExtraFlags.ChangeNumber)) return;
        output.Property(PropertyTags.ChangeNumber, mailbox.WireId(message.ChangeNumber).ToInt64());
    }

    /// <summary>
    /// False when the content can't be read. The damage shows only when part of the message is out, as on a real server. Source: [MS-OXCFXICS]
    /// 2.2.4.3.4.
    /// </summary>
    private bool TryWriteContent(SegmentWriter output, StoredMessage message, MapiMessage content)
    {
        var writer = new MessageContentWriter(output, asked.SendOptions);
        if (DamagedMessages.FailsInSynchronization(message))
        {
            writer.WriteProperties([new PropertyValue(PropertyTags.MessageClass, message.ItemClass)]);
            return false;
        }
        MessageProperties.AddComputed(mailbox, message, content);
        DamagedMessages.Damage(message, content);
        var ignoresFilter = message.IsAssociated && filter.OnlyThese && Has(SynchronizationFlags.IgnoreSpecifiedOnFolderAssociated);
        return writer.TryWrite(content, ignoresFilter ? ContentFilter.None : filter, marksSubobjects: true);
    }

    private HashSet<long> WriteDeletions(SegmentWriter output)
    {
        var missing = GivenIds().Where(id => !present.ContainsKey(id)).ToHashSet();
        var outOfScope = GivenIds().Where(id => present.TryGetValue(id, out var message) && !IsInScope(message)).ToHashSet();
        if (Has(SynchronizationFlags.NoDeletions)) return [];
        if (Has(SynchronizationFlags.IgnoreNoLongerInScope)) outOfScope.Clear();
        if (missing.Count + outOfScope.Count == 0) return [];
        output.Marker(FastTransferMarker.IncrSyncDel);
        WriteIds(output, PropertyTags.MetaTagIdsetDeleted, missing);
        WriteIds(output, PropertyTags.MetaTagIdsetNoLongerInScope, outOfScope);
        missing.UnionWith(outOfScope);
        return missing;
    }

    private void WriteReadStates(SegmentWriter output, IReadOnlyList<MessageVersion> messages)
    {
        var news = messages.Where(HasUnseenReadState).ToList();
        if (news.Count == 0) return;
        output.Marker(FastTransferMarker.IncrSyncRead);
        WriteIds(output, PropertyTags.MetaTagIdsetRead, news.Where(message => message.IsRead).Select(message => message.Id));
        WriteIds(output, PropertyTags.MetaTagIdsetUnread, news.Where(message => !message.IsRead).Select(message => message.Id));
    }

    // Only of messages that the client has and that did not come whole just now.
    private bool HasUnseenReadState(MessageVersion message) =>
        !message.IsAssociated && IsInScope(message) && message.ReadChangeNumber != 0
        && present.ContainsKey(message.Id) && !changed.Contains(message.Id)
        && state.Given.Contains(mailbox.ReplicaGuid, (ulong)message.Id)
        && !state.Read.Contains(mailbox.ReplicaGuid, (ulong)message.ReadChangeNumber);

    private void WriteIds(SegmentWriter output, PropertyTag property, IEnumerable<long> ids)
    {
        var set = SetOf(ids);
        if (!set.IsEmpty) output.Property(property, set.SerializeReplIds(_ => MailboxStore.ReplicaId));
    }

    /// <summary>
    /// IdsetGiven loses what was told deleted and gains what came; the other sets hold everything up to now, one range. Source: [MS-OXCFXICS]
    /// 3.2.5.3, 3.1.5.5.
    /// </summary>
    private void FinishState(HashSet<long> gone, long lastCounter)
    {
        var given = SetOf(GivenIds().Where(id => !gone.Contains(id)).Concat(changed));
        var foreign = state.Given.Ranges.Where(range => range.Replica != mailbox.ReplicaGuid);
        foreach (var range in foreign) given.AddRange(range.Replica, range.Low, range.High);
        state.ReplaceGiven(given);
        if (Has(SynchronizationFlags.Normal)) See(state.Seen, lastCounter, isAssociated: false);
        if (Has(SynchronizationFlags.FolderAssociated)) See(state.SeenAssociated, lastCounter, isAssociated: true);
        if (Has(SynchronizationFlags.ReadState)) state.Read.AddRange(mailbox.ReplicaGuid, CounterSpace.First, (ulong)lastCounter);
    }

    // A damaged message was not seen: it comes again once it can be read.
    private void See(IdSet seen, long lastCounter, bool isAssociated)
    {
        var low = CounterSpace.First;
        foreach (var unseen in UnseenChangeNumbers(isAssociated))
        {
            if (low < unseen) seen.AddRange(mailbox.ReplicaGuid, (ulong)low, (ulong)unseen - 1);
            low = unseen + 1;
        }
        if (low <= lastCounter) seen.AddRange(mailbox.ReplicaGuid, (ulong)low, (ulong)lastCounter);
    }

    private IEnumerable<long> UnseenChangeNumbers(bool isAssociated) => present.Values
        .Where(message => message.IsAssociated == isAssociated && IsChanged(message) && !changed.Contains(message.Id))
        .Select(message => message.ChangeNumber).Order().ToList();

    private IEnumerable<long> GivenIds() => state.CountersGiven(mailbox).Select(id => (long)id);

    private IdSet SetOf(IEnumerable<long> ids)
    {
        var set = new IdSet();
        foreach (var id in ids.Order()) set.Add(mailbox.ReplicaGuid, (ulong)id);
        return set;
    }

    /// <summary>Source: [MS-OXCFXICS] 2.2.4.3.19, 2.2.2.7.</summary>
    private void WriteProgressMode(SegmentWriter output, IReadOnlyList<MessageVersion> changes)
    {
        var sizes = mailbox.Messages(folder).ToDictionary(message => message.Id, message => message.Size);
        var information = new byte[32];
        var associated = changes.Where(change => change.IsAssociated).ToList();
        BinaryPrimitives.WriteInt32LittleEndian(information.AsSpan(4), associated.Count);
        BinaryPrimitives.WriteInt64LittleEndian(information.AsSpan(8), associated.Sum(change => sizes.GetValueOrDefault(change.Id)));
        BinaryPrimitives.WriteInt32LittleEndian(information.AsSpan(16), changes.Count - associated.Count);
        BinaryPrimitives.WriteInt64LittleEndian(
            information.AsSpan(24), changes.Where(change => !change.IsAssociated).Sum(change => sizes.GetValueOrDefault(change.Id)));
        output.Marker(FastTransferMarker.IncrSyncProgressMode);
        output.Property(ProgressInformation, information);
    }

    /// <summary>Source: [MS-OXCFXICS] 2.2.4.3.18.</summary>
    private static void WriteProgressPerMessage(SegmentWriter output, StoredMessage message)
    {
        output.Marker(FastTransferMarker.IncrSyncProgressPerMsg);
        output.Property(ProgressMessageSize, (int)message.Size);
        output.Property(ProgressIsAssociated, message.IsAssociated);
    }
}
