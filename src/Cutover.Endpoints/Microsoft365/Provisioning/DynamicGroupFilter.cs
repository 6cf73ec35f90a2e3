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
        var own = Balanced(AddedByExchange().Replace(filter, ""));
        var strange = Properties().Matches(own).Select(match => match.Groups["property"].Value).FirstOrDefault(OfThePremises.Contains);
        return strange is null ? (own, null) : (null, $"its filter asks for {strange}, which names something of the old premises");
    }

    /// <summary>Takes away the brackets around the whole that lost their other half, or are one pair too many.</summary>
    private static string Balanced(string filter)
    {
        var text = filter.Trim();
        while (Excess(text) is var excess && excess != 0)
        {
            if (excess > 0 && text.StartsWith('(')) text = text[1..].TrimStart();
            else if (excess < 0 && text.EndsWith(')')) text = text[..^1].TrimEnd();
            else break;
        }

        return text;
    }

    private static int Excess(string text)
    {
        var (depth, quoted) = (0, false);
        foreach (var character in text)
        {
            if (character == '\'') quoted = !quoted;
            else if (!quoted) depth += character switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return depth;
    }

    // -and (-not(Name -like 'SystemMailbox{*')) -and (-not(RecipientTypeDetailsValue -eq 'ArbitrationMailbox')) …
    [GeneratedRegex(@"\s*-and\s*\(+\s*-not\s*\(+\s*(Name\s+-like\s+'(SystemMailbox\{\*|CAS_\{\*)'|RecipientTypeDetailsValue\s+-eq\s+'(MailboxPlan|DiscoveryMailbox|PublicFolderMailbox|ArbitrationMailbox|AuditLogMailbox|AuxAuditLogMailbox|SupervisoryReviewPolicyMailbox|GuestMailUser)')\s*\)\s*\)+", RegexOptions.IgnoreCase)]
    private static partial Regex AddedByExchange();

    [GeneratedRegex(@"(?<property>\w+)\s+-(eq|ne|like|notlike|lt|le|gt|ge)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Properties();
}
