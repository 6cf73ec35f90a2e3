using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>What Graph checks before it creates or changes a user.</summary>
internal sealed partial class UserValidation(Tenant tenant)
{
    private const int MaxAlias = 64;

    private static readonly string[] ReadOnly =
    [
        "id", "proxyAddresses", "imAddresses", "assignedLicenses", "assignedPlans", "provisionedPlans", "licenseAssignmentStates",
        "createdDateTime", "onPremisesSyncEnabled",
    ];

    private static readonly string[] Writable =
        ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile", "businessPhones", "mail", "otherMails",
            .. UserJson.TextAttributes];

    public TenantRecipient NewUser(JsonObject body)
    {
        foreach (var name in (string[])["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"])
            if (body[name] is null) throw Required(name);
        CheckPassword(body.Object("passwordProfile") ?? throw Required("passwordProfile"), isNew: true);
        var principalName = body.Text("userPrincipalName") ?? throw Required("userPrincipalName");
        var id = Guid.NewGuid();
        var user = new TenantRecipient
        {
            Id = id,
            Type = RecipientTypeDetails.User,
            // Exchange Online names users that come from the directory by their object id.
            Name = id.ToString(),
            DisplayName = "",
            Alias = "",
            UserPrincipalName = principalName,
            LegacyExchangeDN = LegacyName.New(tenant.Options, id),
            Created = tenant.Now,
        };
        return Changed(user, body);
    }

    /// <summary>The user with the body's properties.</summary>
    /// <exception cref="GraphException">A property is unknown, read-only or has a value that Graph refuses.</exception>
    public TenantRecipient Changed(TenantRecipient user, JsonObject body)
    {
        foreach (var (name, _) in body.Where(property => !property.Key.StartsWith('@'))) CheckWritable(name);
        if (body.Object("passwordProfile") is { } profile) CheckPassword(profile, isNew: false);
        user = user with
        {
            AccountEnabled = body.Flag("accountEnabled") ?? user.AccountEnabled,
            DisplayName = Filled(body, "displayName") ?? user.DisplayName,
            Alias = Filled(body, "mailNickname") is { } alias ? CheckedAlias(alias) : user.Alias,
        };
        if (body.Text("userPrincipalName") is { } principalName) user = WithPrincipalName(user, principalName);
        if (body.Text("mail") is { } mail)
            user = user with { EmailAddresses = ProxyAddress.WithPrimary(user.EmailAddresses, CheckedMail(mail)) };
        return WithAttributes(user, body);
    }

    private static TenantRecipient WithAttributes(TenantRecipient user, JsonObject body)
    {
        foreach (var name in UserJson.TextAttributes)
            if (body.Has(name)) user = user.With(name, Checked(name, body.Text(name)));
        if (body.Texts("businessPhones") is { } phones)
            user = user.With("businessPhone", phones.Count <= 1
                ? phones.FirstOrDefault()
                : throw GraphException.InvalidValue("businessPhones", "User"));
        return user;
    }

    private static string? Checked(string attribute, string? value)
    {
        var isWrong = attribute switch
        {
            "usageLocation" => value is not null && !CountryCode().IsMatch(value),
            "preferredLanguage" => value is not null && !LanguageCode().IsMatch(value),
            "mobilePhone" => value?.Length > 64,
            _ => value?.Length > 1024,
        };
        return isWrong ? throw GraphException.InvalidValue(attribute, "User") : value;
    }

    private TenantRecipient WithPrincipalName(TenantRecipient user, string principalName)
    {
        if (!PrincipalName().IsMatch(principalName))
            throw GraphException.BadRequest("Property userPrincipalName is invalid.", "InvalidValue", "userPrincipalName");
        if (!tenant.Domains.IsVerified(ProxyAddress.Domain(principalName)))
            throw GraphException.BadRequest(
                "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
                "InvalidValue", "userPrincipalName");
        if (tenant.Directory.FindByAddress(principalName) is { } holder && holder.Id != user.Id)
            throw GraphException.BadRequest("Another object with the same value for property proxyAddresses already exists.",
                "ObjectConflict", "proxyAddresses");
        var addresses = user.HasMailbox ? ProxyAddress.Add(user.EmailAddresses, "smtp:" + principalName) : user.EmailAddresses;
        return user with { UserPrincipalName = principalName, EmailAddresses = addresses };
    }

    private static string CheckedAlias(string alias) =>
        alias.Length <= MaxAlias && Alias().IsMatch(alias) ? alias : throw GraphException.InvalidValue("mailNickname", "User");

    private static string CheckedMail(string mail) =>
        MailAddress().IsMatch(mail) ? mail : throw GraphException.InvalidValue("mail", "User");

    private static void CheckWritable(string name)
    {
        if (ReadOnly.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw GraphException.BadRequest($"Property '{name}' is read-only and cannot be set.", "InvalidValue", name);
        if (!Writable.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw GraphException.BadRequest($"Invalid property '{name}'.", "InvalidValue", name);
    }

    // Eight characters of three kinds out of four. Source: Entra password policies.
    private static void CheckPassword(JsonObject profile, bool isNew)
    {
        var password = profile.Text("password");
        if (password is null && !isNew) return;
        var kinds = new Func<char, bool>[] { char.IsLower, char.IsUpper, char.IsDigit, each => !char.IsLetterOrDigit(each) };
        if (password?.Length is >= 8 and <= 256 && kinds.Count(kind => password.Any(kind)) >= 3) return;
        throw GraphException.BadRequest(
            "The specified password does not comply with password complexity requirements. Please provide a different password.",
            "InvalidValue", "passwordProfile");
    }

    private static string? Filled(JsonObject body, string name)
    {
        if (!body.Has(name)) return null;
        return body.Text(name) is { Length: > 0 and <= 256 } value ? value : throw GraphException.InvalidValue(name, "User");
    }

    private static GraphException Required(string name) =>
        GraphException.BadRequest($"A value is required for property '{name}' of resource 'User'.", "MissingValue", name);

    [GeneratedRegex(@"^[A-Za-z0-9'.\-_!#^~]{1,64}@[A-Za-z0-9.\-]{1,48}$")]
    private static partial Regex PrincipalName();

    [GeneratedRegex(@"^[!#$%&'*+\-./0-9=?A-Z^_`a-z{|}~]+$")]
    private static partial Regex Alias();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    private static partial Regex MailAddress();

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex CountryCode();

    [GeneratedRegex("^[a-z]{2}(-[A-Za-z]{2,4})?$")]
    private static partial Regex LanguageCode();
}
