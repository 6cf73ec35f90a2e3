using System.Text.Json;
using Dapper;

namespace Cutover.Lab.Exchange.Store;

/// <summary>What a search folder shows.</summary>
/// <param name="Restriction">As [MS-OXCDATA] 2.12 serialises it.</param>
/// <param name="Scope">The counters of the folders that are searched.</param>
/// <param name="Found">The counters of what a static search found; null for a dynamic one, which is searched anew each time.</param>
public sealed record SearchCriteria(byte[] Restriction, IReadOnlyList<long> Scope, bool IsRecursive, IReadOnlyList<long>? Found);

/// <content>The criteria of its search folders.</content>
public sealed partial class MailboxStore
{
    /// <summary>The criteria of a search folder; null until some are set.</summary>
    public SearchCriteria? FindSearch(long folder) => store.Read(database => database.QuerySingleOrDefault<SearchRow>(
        "SELECT restriction, scope, is_recursive AS IsRecursive, found FROM search WHERE mailbox = @Number AND folder = @folder",
        new { Number, folder })?.ToCriteria());

    /// <summary>Gives a search folder its criteria.</summary>
    public void SetSearch(long folder, SearchCriteria criteria) => ChangeFolder(folder, database => database.Execute(
        "INSERT OR REPLACE INTO search(mailbox, folder, restriction, scope, is_recursive, found) VALUES (@Number, @folder, @Restriction, @scope, @IsRecursive, @found)",
        new
        {
            Number,
            folder,
            criteria.Restriction,
            scope = JsonSerializer.Serialize(criteria.Scope),
            criteria.IsRecursive,
            found = criteria.Found is null ? null : JsonSerializer.Serialize(criteria.Found),
        }));

    private sealed class SearchRow
    {
        public byte[] Restriction { get; set; } = [];

        public string Scope { get; set; } = "[]";

        public long IsRecursive { get; set; }

        public string? Found { get; set; }

        public SearchCriteria ToCriteria() => new(Restriction, Ids(Scope), IsRecursive != 0, Found is null ? null : Ids(Found));

        private static long[] Ids(string json) => JsonSerializer.Deserialize<long[]>(json) ?? [];
    }
}
