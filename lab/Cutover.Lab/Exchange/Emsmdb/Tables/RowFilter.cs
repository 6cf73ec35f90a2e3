using System.Diagnostics;
using System.Globalization;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>Tells which rows meet a restriction. Source: [MS-OXCDATA] 2.12.</summary>
internal sealed class RowFilter(MailboxStore mailbox, Restriction restriction)
{
    private readonly PropertyTag[] columns = [.. TagsOf(restriction).Distinct()];

    public bool Matches(TableRow row) => Matches(restriction, row.Read(columns), row.OpenMessage);

    /// <summary>The same question about a message that is in no table.</summary>
    public bool Matches(MapiMessage message) => Matches(restriction, message.Properties, () => message);

    private bool Matches(Restriction part, PropertyBag row, Func<MapiMessage?> open) => part switch
    {
        Restriction.And all => all.Parts.All(each => Matches(each, row, open)),
        Restriction.Or any => any.Parts.Any(each => Matches(each, row, open)),
        Restriction.Not not => !Matches(not.Part, row, open),
        Restriction.Content content => Elements(ValueOf(row, content.Tag)).Any(value => Holds(value, content)),
        Restriction.Property property => Elements(ValueOf(row, property.Tag)).Any(value => Compares(value, property.Operator, property.Value.Value)),
        Restriction.CompareProperties compare => Compares(ValueOf(row, compare.First), compare.Operator, ValueOf(row, compare.Second)),
        Restriction.BitMask bits => ValueOf(row, bits.Tag) is int value && ((value & (int)bits.Mask) != 0) == bits.IsNotZero,
        Restriction.Size size => ValueOf(row, size.Tag) is { } value && Compares(SizeOf(value), size.Operator, (int)size.Bytes),
        Restriction.Exist exist => ValueOf(row, exist.Tag) is not null,
        Restriction.SubObject sub => SubObjects(sub.Table, open()).Any(each => Matches(sub.Part, each, () => null)),
        Restriction.Comment comment => comment.Part is null || Matches(comment.Part, row, open),
        Restriction.Count count => Matches(count.Part, row, open),
        _ => throw new UnreachableException(),
    };

    private object? ValueOf(PropertyBag row, PropertyTag tag) =>
        tag.IsNamed ? mailbox.PropertyNameOf(tag.Id) is { } name ? row[name] : null : row[tag];

    // A multiple-value property meets a condition when one of its values does. Source: [MS-OXCDATA] 2.12.5.
    private static IEnumerable<object?> Elements(object? value) =>
        value is byte[] or not Array ? [value] : ((Array)value).Cast<object?>();

    private static bool Compares(object? value, RelationalOperator relation, object? other)
    {
        if (value is null || other is null) return relation == RelationalOperator.NotEqual && (value is null) != (other is null);
        var order = ValueOrder.Instance.Compare(value, other);
        return relation switch
        {
            RelationalOperator.LessThan => order < 0,
            RelationalOperator.LessThanOrEqual => order <= 0,
            RelationalOperator.GreaterThan => order > 0,
            RelationalOperator.GreaterThanOrEqual => order >= 0,
            RelationalOperator.Equal => order == 0,
            RelationalOperator.NotEqual => order != 0,
            _ => false,
        };
    }

    private static bool Holds(object? value, Restriction.Content content) => (value, content.Value.Value) switch
    {
        (string text, string sought) => Holds(text, sought, content),
        (byte[] bytes, byte[] sought) => content.Level switch
        {
            FuzzyLevel.FullString => bytes.AsSpan().SequenceEqual(sought),
            FuzzyLevel.Prefix => bytes.AsSpan().StartsWith(sought),
            _ => bytes.AsSpan().IndexOf(sought) >= 0,
        },
        _ => false,
    };

    private static bool Holds(string text, string sought, Restriction.Content content)
    {
        var compare = CultureInfo.InvariantCulture.CompareInfo;
        var options = (content.Options & (FuzzyOptions.IgnoreCase | FuzzyOptions.Loose)) != 0 ? CompareOptions.OrdinalIgnoreCase : CompareOptions.Ordinal;
        return content.Level switch
        {
            FuzzyLevel.FullString => compare.Compare(text, sought, options) == 0,
            FuzzyLevel.Prefix => compare.IsPrefix(text, sought, options),
            _ => compare.IndexOf(text, sought, options) >= 0,
        };
    }

    private static int SizeOf(object value) => value switch
    {
        byte[] bytes => bytes.Length,
        string text => (text.Length + 1) * 2,
        Array list => list.Cast<object>().Sum(SizeOf),
        long or double or DateTime => 8,
        Guid => 16,
        short or bool => 2,
        _ => 4,
    };

    private static IEnumerable<PropertyBag> SubObjects(PropertyTag table, MapiMessage? message) => message switch
    {
        null => [],
        _ when table.Id == PropertyTags.MessageRecipients.Id => message.Recipients,
        _ when table.Id == PropertyTags.MessageAttachments.Id => message.Attachments.Select(attachment => attachment.Properties),
        _ => [],
    };

    private static IEnumerable<PropertyTag> TagsOf(Restriction restriction) => restriction switch
    {
        Restriction.And all => all.Parts.SelectMany(TagsOf),
        Restriction.Or any => any.Parts.SelectMany(TagsOf),
        Restriction.Not not => TagsOf(not.Part),
        Restriction.Content content => [content.Tag],
        Restriction.Property property => [property.Tag],
        Restriction.CompareProperties compare => [compare.First, compare.Second],
        Restriction.BitMask bits => [bits.Tag],
        Restriction.Size size => [size.Tag],
        Restriction.Exist exist => [exist.Tag],
        Restriction.Comment { Part: { } part } => TagsOf(part),
        Restriction.Count count => TagsOf(count.Part),
        _ => [],
    };
}
