using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>An object whose properties a client may change.</summary>
internal interface IEditableProperties : IPropertyObject
{
    /// <summary>Sets one property; the error code when it can't be.</summary>
    uint SetProperty(PropertyValue property);

    /// <summary>Removes one property, which need not be there; the error code when it can't be.</summary>
    uint DeleteProperty(PropertyTag tag);
}

/// <summary>How a client's property values become those of a bag: named properties by their names, strings in Unicode.</summary>
internal static class PropertyEdits
{
    /// <summary>Sets or replaces; the error code when the id is that of no named property of the mailbox.</summary>
    public static uint Put(this PropertyBag bag, MailboxStore mailbox, PropertyValue property)
    {
        var tag = property.Tag.WithType(property.Tag.Type switch
        {
            PropertyType.String8 => PropertyType.String,
            PropertyType.MultipleString8 => PropertyType.MultipleString,
            var type => type,
        });
        if (!tag.IsNamed)
        {
            bag.Set(tag, property.Value);
            return MapiErrorCode.Success;
        }
        if (mailbox.PropertyNameOf(tag.Id) is not { } name) return MapiErrorCode.InvalidParameter;
        bag.RemoveAll(each => name.Equals(each.Name));
        bag.Add(new PropertyValue(tag, property.Value, name));
        return MapiErrorCode.Success;
    }

    public static void Remove(this PropertyBag bag, MailboxStore mailbox, PropertyTag tag)
    {
        if (!tag.IsNamed) bag.RemoveAll(each => each.Name is null && each.Tag.Id == tag.Id);
        else if (mailbox.PropertyNameOf(tag.Id) is { } name) bag.RemoveAll(each => name.Equals(each.Name));
    }

    public static object? ValueOf(this PropertyBag bag, MailboxStore mailbox, PropertyTag tag) =>
        tag.IsNamed ? mailbox.PropertyNameOf(tag.Id) is { } name ? bag[name] : null : bag[tag];

    /// <summary>The type that a property has in the bag; null when it isn't there.</summary>
    public static PropertyType? TypeOf(this PropertyBag bag, MailboxStore mailbox, PropertyTag tag)
    {
        var name = tag.IsNamed ? mailbox.PropertyNameOf(tag.Id) : null;
        return bag.Find(each => name is null ? each.Name is null && each.Tag.Id == tag.Id : name.Equals(each.Name))?.Tag.Type;
    }
}
