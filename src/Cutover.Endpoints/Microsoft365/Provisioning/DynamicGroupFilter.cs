using System.Text.RegularExpressions;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// The filter of a dynamic distribution group (OPATH), as Exchange Online takes it: without the conditions that every Exchange adds by itself, and only where each
/// property means the same in the cloud. Source: Microsoft's page "Filterable properties for the RecipientFilter parameter".
/// </summary>
internal static partial class DynamicGroupFilter
{
    // What names a place on the old premises.
    private static readonly HashSet<string> OfThePremises = new(StringComparer.OrdinalIgnoreCase)
    {
        "ActiveSyncMailboxPolicy", "AddressListMembership", "ArchiveDatabase", "Database", "DistinguishedName", "ExchangeObjectId", "Guid", "HomeMTA", "Id", "LegacyExchangeDN",
        "ManagedBy", "Manager", "MemberOfGroup", "ObjectCategory", "OrganizationalUnit", "OriginatingServer", "OwaMailboxPolicy", "PoliciesIncluded", "RetentionPolicy", "ServerLegacyDN", "ServerName", "Sid",
    };

    /// <summary>The filter for Exchange Online; null with the reason where one of its properties means nothing there.</summary>
    public static (string? Filter, string? Why) Translate(string filter)
    {
        var own = WithoutAdditions(filter.Trim());
        var strange = Properties().Matches(own).Select(match => match.Groups["property"].Value).FirstOrDefault(OfThePremises.Contains);
        return strange is null ? (own, null) : (null, $"its filter asks for {strange}, which names something of the old premises");
    }

    /// <summary>Takes out each "-and (…)" whose brackets hold one of Exchange's own conditions; all other brackets keep their other half.</summary>
    private static string WithoutAdditions(string filter)
    {
        for (var at = 0; Conjunction().Match(filter, at) is { Success: true } match;)
        {
            var end = EndOfBrackets(filter, match.Index + match.Length - 1);
            if (end > 0 && AddedByExchange().IsMatch(filter[(match.Index + match.Length - 1)..end])) filter = filter.Remove(match.Index, end - match.Index);
            else at = match.Index + match.Length;
        }

        return filter;
    }

    /// <summary>The place after the bracket that closes the one at <paramref name="start"/>; 0 where none does.</summary>
    private static int EndOfBrackets(string filter, int start)
    {
        var (depth, isQuoted) = (0, false);
        for (var i = start; i < filter.Length; i++)
        {
            if (filter[i] == '\'') isQuoted = !isQuoted;
            else if (!isQuoted) depth += filter[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0) return i + 1;
        }

        return 0;
    }

    [GeneratedRegex(@"\s*-and\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex Conjunction();

    // (-not(Name -like 'SystemMailbox{*')), (-not(RecipientTypeDetailsValue -eq 'ArbitrationMailbox')) …
    [GeneratedRegex(@"^\(+\s*-not\s*\(+\s*(Name\s+-like\s+'(SystemMailbox\{\*|CAS_\{\*)'|RecipientTypeDetailsValue\s+-eq\s+'(MailboxPlan|DiscoveryMailbox|PublicFolderMailbox|ArbitrationMailbox|AuditLogMailbox|AuxAuditLogMailbox|SupervisoryReviewPolicyMailbox|GuestMailUser)')[\s)]*$", RegexOptions.IgnoreCase)]
    private static partial Regex AddedByExchange();

    [GeneratedRegex(@"(?<property>\w+)\s+-(eq|ne|like|notlike|lt|le|gt|ge)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Properties();
}
