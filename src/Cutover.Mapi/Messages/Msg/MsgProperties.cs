using System.Buffers.Binary;
using System.Globalization;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Msg;

/// <summary>
/// The properties of one object in a .msg file: fixed-size values in a stream of entries, each other value in a stream of its own.
/// Source: [MS-OXMSG] 2.1 and 2.4.
/// </summary>
internal sealed class MsgProperties(CompoundEntry storage, MsgNames names, int codePage)
{
    private const string ValuePrefix = "__substg1.0_";
    private const int EntrySize = 16;

    /// <summary>Reads them all but those that <paramref name="isElsewhere"/> says are read otherwise.</summary>
    /// <param name="headerSize">32 for a message, 24 for an embedded one, 8 for recipients and attachments.</param>
    public PropertyBag Read(int headerSize, Func<PropertyTag, CompoundEntry, bool>? isElsewhere = null)
    {
        var bag = new PropertyBag();
        ReadFixed(headerSize, bag);
        foreach (var (name, stream) in storage.Children.OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            if (TagOf(name) is not { } tag || stream.Kind != CompoundEntryKind.Stream || isElsewhere?.Invoke(tag, stream) == true) continue;
            if (ReadValue(tag, stream) is { } value) Add(bag, AsUnicode(tag), value);
        }
        return bag;
    }

    // tag, flags, value; the value of other types is their length.
    private void ReadFixed(int headerSize, PropertyBag bag)
    {
        if (!storage.Children.TryGetValue("__properties_version1.0", out var stream) || stream.Kind != CompoundEntryKind.Stream) return;
        var entries = stream.ReadAll();
        for (var at = headerSize; at + EntrySize <= entries.Length; at += EntrySize)
        {
            var tag = new PropertyTag(BinaryPrimitives.ReadUInt32LittleEndian(entries.AsSpan(at)));
            if (PropertyCodec.FixedSize(tag.Type) is > 0 and <= 8) Add(bag, tag, PropertyCodec.Read(tag.Type, entries.AsSpan(at + 8, 8)));
        }
    }

    private object? ReadValue(PropertyTag tag, CompoundEntry stream)
    {
        var type = tag.Type;
        if (type.IsMultipleValue()) return ReadValues(type.ElementType(), stream);
        if (PropertyCodec.IsString(type)) return Text(type, stream.ReadAll());
        if (type == PropertyType.Guid && stream.Size == 16) return new Guid(stream.ReadAll());
        return PropertyCodec.IsBinary(type) ? stream.ReadAll() : null;
    }

    // Fixed-size elements lie in the stream; of others it holds the lengths, and -00000000 and so on the elements.
    private Array? ReadValues(PropertyType element, CompoundEntry stream)
    {
        var bytes = stream.ReadAll();
        var size = PropertyCodec.FixedSize(element);
        var values = new List<object>();
        if (size > 0)
        {
            for (var at = 0; at + size <= bytes.Length; at += size) values.Add(PropertyCodec.Read(element, bytes.AsSpan(at, size)));
            return PropertyCodec.ToArray(element, values);
        }
        if (!PropertyCodec.IsString(element) && !PropertyCodec.IsBinary(element)) return null;
        for (var i = 0; storage.Children.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{stream.Name}-{i:X8}"), out var one); i++)
            values.Add(PropertyCodec.IsString(element) ? Text(element, one.ReadAll()) : one.ReadAll());
        return PropertyCodec.ToArray(PropertyCodec.IsString(element) ? PropertyType.String : element, values);
    }

    private string Text(PropertyType type, byte[] bytes) =>
        CodePages.Decode(type == PropertyType.String8 ? codePage : CodePages.Of(type), bytes).TrimEnd('\0');

    private void Add(PropertyBag bag, PropertyTag tag, object value) =>
        bag.Add(new PropertyValue(tag, value, tag.IsNamed ? names.Find(tag.Id) : null));

    private static PropertyTag? TagOf(string name) =>
        name.Length == ValuePrefix.Length + 8 && name.StartsWith(ValuePrefix, StringComparison.OrdinalIgnoreCase)
        && uint.TryParse(name.AsSpan(ValuePrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag)
            ? new PropertyTag(tag) : null;

    private static PropertyTag AsUnicode(PropertyTag tag) => tag.Type switch
    {
        PropertyType.String8 => tag.WithType(PropertyType.String),
        PropertyType.MultipleString8 => tag.WithType(PropertyType.MultipleString),
        _ => tag,
    };
}
