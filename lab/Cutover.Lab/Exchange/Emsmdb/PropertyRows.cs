using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Turns properties into rows of the columns that a client asked for.</summary>
internal static class PropertyRows
{
    /// <summary>Characters or bytes of a value that a table shows; the rest is cut off. Source: [MS-OXCTABL] 3.2.5.5.</summary>
    public const int TableLimit = 255;

    // The flag of a value and a code, with the type where the column has none.
    private const int ErrorSize = 7;
    private const int TagSize = 4;
    private const int TaggedErrorSize = 8;

    /// <param name="limit">Longer strings and binaries are cut.</param>
    public static PropertyRow Of(MailboxStore mailbox, PropertyBag bag, IReadOnlyList<PropertyTag> columns, int limit) =>
        new(columns.Select(column => Cut(ValueOf(mailbox, bag, column), limit)).ToArray());

    /// <summary>
    /// A row that fits into so many bytes: a value that would not, with room kept for an error in each later column, is an error. Source:
    /// [MS-OXCPRPT] 3.2.5.1.
    /// </summary>
    public static PropertyRow OfProperties(MailboxStore mailbox, PropertyBag bag, IReadOnlyList<PropertyTag> columns, bool unicode, int room)
    {
        var values = new object[columns.Count];
        room -= columns.Count * ErrorSize;
        for (var i = 0; i < values.Length; i++)
        {
            var value = ValueOf(mailbox, bag, columns[i]);
            values[i] = columns[i].Type == PropertyType.Unspecified ? Typed(bag, mailbox, columns[i], value, unicode) : value;
            var size = SizeOf(values[i]);
            if (size > room + ErrorSize) values[i] = new PropertyError(MapiErrorCode.NotEnoughMemory);
            else room -= Math.Max(0, size - ErrorSize);
        }
        return new PropertyRow(values);
    }

    /// <summary>All these properties in so many bytes, strings as the client wants them; one that is too big tells so by its type.</summary>
    public static IReadOnlyList<PropertyValue> All(IReadOnlyList<PropertyValue> properties, bool unicode, int room)
    {
        var values = new List<PropertyValue>();
        room -= properties.Count * TaggedErrorSize;
        foreach (var property in properties)
        {
            var tag = property.Tag.WithType(unicode ? property.Tag.Type : Narrow(property.Tag.Type));
            var size = SizeOf(property.Value) + TagSize;
            var fits = size <= room + TaggedErrorSize;
            values.Add(fits
                ? new PropertyValue(tag, property.Value)
                : new PropertyValue(tag.WithType(PropertyType.ErrorCode), unchecked((int)MapiErrorCode.NotEnoughMemory)));
            if (fits) room -= Math.Max(0, size - TaggedErrorSize);
        }
        return values;
    }

    // Where the column has no type the value tells its own, which a Currency or an 8-bit string can't.
    private static object Typed(PropertyBag bag, MailboxStore mailbox, PropertyTag column, object value, bool unicode)
    {
        if (value is PropertyError || bag.TypeOf(mailbox, column) is not { } type) return value;
        return new TypedValue(unicode ? type : Narrow(type), value);
    }

    private static PropertyType Narrow(PropertyType type) => type switch
    {
        PropertyType.String => PropertyType.String8,
        PropertyType.MultipleString => PropertyType.MultipleString8,
        _ => type,
    };

    private static int SizeOf(object value) => value switch
    {
        TypedValue typed => 2 + SizeOf(typed.Value),
        string text => 3 + text.Length * 2,
        byte[] bytes => 3 + bytes.Length,
        Array list => 5 + list.Cast<object>().Sum(SizeOf),
        Guid => 17,
        _ => 9,
    };

    private static object ValueOf(MailboxStore mailbox, PropertyBag bag, PropertyTag column)
    {
        // An object is opened, not read. Source: [MS-OXCDATA] 2.11.1.5.
        if (column.Type == PropertyType.Object) return new PropertyError(MapiErrorCode.NotFound);
        var value = column.IsNamed
            ? mailbox.PropertyNameOf(column.Id) is { } name ? bag[name] : null
            : bag[column];
        return value is null ? new PropertyError(MapiErrorCode.NotFound) : Convert(value, column.Type);
    }

    private static object Convert(object value, PropertyType type) => (value, type) switch
    {
        (PropertyError, _) or (_, PropertyType.Unspecified) => value,
        (int number, PropertyType.Integer64) => (long)number,
        (long number, PropertyType.Integer32) => (int)Math.Min(number, int.MaxValue),
        (byte[] bytes, PropertyType.Binary or PropertyType.Object or PropertyType.ServerId) => bytes,
        (string text, PropertyType.String or PropertyType.String8) => text,
        (int number, PropertyType.ErrorCode) => number,
        (long number, PropertyType.Currency) => number,
        (double number, PropertyType.FloatingTime) => number,
        _ => Matches(value, type) ? value : new PropertyError(MapiErrorCode.NotFound),
    };

    private static bool Matches(object value, PropertyType type)
    {
        if (type.IsMultipleValue()) return value is Array and not byte[];
        return value is not Array && RopPropertyValue.TypeOf(value) == type;
    }

    private static object Cut(object value, int limit) => value switch
    {
        string text when text.Length > limit => text[..limit],
        byte[] bytes when bytes.Length > limit => bytes[..limit],
        _ => value,
    };
}
