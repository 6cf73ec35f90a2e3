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

    /// <param name="limit">Longer strings and binaries are cut.</param>
    public static PropertyRow Of(MailboxStore mailbox, PropertyBag bag, IReadOnlyList<PropertyTag> columns, int limit) =>
        new(columns.Select(column => Cut(ValueOf(mailbox, bag, column), limit)).ToArray());

    /// <summary>A row in which a value that is too long is an error instead. Source: [MS-OXCPRPT] 3.2.5.1.</summary>
    public static PropertyRow OfProperties(MailboxStore mailbox, PropertyBag bag, IReadOnlyList<PropertyTag> columns, int limit) =>
        new(columns.Select(column => Refuse(ValueOf(mailbox, bag, column), limit)).ToArray());

    private static object ValueOf(MailboxStore mailbox, PropertyBag bag, PropertyTag column)
    {
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

    private static object Refuse(object value, int limit) => value switch
    {
        string text when text.Length * 2 > limit => new PropertyError(MapiErrorCode.NotEnoughMemory),
        byte[] bytes when bytes.Length > limit => new PropertyError(MapiErrorCode.NotEnoughMemory),
        _ => value,
    };
}
