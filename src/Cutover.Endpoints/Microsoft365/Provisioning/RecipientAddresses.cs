using Cutover.Core.Recipients;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// Works out a recipient's proxy addresses: what the source has and the tenant takes, <c>X500:</c> of its legacyExchangeDN so that replies to old mail find it,
/// and what the tenant gave it.
/// </summary>
/// <param name="Addresses">All of them, the primary as SMTP:.</param>
/// <param name="LeftOut">Addresses of the source in domains that the tenant does not accept.</param>
internal sealed record RecipientAddresses(IReadOnlyList<string> Addresses, IReadOnlyList<string> LeftOut)
{
    private const string Smtp = "smtp:";
    private const string X500 = "X500:";

    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    public static RecipientAddresses Of(Recipient recipient, IReadOnlyList<string> current, IReadOnlySet<string> acceptedDomains)
    {
        var wanted = recipient.EmailAddresses.Append(Smtp + recipient.PrimarySmtpAddress).Where(IsSmtp).Select(address => address[Smtp.Length..])
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var taken = wanted.Where(address => IsAccepted(address, recipient, acceptedDomains)).ToList();
        var primary = taken.Find(address => address.Equals(recipient.PrimarySmtpAddress, StringComparison.OrdinalIgnoreCase)) ?? PrimaryOf(current);
        var all = taken.Concat(current.Where(IsSmtp).Select(address => address[Smtp.Length..])).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(address => address.Equals(primary, StringComparison.OrdinalIgnoreCase) ? "SMTP:" + address : Smtp + address);
        var names = recipient.EmailAddresses.Where(IsX500).Select(address => X500 + address[X500.Length..]).Append(X500 + recipient.LegacyExchangeDN);
        return new RecipientAddresses(
            [.. all, .. names.Concat(current.Where(address => !IsSmtp(address))).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. wanted.Except(taken)]);
    }

    /// <summary>True when these are the addresses already, which one is primary included.</summary>
    public bool AreIn(IReadOnlyList<string> current) => Addresses.Select(Normal).ToHashSet().SetEquals(current.Select(Normal));

    private static string? PrimaryOf(IReadOnlyList<string> current) =>
        current.FirstOrDefault(address => address.StartsWith("SMTP:", StringComparison.Ordinal))?[Smtp.Length..];

    private static bool IsSmtp(string address) => address.StartsWith(Smtp, StringComparison.OrdinalIgnoreCase);

    private static bool IsX500(string address) => address.StartsWith(X500, StringComparison.OrdinalIgnoreCase);

    // Where a contact's mail goes lies outside by nature.
    private static bool IsAccepted(string address, Recipient recipient, IReadOnlySet<string> acceptedDomains) =>
        acceptedDomains.Contains(DomainOf(address)) || address.Equals(External(recipient), StringComparison.OrdinalIgnoreCase);

    private static string? External(Recipient recipient) =>
        recipient.ExternalEmailAddress is { } external && IsSmtp(external) ? external[Smtp.Length..] : recipient.ExternalEmailAddress;

    /// <summary>Only the case of the prefix SMTP: means something.</summary>
    private static string Normal(string address)
    {
        var colon = address.IndexOf(':');
        var prefix = address.StartsWith("SMTP:", StringComparison.Ordinal) ? "SMTP" : address[..colon].ToLowerInvariant();
        return prefix + address[colon..].ToLowerInvariant();
    }
}
