using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Get-Recipient.</summary>
internal sealed partial class RecipientCmdlets(RecipientLookup recipients)
{
    public IEnumerable<Cmdlet> All =>
        [new("Get-Recipient", [],
            ["Identity", "Filter", "RecipientTypeDetails", "RecipientType", "ResultSize", "SortBy", "Properties", "PropertySet"], Get)];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var found = call.Text("Identity") is { } identity ? [recipients.Get(identity)] : recipients.All;
        if (call.Texts("RecipientTypeDetails") is { } types)
        {
            var wanted = types.SelectMany(type => type.Split(',', StringSplitOptions.TrimEntries)).Select(Parse).ToHashSet();
            found = found.Where(recipient => wanted.Contains(recipient.Type));
        }

        if (call.Text("Filter") is { } filter) found = found.Where(Condition(filter)).ToList();
        return found.Select(recipient => RecipientValues.Of(recipient, recipients));
    }

    private static RecipientTypeDetails Parse(string type) => Enum.TryParse<RecipientTypeDetails>(type, ignoreCase: true, out var parsed)
        ? parsed
        : throw CmdletException.Transformation("RecipientTypeDetails", type,
            "Microsoft.Exchange.Data.Directory.Recipient.RecipientTypeDetails[]");

    private static Func<TenantRecipient, bool> Condition(string filter)
    {
        if (Equality().Match(filter) is not { Success: true } match)
            throw CmdletException.Validation($"The filter \"{filter}\" is not one that the lab's tenant knows.");
        var value = match.Groups["value"].Value.Replace("''", "'");
        return match.Groups["property"].Value.ToLowerInvariant() switch
        {
            "emailaddresses" =>
                recipient => recipient.EmailAddresses.Contains(ProxyAddress.Normalize(value), StringComparer.OrdinalIgnoreCase),
            "primarysmtpaddress" => recipient => value.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase),
            "alias" => recipient => value.Equals(recipient.Alias, StringComparison.OrdinalIgnoreCase),
            "name" => recipient => value.Equals(recipient.Name, StringComparison.OrdinalIgnoreCase),
            _ => throw CmdletException.Validation($"The property in the filter \"{filter}\" is not one that the lab's tenant knows."),
        };
    }

    [GeneratedRegex(@"^\s*\(?\s*(?<property>\w+)\s+-eq\s+['""](?<value>.*)['""]\s*\)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Equality();
}
