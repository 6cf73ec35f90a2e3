using CsCheck;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

/// <summary>Random properties and messages with every type, named and not.</summary>
public static class PropertyGenerators
{
    private static readonly Gen<DateTime> Time =
        Gen.Long[0, new DateTime(2100, 1, 1).Ticks - new DateTime(1601, 1, 1).Ticks].Select(FileTime.ToDateTime);

    // Strings hold anything, lone surrogates too, except a NUL at the end, which the wire can't tell from its own.
    private static readonly Gen<string> Text = Gen.String[0, 40].Where(text => !text.EndsWith('\0'));

    private static readonly Gen<string> Latin = Gen.Char[' ', '~'].Array[0, 20].Select(chars => new string(chars));

    private static readonly Gen<string> NameText = Gen.Char['!', 'ÿ'].Array[0, 12].Select(chars => new string(chars));

    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 60];

    private static readonly Gen<(PropertyType Type, object Value)> Value = Gen.OneOf(
        Gen.Short.Select(value => (PropertyType.Integer16, (object)value)),
        Gen.Int.Select(value => (PropertyType.Integer32, (object)value)),
        Gen.Float.Select(value => (PropertyType.Floating32, (object)value)),
        Gen.Double.Select(value => (PropertyType.Floating64, (object)value)),
        Gen.Long.Select(value => (PropertyType.Currency, (object)value)),
        Gen.Double.Select(value => (PropertyType.FloatingTime, (object)value)),
        Gen.Bool.Select(value => (PropertyType.Boolean, (object)value)),
        Gen.Long.Select(value => (PropertyType.Integer64, (object)value)),
        Time.Select(value => (PropertyType.Time, (object)value)),
        Gen.Guid.Select(value => (PropertyType.Guid, (object)value)),
        Text.Select(value => (PropertyType.String, (object)value)),
        Latin.Select(value => (PropertyType.String8, (object)value)),
        Text.Select(value => ((PropertyType)0x84B0, (object)value)),
        Bytes.Select(value => (PropertyType.Binary, (object)value)),
        Bytes.Select(value => (PropertyType.Object, (object)value)),
        Gen.Int.Array[0, 5].Select(value => (PropertyType.MultipleInteger32, (object)value)),
        Gen.Long.Array[0, 5].Select(value => (PropertyType.MultipleInteger64, (object)value)),
        Time.Array[0, 5].Select(value => (PropertyType.MultipleTime, (object)value)),
        Gen.Guid.Array[0, 5].Select(value => (PropertyType.MultipleGuid, (object)value)),
        Text.Array[0, 5].Select(value => (PropertyType.MultipleString, (object)value)),
        Bytes.Array[0, 5].Select(value => (PropertyType.MultipleBinary, (object)value)));

    private static readonly Gen<PropertyName> Name = Gen.OneOf(
        Gen.Select(Gen.Guid, Gen.UInt, PropertyName.Of),
        Gen.Select(Gen.Guid, NameText, PropertyName.Of));

    // Ids below 0x3000 hold no marker, no meta-property and nothing internal.
    public static readonly Gen<PropertyValue> Property = Gen.OneOf(
        Gen.Select(Gen.UShort[0x1100, 0x2FFF], Value, (id, value) => new PropertyValue(new PropertyTag(id, value.Type), value.Value)),
        Gen.Select(Gen.UShort[0x8000, 0xFFFE], Value, Name, (id, value, name) => new PropertyValue(new PropertyTag(id, value.Type), value.Value, name)));

    private static readonly Gen<PropertyBag> Bag = Property.Array[0, 6].Select(properties =>
        new PropertyBag(properties.DistinctBy(property => (object?)property.Name ?? property.Tag.Id)));

    private static readonly Gen<MapiAttachment> Attachment = Bag.Select(bag =>
    {
        bag.Insert(0, new PropertyValue(PropertyTags.AttachNumber, 0));
        return new MapiAttachment { Properties = bag };
    });

    private static readonly Gen<MapiMessage> Flat = Gen.Select(Bag, Bag.List[0, 3], Attachment.List[0, 2], (bag, recipients, attachments) =>
        new MapiMessage { Properties = bag, Recipients = recipients, Attachments = Numbered(attachments) });

    public static readonly Gen<MapiMessage> Message = Gen.Select(Flat, Flat.List[0, 2], (message, embedded) =>
    {
        foreach (var inner in embedded) message.Attachments.Add(Embedding(inner, message.Attachments.Count));
        return message;
    });

    private static List<MapiAttachment> Numbered(List<MapiAttachment> attachments)
    {
        for (var i = 0; i < attachments.Count; i++) attachments[i].Properties[0] = new PropertyValue(PropertyTags.AttachNumber, i);
        return attachments;
    }

    private static MapiAttachment Embedding(MapiMessage message, int number) => new()
    {
        Properties = [new PropertyValue(PropertyTags.AttachNumber, number), new PropertyValue(PropertyTags.AttachMethod, 5)],
        EmbeddedMessage = message,
    };
}
