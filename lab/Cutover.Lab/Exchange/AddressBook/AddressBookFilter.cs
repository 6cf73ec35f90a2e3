using Cutover.Mapi.AddressBook;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>Decides whether an object meets a restriction. Source: [MS-OXCDATA] 2.12.</summary>
internal sealed class AddressBookFilter(AddressBookDirectory directory)
{
    /// <summary>PidTagAnr: ambiguous name resolution. Source: [MS-OXPROPS].</summary>
    private const ushort AmbiguousName = 0x360C;

    private const uint Substring = 1;
    private const uint Prefix = 2;

    /// <summary>False for a restriction that asks more than the lab decides.</summary>
    public static bool IsServed(AddressBookRestriction restriction) => restriction switch
    {
        AddressBookRestriction.AllOf all => all.Parts.All(IsServed),
        AddressBookRestriction.AnyOf any => any.Parts.All(IsServed),
        AddressBookRestriction.NotThat not => IsServed(not.Part),
        AddressBookRestriction.Compares compares => compares.RelationalOperator == AddressBookRestriction.Compares.EqualTo,
        AddressBookRestriction.Measures => false,
        AddressBookRestriction.Exists exists => exists.Tag.Id != 0, // No property has the id 0.
        _ => true,
    };

    public bool Meets(AddressBookObject one, AddressBookRestriction restriction) => restriction switch
    {
        AddressBookRestriction.AllOf all => all.Parts.All(part => Meets(one, part)),
        AddressBookRestriction.AnyOf any => any.Parts.Any(part => Meets(one, part)),
        AddressBookRestriction.NotThat not => !Meets(one, not.Part),
        AddressBookRestriction.Exists exists => one.Value(exists.Tag.Id) is not null,
        AddressBookRestriction.Compares { Value.Tag.Id: AmbiguousName, Value.Value: string words } => directory.Resolve(words).Contains(one),
        AddressBookRestriction.Compares { RelationalOperator: AddressBookRestriction.Compares.EqualTo } compares =>
            Texts(one.Value(compares.Value.Tag.Id)).Any(text => Same(text, compares.Value.Value.ToString())),
        AddressBookRestriction.Like like => Texts(one.Value(like.Value.Tag.Id)).Any(text => IsLike(text, like)),
        _ => false,
    };

    private static bool IsLike(string text, AddressBookRestriction.Like like)
    {
        var wanted = like.Value.Value.ToString() ?? "";
        return (like.FuzzyLevel & 0xFFFF) switch
        {
            Substring => text.Contains(wanted, StringComparison.OrdinalIgnoreCase),
            Prefix => text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase),
            _ => Same(text, wanted),
        };
    }

    private static IEnumerable<string> Texts(object? value) => value switch
    {
        null => [],
        string[] texts => texts,
        _ => [value.ToString()!],
    };

    private static bool Same(string a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
