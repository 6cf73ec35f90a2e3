using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>
/// Graph's id of an extended property: "String 0x1035", "Integer {guid} Id 0x8216", "String {guid} Name Foo".
/// Source: Graph's singleValueLegacyExtendedProperty page.
/// </summary>
internal sealed partial record ExtendedPropertyId(string TypeName, PropertyType Type, ushort? Tag, PropertyName? Name)
{
    private static readonly FrozenDictionary<string, PropertyType> Types = new Dictionary<string, PropertyType>
    {
        ["ApplicationTime"] = PropertyType.FloatingTime,
        ["Binary"] = PropertyType.Binary,
        ["Boolean"] = PropertyType.Boolean,
        ["CLSID"] = PropertyType.Guid,
        ["Currency"] = PropertyType.Currency,
        ["Double"] = PropertyType.Floating64,
        ["Float"] = PropertyType.Floating32,
        ["Integer"] = PropertyType.Integer32,
        ["Long"] = PropertyType.Integer64,
        ["Short"] = PropertyType.Integer16,
        ["String"] = PropertyType.String,
        ["SystemTime"] = PropertyType.Time,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>As the service writes it back: numbers without leading zeros, GUIDs in lower case.</summary>
    public string Canonical => Name switch
    {
        null => $"{TypeName} 0x{Tag:x}",
        { Lid: { } lid } => $"{TypeName} {{{Name.PropertySet}}} Id 0x{lid:x}",
        _ => $"{TypeName} {{{Name.PropertySet}}} Name {Name.Name}",
    };

    /// <exception cref="MailboxException">ErrorInvalidProperty: the id breaks the grammar.</exception>
    public static ExtendedPropertyId Parse(string id)
    {
        var match = Grammar().Match(id);
        if (!match.Success || !Types.TryGetValue(match.Groups["type"].Value, out var type))
            throw new MailboxException("ErrorInvalidProperty", $"The property id '{id}' is invalid.");
        var typeName = Types.Keys.First(name => name.Equals(match.Groups["type"].Value, StringComparison.OrdinalIgnoreCase));
        if (match.Groups["tag"].Success) return new ExtendedPropertyId(typeName, type, (ushort)Hex(match.Groups["tag"]), null);
        var set = Guid.Parse(match.Groups["set"].Value);
        var name = match.Groups["lid"].Success
            ? PropertyName.Of(set, Hex(match.Groups["lid"]))
            : PropertyName.Of(set, match.Groups["name"].Value);
        return new ExtendedPropertyId(typeName, type, null, name);
    }

    /// <summary>The id of a property.</summary>
    public static ExtendedPropertyId Of(PropertyValue property)
    {
        var type = property.Value is string ? PropertyType.String : property.Tag.Type;
        var typeName = Types.First(pair => pair.Value == type).Key;
        return new ExtendedPropertyId(typeName, type, property.Name is null ? property.Tag.Id : null, property.Name);
    }

    /// <summary>The property's value as Graph writes it; null when the bag lacks it or it has another type.</summary>
    public string? ReadFrom(PropertyBag bag)
    {
        var value = Name is not null ? FindNamed(bag) : bag.Find(property => property.Name is null && property.Tag.Id == Tag)?.Value;
        return value switch
        {
            string text => Type == PropertyType.String ? text : null,
            byte[] bytes => Type == PropertyType.Binary ? Convert.ToBase64String(bytes) : null,
            DateTime time => Type == PropertyType.Time ? time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : null,
            bool flag => Type == PropertyType.Boolean ? (flag ? "true" : "false") : null,
            IFormattable number when value is not Array => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    /// <summary>Sets the property to a value as Graph writes it.</summary>
    /// <exception cref="MailboxException">ErrorInvalidProperty: the value is none of this type.</exception>
    public void WriteTo(PropertyBag bag, string text)
    {
        var value = Value(text);
        if (Name is not null) bag.Set(Name, Type, value);
        else bag.Set(new PropertyTag(Tag!.Value, Type), value);
    }

    private object Value(string text)
    {
        try
        {
            return Type switch
            {
                PropertyType.String => text,
                PropertyType.Binary => Convert.FromBase64String(text),
                PropertyType.Boolean => bool.Parse(text),
                PropertyType.Integer16 => short.Parse(text, CultureInfo.InvariantCulture),
                PropertyType.Integer32 => int.Parse(text, CultureInfo.InvariantCulture),
                PropertyType.Integer64 => long.Parse(text, CultureInfo.InvariantCulture),
                PropertyType.Time => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime,
                _ => throw new FormatException(),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new MailboxException("ErrorInvalidProperty", $"'{text}' is no value of the property '{Canonical}'.");
        }
    }

    // String names compare without regard to case on Exchange.
    private object? FindNamed(PropertyBag bag) => bag.Find(property =>
        property.Name is { } name && name.PropertySet == Name!.PropertySet && name.Lid == Name.Lid
        && string.Equals(name.Name, Name.Name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static uint Hex(Group group) => uint.Parse(group.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<type>\w+) (?:0x(?<tag>[0-9A-F]{1,4})|\{?(?<set>[0-9A-F-]{36})\}? (?:Id 0x(?<lid>[0-9A-F]{1,8})|Name (?<name>.+)))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
