using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>Sorts the rows of a contents table and puts them into categories. Source: [MS-OXCTABL] 3.2.5.3, [MS-OXCDATA] 2.13.</summary>
internal sealed class TableOrdering
{
    private readonly SortOrder[] orders;
    private readonly int[] levels;
    private readonly int expandedLevels;
    private readonly PropertyTag[] columns;

    public TableOrdering(SortTableRequest sort)
    {
        orders = [.. sort.Orders];
        // A maximum belongs to the category column before it and makes no level of its own.
        levels = [.. Enumerable.Range(0, sort.CategoryCount).Where(place => orders[place].Direction != SortDirection.MaximumCategory)];
        expandedLevels = sort.ExpandedCount;
        columns = [.. orders.Select(order => order.Column), PropertyTags.Read];
    }

    public bool HasCategories => levels.Length > 0;

    /// <summary>The rows, or the headers that hold them, in order.</summary>
    public IReadOnlyList<TableRow> Arrange(IEnumerable<TableRow> rows)
    {
        var keyed = rows.Select(row => new Keyed(row, KeysOf(row))).ToList();
        keyed.Sort(Compare);
        return Categorise(keyed, 0, []);
    }

    private (object?[] Values, bool IsRead) KeysOf(TableRow row)
    {
        var values = row.Read(columns);
        return ([.. orders.Select(order => values[order.Column])], values[PropertyTags.Read] is not false);
    }

    private int Compare(Keyed x, Keyed y)
    {
        for (var i = 0; i < orders.Length; i++)
        {
            var order = ValueOrder.Instance.Compare(x.Keys.Values[i], y.Keys.Values[i]);
            if (order != 0) return orders[i].Direction == SortDirection.Descending ? -order : order;
        }
        return x.Row.Id.CompareTo(y.Row.Id);
    }

    private List<TableRow> Categorise(List<Keyed> rows, int level, PropertyBag above)
    {
        if (level == levels.Length)
        {
            foreach (var row in rows) row.Row.Depth = level;
            return [.. rows.Select(row => row.Row)];
        }
        var groups = Runs(rows, levels[level]);
        return [.. ByMaximum(groups, levels[level]).Select(group => Category(group, level, above))];
    }

    /// <summary>Rows that follow each other with the same value.</summary>
    private static List<List<Keyed>> Runs(List<Keyed> rows, int key)
    {
        var groups = new List<List<Keyed>>();
        foreach (var row in rows)
        {
            if (groups is [.., var last] && ValueOrder.Instance.Compare(last[0].Keys.Values[key], row.Keys.Values[key]) == 0) last.Add(row);
            else groups.Add([row]);
        }
        return groups;
    }

    private IEnumerable<List<Keyed>> ByMaximum(List<List<Keyed>> groups, int key)
    {
        var maximum = key + 1;
        if (maximum >= orders.Length || orders[maximum].Direction != SortDirection.MaximumCategory) return groups;
        object? Greatest(List<Keyed> group) => group.Select(row => row.Keys.Values[maximum]).Max(ValueOrder.Instance);
        return orders[key].Direction == SortDirection.Descending
            ? groups.OrderByDescending(Greatest, ValueOrder.Instance)
            : groups.OrderBy(Greatest, ValueOrder.Instance);
    }

    private CategoryRow Category(List<Keyed> rows, int level, PropertyBag above)
    {
        var key = levels[level];
        var values = new PropertyBag(above);
        if (rows[0].Keys.Values[key] is { } value) values.Set(orders[key].Column, value);
        values.Set(PropertyTags.ContentCount, rows.Count).Set(PropertyTags.ContentUnreadCount, rows.Count(row => !row.Keys.IsRead));
        return new CategoryRow(IdOf(values, level), values)
        {
            Depth = level,
            Children = Categorise(rows, level + 1, values),
            IsExpanded = level < expandedLevels,
        };
    }

    // The same category has the same id in every table, so that a collapse state fits there too; its replica id 0 is no message's.
    private long IdOf(PropertyBag values, int level)
    {
        var text = new StringBuilder();
        for (var i = 0; i <= level; i++) text.Append(orders[levels[i]].Column).Append('=').Append(Text(values[orders[levels[i]].Column])).Append('\n');
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))) << 16;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => text.ToUpperInvariant(),
        Array list => string.Join(',', list.Cast<object>().Select(Text)),
        _ => FormattableString.Invariant($"{value}"),
    };

    private sealed record Keyed(TableRow Row, (object?[] Values, bool IsRead) Keys);
}
