namespace Cutover.Core.Recipients;

/// <summary>The order in which groups are filled: those that are members of others first.</summary>
internal sealed class NestedGroups(IEnumerable<Recipient> groups)
{
    private readonly Dictionary<string, Recipient> byName = groups.DistinctBy(group => group.LegacyExchangeDN, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.LegacyExchangeDN, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> depths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Groups without groups in them, then groups of those, and so on. Groups that hold each other come where they are met first.</summary>
    public IEnumerable<IReadOnlyList<Recipient>> InnermostFirst() =>
        byName.Values.GroupBy(Depth).OrderBy(level => level.Key).Select(level => (IReadOnlyList<Recipient>)[.. level]);

    private int Depth(Recipient group)
    {
        if (depths.TryGetValue(group.LegacyExchangeDN, out var known)) return known;
        // Stands while its members are looked at, so that a circle ends.
        depths[group.LegacyExchangeDN] = 0;
        var nested = group.Members.Select(member => byName.GetValueOrDefault(member)).OfType<Recipient>();
        return depths[group.LegacyExchangeDN] = nested.Select(Depth).DefaultIfEmpty(-1).Max() + 1;
    }
}
