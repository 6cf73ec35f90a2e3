using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>A row of a table: reads, when it is asked, at least the columns that it is given.</summary>
/// <param name="id">Finds the row again when the table has changed: the wire id of a message or folder, the number of anything else.</param>
internal class TableRow(long id, Func<IReadOnlyList<PropertyTag>, PropertyBag> read)
{
    private const int LeafRow = 1;

    public long Id => id;

    /// <summary>How many headers stand above the row.</summary>
    public int Depth { get; set; }

    /// <summary>The whole message behind a row of a contents table, for restrictions on recipients and attachments.</summary>
    public Func<MapiMessage?> OpenMessage { get; init; } = () => null;

    /// <summary>PidTagRowType. Source: [MS-OXCTABL] 2.2.1.3.</summary>
    public virtual int Type => LeafRow;

    /// <summary>The columns with those that belong to the table and not to the object. Source: [MS-OXCTABL] 2.2.1.</summary>
    public PropertyBag Read(IReadOnlyList<PropertyTag> columns)
    {
        var row = read(columns);
        foreach (var column in columns)
        {
            if (column.Id == PropertyTags.InstID.Id) row.Set(PropertyTags.InstID, Id);
            else if (column.Id == PropertyTags.InstanceNum.Id) row.Set(PropertyTags.InstanceNum, 0);
            else if (column.Id == PropertyTags.RowType.Id) row.Set(PropertyTags.RowType, Type);
            else if (column.Id == PropertyTags.Depth.Id && row[PropertyTags.Depth] is null) row.Set(PropertyTags.Depth, Depth);
        }
        return row;
    }
}

/// <summary>The header of a category: rows with the same values in the columns down to its level. Source: [MS-OXCTABL] 1.3.1, 2.2.1.</summary>
internal sealed class CategoryRow(long id, PropertyBag values) : TableRow(id, _ => new PropertyBag(values))
{
    private const int EmptyCategory = 2;
    private const int ExpandedCategory = 3;
    private const int CollapsedCategory = 4;

    /// <summary>What lies one level below: categories, or the rows themselves.</summary>
    public required IReadOnlyList<TableRow> Children { get; init; }

    public bool IsExpanded { get; set; }

    public override int Type => Children.Count == 0 ? EmptyCategory : IsExpanded ? ExpandedCategory : CollapsedCategory;

    /// <summary>What comes into view below the header.</summary>
    public IEnumerable<TableRow> Visible() => IsExpanded ? Children.SelectMany(SelfAndVisible) : [];

    /// <summary>This category and those below it.</summary>
    public IEnumerable<CategoryRow> SelfAndBelow() => Children.OfType<CategoryRow>().SelectMany(child => child.SelfAndBelow()).Prepend(this);

    public static IEnumerable<TableRow> SelfAndVisible(TableRow row) => row is CategoryRow category ? category.Visible().Prepend(row) : [row];
}
