namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>
/// How names are sorted: case counts only between names that are the same otherwise. A real server sorts by the locale of the STAT; the lab has one
/// order for all of them. Source: [MS-OXNSPI] 2.2.6, 3.1.4.4.3.3.
/// </summary>
internal static class AddressBookOrder
{
    public static readonly IComparer<string?> Comparer = StringComparer.InvariantCultureIgnoreCase;

    public static int Compare(string one, string other) => Comparer.Compare(one, other);
}
