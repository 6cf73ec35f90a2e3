using Cutover.Core.Recipients;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>All objects of the address book, and the table of those that are not hidden, sorted by name.</summary>
internal sealed class AddressBookDirectory
{
    private readonly Dictionary<uint, AddressBookObject> byMinimalId;
    private readonly Dictionary<string, AddressBookObject> byLegacyExchangeDN;
    private ILookup<string, string> groups = Array.Empty<string>().ToLookup(name => name);

    public AddressBookDirectory(ContosoOrganisation organisation)
    {
        // A minimal id is a recipient's place in the organisation, so it stays the same when the lab starts again.
        var objects = organisation.Recipients.Concat(organisation.Directory.PublicFolders)
            .Select((recipient, index) => new AddressBookObject(
                MinimalEntryId.FirstObject + (uint)index, recipient, organisation.Directory, member => groups[member])).ToList();
        byMinimalId = objects.ToDictionary(one => one.MinimalId);
        byLegacyExchangeDN = objects.ToDictionary(one => one.Recipient.LegacyExchangeDN, StringComparer.OrdinalIgnoreCase);
        CountMembers();
        GlobalAddressList = [.. objects.Where(one => !one.Recipient.HiddenFromAddressLists)
            .OrderBy(one => one.Recipient.DisplayName, AddressBookOrder.Comparer)];
    }

    /// <summary>Looks up anew which groups everybody is in, after a group has changed.</summary>
    public void CountMembers() => groups = byMinimalId.Values
        .SelectMany(group => group.Recipient.Members.Select(member => (Member: member, Group: group.Recipient.LegacyExchangeDN)))
        .ToLookup(pair => pair.Member, pair => pair.Group, StringComparer.OrdinalIgnoreCase);

    /// <summary>What tables show.</summary>
    public IReadOnlyList<AddressBookObject> GlobalAddressList { get; }

    /// <summary>Any object, hidden or not.</summary>
    public AddressBookObject? Find(uint minimalId) => byMinimalId.GetValueOrDefault(minimalId);

    /// <summary>Any object, hidden or not.</summary>
    public AddressBookObject? Find(string legacyExchangeDN) => byLegacyExchangeDN.GetValueOrDefault(legacyExchangeDN);

    /// <summary>The objects of the table that a user's words may mean. Source: [MS-OXNSPI] 3.1.4.7 (ambiguous name resolution).</summary>
    public IReadOnlyList<AddressBookObject> Resolve(string words)
    {
        words = words.Trim();
        if (words.Length == 0) return [];
        var exact = words.TrimStart('=');
        var address = exact.StartsWith("SMTP:", StringComparison.OrdinalIgnoreCase) ? exact["SMTP:".Length..] : exact;
        var named = GlobalAddressList.Where(one => IsNamed(one.Recipient, address)).ToList();
        if (named.Count > 0 || words[0] == '=') return named;
        return [.. GlobalAddressList.Where(one => Begins(one.Recipient, words))];
    }

    private static bool IsNamed(Recipient recipient, string name) =>
        recipient.EmailAddresses.Append($"SMTP:{recipient.PrimarySmtpAddress}").Any(proxy => Same(proxy, $"SMTP:{name}"))
        || Same(recipient.LegacyExchangeDN, name) || Same(recipient.Alias, name) || Same(recipient.DisplayName, name);

    private static bool Begins(Recipient recipient, string words) =>
        new[] { recipient.DisplayName, recipient.Alias, recipient.Details.GivenName, recipient.Details.Surname, recipient.PrimarySmtpAddress }
            .Any(text => text?.StartsWith(words, StringComparison.OrdinalIgnoreCase) == true);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
