using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>A bag of properties, found by tag (whatever the string type) or by name.</summary>
public sealed class PropertyBag : List<PropertyValue>
{
    public PropertyBag() { }

    public PropertyBag(IEnumerable<PropertyValue> properties) : base(properties) { }

    /// <summary>The value of a property with this id, whatever its type; null when absent.</summary>
    public object? this[PropertyTag tag] => Find(property => property.Name is null && property.Tag.Id == tag.Id)?.Value;

    /// <summary>The value of a named property; null when absent.</summary>
    public object? this[PropertyName name] => Find(property => name.Equals(property.Name))?.Value;

    public string? GetString(PropertyTag tag) => this[tag] as string;

    public int? GetInteger(PropertyTag tag) => this[tag] as int?;

    /// <summary>Sets or replaces a property.</summary>
    public PropertyBag Set(PropertyTag tag, object value)
    {
        RemoveAll(property => property.Name is null && property.Tag.Id == tag.Id);
        Add(new PropertyValue(tag, value));
        return this;
    }

    /// <summary>Sets or replaces many properties at once; of several with one tag or name among them the last counts.</summary>
    public PropertyBag SetAll(IEnumerable<PropertyValue> properties)
    {
        var added = new Dictionary<object, PropertyValue>();
        foreach (var property in properties) added[Key(property)] = property;
        RemoveAll(property => added.ContainsKey(Key(property)));
        AddRange(added.Values);
        return this;
    }

    private static object Key(PropertyValue property) => property.Name is { } name ? name : property.Tag.Id;

    /// <summary>Sets or replaces a named property; its id is 0x8000 until a mailbox maps it.</summary>
    public PropertyBag Set(PropertyName name, PropertyType type, object value)
    {
        RemoveAll(property => name.Equals(property.Name));
        Add(new PropertyValue(new PropertyTag(0x8000, type), value, name));
        return this;
    }
}

/// <summary>
/// A message with everything it holds, in memory but for large attachments. The product's data path streams items and builds none, unless an item must be written as a message.
/// Source: [MS-OXCMSG].
/// </summary>
public sealed class MapiMessage
{
    public PropertyBag Properties { get; init; } = [];

    public List<PropertyBag> Recipients { get; init; } = [];

    public List<MapiAttachment> Attachments { get; init; } = [];
}

/// <summary>An attachment: its properties and, for an embedded message (PidTagAttachMethod 5), that message.</summary>
public sealed class MapiAttachment
{
    public PropertyBag Properties { get; init; } = [];

    public MapiMessage? EmbeddedMessage { get; set; }

    /// <summary>
    /// Opens the content where it is too large to lie among the properties as PidTagAttachDataBinary: a stream read once, forward, then disposed.
    /// </summary>
    public Func<Stream>? Content { get; set; }
}
