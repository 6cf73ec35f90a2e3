using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Store;

/// <summary>What a store does to every message that is saved in it. Source: [MS-OXCMSG] 3.2.5.2 and 2.2.1.</summary>
internal static class MessageDefaults
{
    private const int RecipientTo = 1;
    private const int RecipientCc = 2;
    private const int RecipientBcc = 3;
    private const int FlagRead = 0x01;
    private const int FlagHasAttachments = 0x10;
    private const int FlagAssociated = 0x40;

    /// <summary>Brings strings to Unicode, numbers recipients and attachments, and adds what a message always has.</summary>
    public static void Apply(MapiMessage message, DateTime now)
    {
        ForEachBag(message, bag =>
        {
            for (var i = 0; i < bag.Count; i++) bag[i] = ToUnicode(bag[i]);
        });
        AddDefaults(message, now);
    }

    /// <summary>Gives every named property the id that the mailbox has for its name.</summary>
    public static void MapNames(MapiMessage message, Func<PropertyName, ushort> idOf) => ForEachBag(message, bag =>
    {
        for (var i = 0; i < bag.Count; i++)
        {
            if (bag[i].Name is { } name) bag[i] = bag[i] with { Tag = new PropertyTag(idOf(name), bag[i].Tag.Type) };
        }
    });

    /// <summary>The part of PidTagMessageFlags that goes with the content.</summary>
    public static int FlagsOf(MapiMessage message)
    {
        var flags = (message.Properties.GetInteger(PropertyTags.MessageFlags) ?? 0) & ~(FlagRead | FlagHasAttachments | FlagAssociated);
        return message.Attachments.Count > 0 ? flags | FlagHasAttachments : flags;
    }

    /// <summary>Brings PidTagDisplayTo, -Cc and -Bcc in step with the recipients.</summary>
    public static void SetDisplayNames(MapiMessage message)
    {
        message.Properties.Set(PropertyTags.DisplayTo, NamesOf(message, RecipientTo));
        message.Properties.Set(PropertyTags.DisplayCc, NamesOf(message, RecipientCc));
        message.Properties.Set(PropertyTags.DisplayBcc, NamesOf(message, RecipientBcc));
    }

    /// <summary>PidTagNativeBody, where the message does not say itself which of its bodies is the one it was written in. Source: [MS-OXBBODY] 2.2.1.1.</summary>
    public static void AddNativeBody(PropertyBag properties)
    {
        const int plainText = 1;
        const int rtf = 2;
        const int html = 3;
        if (properties[PropertyTags.Html] is not null) AddMissing(properties, PropertyTags.NativeBody, html);
        else if (properties[PropertyTags.RtfCompressed] is not null) AddMissing(properties, PropertyTags.NativeBody, rtf);
        else if (properties[PropertyTags.Body] is not null) AddMissing(properties, PropertyTags.NativeBody, plainText);
    }

    /// <summary>PidTagMessageFlags as the message stands in its folder now.</summary>
    public static int FlagsIn(long flags, bool isRead, bool isAssociated) =>
        (int)flags | (isRead ? FlagRead : 0) | (isAssociated ? FlagAssociated : 0);

    private static void AddDefaults(MapiMessage message, DateTime now)
    {
        var properties = message.Properties;
        AddMissing(properties, PropertyTags.MessageClass, "IPM.Note");
        AddMissing(properties, PropertyTags.MessageFlags, 0);
        AddMissing(properties, PropertyTags.CreationTime, now);
        AddMissing(properties, PropertyTags.LastModificationTime, now);
        if (properties[PropertyTags.SearchKey] is null) properties.Set(PropertyTags.SearchKey, Guid.NewGuid().ToByteArray());
        AddNativeBody(properties);
        properties.Set(PropertyTags.HasAttachments, message.Attachments.Count > 0);
        AddMissing(properties, PropertyTags.DisplayTo, NamesOf(message, RecipientTo));
        AddMissing(properties, PropertyTags.DisplayCc, NamesOf(message, RecipientCc));
        AddMissing(properties, PropertyTags.DisplayBcc, NamesOf(message, RecipientBcc));
        Number(message.Recipients, PropertyTags.Rowid);
        Number([.. message.Attachments.Select(attachment => attachment.Properties)], PropertyTags.AttachNumber);
        foreach (var attachment in message.Attachments) AddDefaults(attachment, now);
    }

    /// <summary>Counts from 0, unless each has a number of its own already: a message that is saved again keeps them.</summary>
    private static void Number(List<PropertyBag> parts, PropertyTag number)
    {
        var numbers = parts.Select(part => part.GetInteger(number)).ToHashSet();
        if (numbers.Count == parts.Count && !numbers.Contains(null)) return;
        for (var i = 0; i < parts.Count; i++) parts[i].Set(number, i);
    }

    private static void AddDefaults(MapiAttachment attachment, DateTime now)
    {
        AddMissing(attachment.Properties, PropertyTags.CreationTime, now);
        AddMissing(attachment.Properties, PropertyTags.LastModificationTime, now);
        if (attachment.EmbeddedMessage is { } embedded) AddDefaults(embedded, now);
    }

    private static string NamesOf(MapiMessage message, int recipientType) => string.Join("; ", message.Recipients
        .Where(recipient => (recipient.GetInteger(PropertyTags.RecipientType) & 0xF) == recipientType)
        .Select(recipient => recipient.GetString(PropertyTags.DisplayName)));

    private static void AddMissing(PropertyBag properties, PropertyTag tag, object value)
    {
        if (properties[tag] is null) properties.Set(tag, value);
    }

    private static void ForEachBag(MapiMessage message, Action<PropertyBag> visit)
    {
        visit(message.Properties);
        foreach (var recipient in message.Recipients) visit(recipient);
        foreach (var attachment in message.Attachments)
        {
            visit(attachment.Properties);
            if (attachment.EmbeddedMessage is { } embedded) ForEachBag(embedded, visit);
        }
    }

    private static PropertyValue ToUnicode(PropertyValue property) => property.Tag.Type switch
    {
        PropertyType.String8 => property with { Tag = property.Tag.WithType(PropertyType.String) },
        PropertyType.MultipleString8 => property with { Tag = property.Tag.WithType(PropertyType.MultipleString) },
        var type when type.IsCodePageString() => property with { Tag = property.Tag.WithType(PropertyType.String) },
        _ => property,
    };
}
