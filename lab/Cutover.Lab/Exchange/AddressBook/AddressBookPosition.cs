using Cutover.Mapi.AddressBook;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>Where a STAT stands in a table of so many rows. Source: [MS-OXNSPI] 3.1.4.5 (positioning in a table).</summary>
internal static class AddressBookPosition
{
    /// <summary>The row that the STAT means after its Delta, from 0 to the number of rows; null when it names an object that is not there.</summary>
    public static int? Of(NspiStat stat, IReadOnlyList<AddressBookObject> rows)
    {
        var start = stat.CurrentRec switch
        {
            MinimalEntryId.BeginningOfTable => 0,
            MinimalEntryId.EndOfTable => rows.Count,
            MinimalEntryId.Current => Fraction(stat, rows.Count),
            _ => IndexOf(stat.CurrentRec, rows),
        };
        return start < 0 ? null : Math.Clamp(start + stat.Delta, 0, rows.Count);
    }

    /// <summary>The STAT that stands at this row.</summary>
    public static NspiStat At(this NspiStat stat, int row, IReadOnlyList<AddressBookObject> rows) => stat with
    {
        CurrentRec = row < rows.Count ? rows[row].MinimalId : MinimalEntryId.EndOfTable,
        Delta = 0,
        NumPos = (uint)row,
        TotalRecs = (uint)rows.Count,
    };

    private static int Fraction(NspiStat stat, int count) =>
        stat.TotalRecs == 0 ? 0 : (int)Math.Min((ulong)count, (ulong)stat.NumPos * (ulong)count / stat.TotalRecs);

    private static int IndexOf(uint minimalId, IReadOnlyList<AddressBookObject> rows)
    {
        for (var i = 0; i < rows.Count; i++)
            if (rows[i].MinimalId == minimalId)
                return i;
        return -1;
    }
}
