using System.Buffers.Binary;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb.Tables;

/// <summary>
/// A table with its columns, order, restriction, bookmarks and cursor. It shows what its mailbox holds when it is asked, so rows come and go.
/// Source: [MS-OXCTABL] 3.2.1.
/// </summary>
internal sealed class TableObject(MailboxStore mailbox, TableKind kind, Func<IReadOnlyList<TableRow>> read) : ServerObject(mailbox)
{
    private const int BookmarkSize = 4;
    private readonly Dictionary<uint, TableRow?> bookmarks = [];
    private readonly HashSet<long> turned = [];
    private IReadOnlyList<TableRow> arranged = [];
    private IReadOnlyList<TableRow>? rows;
    private TableOrdering? ordering;
    private RowFilter? filter;
    private uint lastBookmark;
    private long seen;

    public TableKind Kind => kind;

    /// <summary>Null until RopSetColumns.</summary>
    public IReadOnlyList<PropertyTag>? Columns { get; set; }

    /// <summary>The row at the cursor, counted from 0; the number of rows when the cursor stands behind the last.</summary>
    public int Position { get; set; }

    /// <summary>The rows in view.</summary>
    public IReadOnlyList<TableRow> Rows
    {
        get
        {
            var now = Mailbox.LastCounter;
            // The others change without a change of the store, or by one that has no number.
            var isNumbered = kind is TableKind.Hierarchy or TableKind.Contents;
            if (rows is null || now != seen || !isNumbered) Reread(now);
            return rows!;
        }
    }

    public void Sort(SortTableRequest? sort)
    {
        ordering = sort is null ? null : new TableOrdering(sort);
        turned.Clear();
        StartAgain();
    }

    /// <summary>Null lets every row be seen.</summary>
    public void Restrict(Restriction? restriction)
    {
        filter = restriction is null ? null : new RowFilter(Mailbox, restriction);
        StartAgain();
    }

    public byte[] CreateBookmark(TableRow? row)
    {
        bookmarks.Add(++lastBookmark, row);
        var bytes = new byte[BookmarkSize];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, lastBookmark);
        return bytes;
    }

    public byte[] CreateBookmark() => CreateBookmark(Position < Rows.Count ? Rows[Position] : null);

    public bool FreeBookmark(ReadOnlyMemory<byte> bookmark) => NumberOf(bookmark) is { } number && bookmarks.Remove(number);

    /// <summary>Where a bookmark's row stands, or the row after it when it is no longer visible; null when there is no such bookmark.</summary>
    public (int Position, bool IsVisible)? Find(ReadOnlyMemory<byte> bookmark)
    {
        var now = Rows;
        if (NumberOf(bookmark) is not { } number || !bookmarks.TryGetValue(number, out var row)) return null;
        if (row is null) return (now.Count, true);
        var place = PlaceOf(now, row.Id);
        return place >= 0 ? (place, true) : (PlaceAfter(row, now), false);
    }

    public CategoryRow? FindCategory(long id) => Categories.FirstOrDefault(category => category.Id == id);

    /// <summary>The categories that are not as the sort order left them.</summary>
    public IEnumerable<long> Turned => turned;

    /// <summary>Opens or closes a category; the cursor stays at its row.</summary>
    public void Turn(CategoryRow category)
    {
        var at = Position < Rows.Count ? Rows[Position] : null;
        category.IsExpanded = !category.IsExpanded;
        if (!turned.Remove(category.Id)) turned.Add(category.Id);
        rows = Visible();
        if (at is not null) Position = PlaceOf(rows, at.Id) is var place and >= 0 ? place : PlaceAfter(at, rows);
        else Position = rows.Count;
    }

    /// <summary>Takes columns, order, restriction and bookmarks away.</summary>
    public void Reset()
    {
        Columns = null;
        filter = null;
        Sort(null);
    }

    private IEnumerable<CategoryRow> Categories => arranged.OfType<CategoryRow>().SelectMany(category => category.SelfAndBelow());

    private void StartAgain()
    {
        bookmarks.Clear();
        rows = null;
        Position = 0;
    }

    private void Reread(long now)
    {
        var old = rows;
        var shown = filter is null ? read() : read().Where(filter.Matches).ToList();
        arranged = ordering?.Arrange(shown) ?? shown;
        foreach (var category in Categories.Where(category => turned.Contains(category.Id))) category.IsExpanded = !category.IsExpanded;
        rows = Visible();
        seen = now;
        if (old is not null) KeepCursor(old);
    }

    private IReadOnlyList<TableRow> Visible() => ordering is { HasCategories: true } ? [.. arranged.SelectMany(CategoryRow.SelfAndVisible)] : arranged;

    /// <summary>The cursor stays at its row, or goes to the next one that is still there.</summary>
    private void KeepCursor(IReadOnlyList<TableRow> old)
    {
        var places = new Dictionary<long, int>();
        for (var i = 0; i < rows!.Count; i++) places[rows[i].Id] = i;
        for (var i = Position; i < old.Count; i++)
        {
            if (!places.TryGetValue(old[i].Id, out var place)) continue;
            Position = place;
            return;
        }
        // The cursor stood behind the last row, or everything from it on is gone: new rows may have come there.
        for (var i = Math.Min(Position, old.Count) - 1; i >= 0; i--)
        {
            if (!places.TryGetValue(old[i].Id, out var place)) continue;
            Position = place + 1;
            return;
        }
        Position = 0;
    }

    // A row in a closed category gives its place to what follows the header; for one that is gone, arranged order has no place any more.
    private int PlaceAfter(TableRow row, IReadOnlyList<TableRow> visible)
    {
        var header = Categories.LastOrDefault(category => category.Children.Any(child => child.Id == row.Id));
        if (header is null) return Math.Min(Position, visible.Count);
        var place = PlaceOf(visible, header.Id);
        return place >= 0 ? place + 1 : PlaceAfter(header, visible);
    }

    private static int PlaceOf(IReadOnlyList<TableRow> rows, long id)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Id == id) return i;
        }
        return -1;
    }

    private static uint? NumberOf(ReadOnlyMemory<byte> bookmark) =>
        bookmark.Length == BookmarkSize ? BinaryPrimitives.ReadUInt32LittleEndian(bookmark.Span) : null;
}
