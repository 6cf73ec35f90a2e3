using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// An open message: a working copy of its own, which nobody else sees until it is saved. It lies in memory as a whole, attachments too.
/// Source: [MS-OXCMSG] 3.2.1.3, 3.2.5.3.
/// </summary>
internal sealed class MessageObject : ServerObject, IEditableProperties
{
    private const int NewMessageFlags = 0x0409; // mfRead, mfUnsent, mfEverRead
    private const int FlagRead = 0x01;
    private const int FlagEverRead = 0x0400;
    private const int ReadWrite = 1;

    // A client that changes one of these is told when it saves. Source: [MS-OXCMSG] 3.2.5.3, note 26.
    private static readonly HashSet<ushort> ReadOnlyIds =
    [
        PropertyTags.MessageSize.Id, PropertyTags.Access.Id, PropertyTags.AccessLevel.Id, PropertyTags.ObjectType.Id, PropertyTags.RecordKey.Id,
        PropertyTags.MessageStatus.Id, PropertyTags.HasAttachments.Id, PropertyTags.MessageFlags.Id,
    ];

    private readonly List<StreamObject> streams = [];
    private readonly AttachmentObject? container;
    private readonly long folder;
    private readonly bool isAssociated;
    private readonly MapiMessage working;
    private StoredMessage? stored;
    private CollectorObject? collector;
    private long? importedId;
    private ImportedChange? imported;
    private bool isWritable;
    private bool hasReadOnlyChange;
    private int lastAttachment = -1;

    private MessageObject(
        MailboxStore mailbox, long folder, bool isAssociated, StoredMessage? stored, MapiMessage working, bool isWritable, AttachmentObject? container)
        : base(mailbox)
    {
        this.folder = folder;
        this.isAssociated = isAssociated;
        this.stored = stored;
        this.working = working;
        this.isWritable = isWritable;
        this.container = container;
    }

    /// <summary>A message of the store. Its content is given over.</summary>
    public static MessageObject Open(MailboxStore mailbox, StoredMessage stored, MapiMessage content, bool isWritable) =>
        new(mailbox, stored.Folder, stored.IsAssociated, stored, content, isWritable, container: null);

    /// <summary>A message that is nowhere yet. Source: [MS-OXCMSG] 3.2.5.2.</summary>
    public static MessageObject Create(MailboxStore mailbox, long folder, bool isAssociated, DateTime now) =>
        new(mailbox, folder, isAssociated, stored: null, NewMessage(now), isWritable: true, container: null);

    /// <summary>A message that a client changed offline.</summary>
    public static MessageObject Import(CollectorObject collector, StoredMessage stored, MapiMessage content, ImportedChange change) =>
        new(collector.Mailbox, stored.Folder, stored.IsAssociated, stored, content, isWritable: true, container: null)
        {
            collector = collector,
            imported = change,
        };

    /// <summary>A message that a client made offline, under an id of its own.</summary>
    public static MessageObject Import(CollectorObject collector, long id, bool isAssociated, ImportedChange change, DateTime now) =>
        new(collector.Mailbox, collector.Folder, isAssociated, stored: null, NewMessage(now), isWritable: true, container: null)
        {
            collector = collector,
            importedId = id,
            imported = change,
        };

    /// <summary>The message in an attachment, or an empty one.</summary>
    public static MessageObject Embedded(AttachmentObject container, MapiMessage? content, DateTime now) =>
        new(container.Mailbox, 0, isAssociated: false, stored: null, content ?? NewMessage(now), isWritable: true, container);

    /// <summary>What the store has of it; null before it is first saved, and of an embedded message.</summary>
    public StoredMessage? Stored => stored;

    /// <summary>The attachment that holds it; null of a message that stands by itself.</summary>
    public AttachmentObject? Container => container;

    /// <summary>The working copy itself, computed properties left out.</summary>
    public MapiMessage Content => working;

    /// <summary>False when it was opened for reading.</summary>
    public bool IsWritable => isWritable;

    public List<PropertyBag> Recipients => working.Recipients;

    /// <summary>The columns that the client named with the recipients that it wrote; null when it wrote none.</summary>
    public IReadOnlyList<PropertyTag>? RecipientColumns { get; set; }

    public List<MapiAttachment> Attachments => working.Attachments;

    /// <summary>The message as it now stands, with its computed properties.</summary>
    public MapiMessage View()
    {
        foreach (var stream in streams) stream.Flush();
        var view = new MapiMessage
        {
            Properties = new PropertyBag(working.Properties),
            Recipients = working.Recipients,
            Attachments = working.Attachments,
        };
        AddComputed(view);
        return view;
    }

    public PropertyBag ReadProperties() => View().Properties;

    public uint SetProperty(PropertyValue property)
    {
        if (property.Tag.Id == PropertyTags.MessageFlags.Id && stored is null)
        {
            working.Properties.Set(PropertyTags.MessageFlags, property.Value);
            return MapiErrorCode.Success;
        }
        if (!MessageProperties.IsComputed(property.Tag)) return Put(property);
        hasReadOnlyChange |= stored is not null && ReadOnlyIds.Contains(property.Tag.Id);
        return MapiErrorCode.Success;
    }

    public uint DeleteProperty(PropertyTag tag)
    {
        if (MessageProperties.IsComputed(tag)) return MapiErrorCode.AccessDenied;
        working.Properties.Remove(Mailbox, tag);
        return MapiErrorCode.Success;
    }

    public void Keep(StreamObject stream) => streams.Add(stream);

    public override void Forget(StreamObject stream) => streams.Remove(stream);

    /// <summary>A number that no attachment has or had while the message was open.</summary>
    public int TakeAttachmentNumber()
    {
        var highest = Attachments.Select(attachment => attachment.Properties.GetInteger(PropertyTags.AttachNumber) ?? 0).DefaultIfEmpty(-1).Max();
        return lastAttachment = Math.Max(lastAttachment, highest) + 1;
    }

    /// <summary>Takes notice of a new read state.</summary>
    public void Refresh()
    {
        if (stored is { } opened && Mailbox.FindMessage(opened.Id) is { } now && now.ChangeNumber == opened.ChangeNumber) stored = now;
    }

    /// <summary>Brings the recipients' names into the message after they changed.</summary>
    public void RecipientsChanged() => MessageDefaults.SetDisplayNames(working);

    /// <summary>
    /// Makes the working copy the message's content, or the attachment's embedded message. The message stays open as it was.
    /// </summary>
    /// <param name="force">Saves over what others saved since it was opened.</param>
    /// <param name="tellsLostChanges">Else the message seems to be saved and what others saved stays.</param>
    /// <exception cref="RopException">It was opened read-only, or saved by somebody else since it was opened.</exception>
    public void Save(bool force, bool tellsLostChanges)
    {
        if (!isWritable || hasReadOnlyChange) throw new RopException(LabErrorCode.Error);
        foreach (var stream in streams) stream.Flush();
        var replaced = stored is null ? null : Mailbox.FindMessage(stored.Id);
        if (container is not null) container.Embed(MessageCopy.Of(working));
        else if (stored is null) stored = Mailbox.FindMessage(Mailbox.SaveMessage(folder, working, IsRead(), isAssociated, importedId));
        else SaveAgain(stored, force || collector is not null, tellsLostChanges);
        if (stored is not null && collector is not null) Imported(stored, collector, replaced);
    }

    private void Imported(StoredMessage saved, CollectorObject from, StoredMessage? replaced)
    {
        from.Know(saved.Id, saved.ChangeNumber, saved.IsAssociated);
        if (imported is not null) Mailbox.SetImportedChange(saved.Id, imported with { Predecessors = Seen(imported, replaced) });
        stored = Mailbox.FindMessage(saved.Id);
    }

    // What both versions have seen, and the imported change itself.
    private byte[] Seen(ImportedChange change, StoredMessage? replaced)
    {
        var both = PredecessorChangeList.Merge(change.Predecessors, PredecessorChangeList.Of(change.ChangeKey));
        return replaced is null ? both : PredecessorChangeList.Merge(both, MessageProperties.PredecessorsOf(Mailbox, replaced));
    }

    private uint Put(PropertyValue property)
    {
        var result = working.Properties.Put(Mailbox, property);
        if (property.Tag.Id == PropertyTags.Subject.Id) SubjectParts.Split(working.Properties);
        else if (property.Tag.Id == PropertyTags.SubjectPrefix.Id || property.Tag.Id == PropertyTags.NormalizedSubject.Id)
            SubjectParts.Join(working.Properties);
        // Which body is the native one follows from the bodies that are there at the next save.
        else if (property.Tag.Id == PropertyTags.Body.Id || property.Tag.Id == PropertyTags.Html.Id || property.Tag.Id == PropertyTags.RtfCompressed.Id)
            working.Properties.RemoveAll(other => other.Name is null && other.Tag.Id == PropertyTags.NativeBody.Id);
        return result;
    }

    private void SaveAgain(StoredMessage opened, bool force, bool tellsLostChanges)
    {
        var now = Mailbox.FindMessage(opened.Id) ?? throw new RopException(LabErrorCode.ObjectDeleted);
        if (Mailbox.TrySaveChanges(force ? now : opened, working)) stored = Mailbox.FindMessage(opened.Id);
        else if (tellsLostChanges) throw new RopException(LabErrorCode.ObjectModified);
    }

    private bool IsRead() => (working.Properties.GetInteger(PropertyTags.MessageFlags) & FlagRead) != 0;

    private void AddComputed(MapiMessage view)
    {
        if (stored is not null) MessageProperties.AddComputed(Mailbox, stored, view);
        else view.Properties.Set(PropertyTags.MessageSize, MessageProperties.SizeOf(view.Properties)).Set(PropertyTags.Access, MessageProperties.AccessOfNew);
        if (isWritable) view.Properties.Set(PropertyTags.AccessLevel, ReadWrite);
        view.Properties.Set(PropertyTags.MessageStatus, stored?.Status ?? 0);
        MessageDefaults.AddNativeBody(view.Properties);
        view.Properties.Set(PropertyTags.HasAttachments, view.Attachments.Count > 0);
        view.Properties.Set(PropertyTags.HasNamedProperties, view.Properties.Any(property => property.Name is not null));
        if (view.Properties.GetInteger(PropertyTags.MessageFlags) is { } flags && (flags & FlagRead) != 0)
            view.Properties.Set(PropertyTags.MessageFlags, flags | FlagEverRead);
    }

    private static MapiMessage NewMessage(DateTime now) => new()
    {
        Properties = new PropertyBag()
            .Set(PropertyTags.Importance, 1)
            .Set(PropertyTags.MessageClass, "IPM.Note")
            .Set(PropertyTags.Sensitivity, 0)
            .Set(PropertyTags.DisplayBcc, "")
            .Set(PropertyTags.DisplayCc, "")
            .Set(PropertyTags.DisplayTo, "")
            .Set(PropertyTags.MessageFlags, NewMessageFlags)
            .Set(PropertyTags.HasAttachments, false)
            .Set(PropertyTags.CreationTime, now)
            .Set(PropertyTags.LastModificationTime, now)
            .Set(PropertyTags.SearchKey, Guid.NewGuid().ToByteArray()),
    };
}
