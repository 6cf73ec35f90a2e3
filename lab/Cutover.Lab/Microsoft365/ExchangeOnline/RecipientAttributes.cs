using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Parameters that many recipient cmdlets share, and where the directory keeps them.</summary>
internal static partial class RecipientAttributes
{
    // Exchange's parameter, Graph's attribute.
    private static readonly (string Parameter, string Attribute)[] Details =
    [
        ("FirstName", "givenName"), ("LastName", "surname"), ("Initials", "initials"), ("Title", "jobTitle"),
        ("Department", "department"), ("Company", "companyName"), ("Office", "officeLocation"), ("Phone", "businessPhone"),
        ("MobilePhone", "mobilePhone"), ("Fax", "faxNumber"), ("StreetAddress", "streetAddress"), ("City", "city"),
        ("StateOrProvince", "state"), ("PostalCode", "postalCode"), ("CountryOrRegion", "country"), ("UsageLocation", "usageLocation"),
        ("HomePhone", "homePhone"), ("Pager", "pager"), ("Notes", "notes"), ("WebPage", "webPage"),
    ];

    public static readonly string[] ContactParameters = [.. Details.Select(detail => detail.Parameter)];

    public static readonly string[] CustomAttributes = [.. Enumerable.Range(1, 15).Select(number => $"CustomAttribute{number}")];

    /// <summary>The recipient with the details that the call gives.</summary>
    public static TenantRecipient ApplyDetails(TenantRecipient recipient, CmdletCall call)
    {
        foreach (var (parameter, attribute) in Details)
            if (call.Has(parameter)) recipient = recipient.With(attribute, Checked(parameter, call.Text(parameter)));
        return recipient;
    }

    /// <summary>Name, alias, display name and visibility.</summary>
    public static TenantRecipient ApplyNames(TenantRecipient recipient, CmdletCall call) => recipient with
    {
        Name = call.Text("Name") ?? recipient.Name,
        DisplayName = call.Text("DisplayName") ?? recipient.DisplayName,
        Alias = call.Text("Alias") is { } alias ? CheckedAlias(alias) : recipient.Alias,
        HiddenFromAddressLists = call.Flag("HiddenFromAddressListsEnabled") ?? recipient.HiddenFromAddressLists,
    };

    /// <summary>Who may send on behalf.</summary>
    public static TenantRecipient ApplySendOnBehalf(TenantRecipient recipient, CmdletCall call, RecipientLookup recipients)
    {
        if (!call.Has("GrantSendOnBehalfTo")) return recipient;
        var removed = recipients.Ids(call.Removed("GrantSendOnBehalfTo"));
        // Ids make every way of naming the same recipient comparable.
        var identities = call.MultiValued("GrantSendOnBehalfTo", [.. recipient.GrantSendOnBehalfTo.Select(id => id.ToString())]) ?? [];
        return recipient with { GrantSendOnBehalfTo = [.. recipients.Ids(identities).Except(removed)] };
    }

    /// <summary>What the lab keeps without acting on it.</summary>
    public static TenantRecipient ApplySettings(TenantRecipient recipient, CmdletCall call, IEnumerable<string> parameters)
    {
        var settings = new Dictionary<string, string>(recipient.Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in parameters)
            if (call.Json(parameter) is { } json) settings[parameter] = json;
        return recipient with { Settings = settings };
    }

    public static string CheckedAlias(string alias) =>
        Alias().IsMatch(alias) ? alias : throw CmdletException.Validation($"The property Alias with value '{alias}' is invalid.");

    /// <summary>The alias that Exchange makes of a name when none is given.</summary>
    public static string AliasOf(string name)
    {
        var alias = new string([.. name.Where(each => char.IsAsciiLetterOrDigit(each) || each is '.' or '-' or '_')]).Trim('.');
        return alias.Length == 0 ? Guid.NewGuid().ToString("N") : alias[..Math.Min(64, alias.Length)];
    }

    private static string? Checked(string parameter, string? value) =>
        parameter is "CountryOrRegion" or "UsageLocation" && !string.IsNullOrEmpty(value) && !Country().IsMatch(value)
            ? throw CmdletException.Transformation(parameter, value, "Microsoft.Exchange.Data.Directory.CountryInfo")
            : value;

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$")]
    private static partial Regex Alias();

    [GeneratedRegex("^[A-Za-z]{2}$")]
    private static partial Regex Country();
}
