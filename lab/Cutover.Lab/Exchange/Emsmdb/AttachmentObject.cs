using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// An open attachment: a working copy that comes into its message when it is saved, and into the store when the message is. Source:
/// [MS-OXCMSG] 3.2.5.14.
/// </summary>
internal sealed class AttachmentObject(MessageObject message, MapiAttachment original, bool isWritable)
    : ServerObject(message.Mailbox), IEditableProperties
{
    private readonly List<StreamObject> streams = [];
    private readonly PropertyBag properties = new(original.Properties);
    private MapiMessage? embedded = original.EmbeddedMessage;
    private bool hasReadOnlyChange;

    public MessageObject Message => message;

    public int Number => properties.GetInteger(PropertyTags.AttachNumber) ?? 0;

    public MapiMessage? EmbeddedMessage => embedded;

    // Before that it has no size. Source: [MS-OXCMSG] 3.2.5.13, note 30.
    private bool IsSaved => message.Attachments.Any(each => each.Properties.GetInteger(PropertyTags.AttachNumber) == Number);

    public PropertyBag ReadProperties()
    {
        foreach (var stream in streams) stream.Flush();
        return new PropertyBag(properties)
            .Set(PropertyTags.AttachSize, IsSaved ? MessageProperties.SizeOf(properties) : 0)
            .Set(PropertyTags.RecordKey, BitConverter.GetBytes(Number))
            .Set(PropertyTags.AccessLevel, 0);
    }

    public uint SetProperty(PropertyValue property)
    {
        if (property.Tag.Id == PropertyTags.AttachNumber.Id) return MapiErrorCode.Success;
        if (property.Tag.Id != PropertyTags.AttachSize.Id && property.Tag.Id != PropertyTags.AccessLevel.Id) return properties.Put(Mailbox, property);
        hasReadOnlyChange = true;
        return MapiErrorCode.Success;
    }

    public uint DeleteProperty(PropertyTag tag)
    {
        if (tag.Id == PropertyTags.AttachNumber.Id || tag.Id == PropertyTags.AttachSize.Id) return MapiErrorCode.AccessDenied;
        properties.Remove(Mailbox, tag);
        return MapiErrorCode.Success;
    }

    public void Keep(StreamObject stream) => streams.Add(stream);

    public override void Forget(StreamObject stream) => streams.Remove(stream);

    /// <summary>Takes an embedded message that was saved.</summary>
    public void Embed(MapiMessage content) => embedded = content;

    /// <summary>Puts the attachment into its message, in the place of what it was.</summary>
    /// <exception cref="RopException">It was opened read-only, or a read-only property was set.</exception>
    public void Save()
    {
        if (!isWritable || hasReadOnlyChange) throw new RopException(LabErrorCode.Error);
        foreach (var stream in streams) stream.Flush();
        var saved = new MapiAttachment { Properties = new PropertyBag(properties), EmbeddedMessage = embedded };
        var place = message.Attachments.FindIndex(each => each.Properties.GetInteger(PropertyTags.AttachNumber) == Number);
        if (place >= 0) message.Attachments[place] = saved;
        else message.Attachments.Add(saved);
    }
}
