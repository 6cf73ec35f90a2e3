using System.Text.RegularExpressions;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>What Exchange Online makes of EmailAddresses and what it refuses there.</summary>
internal static partial class EmailAddressRules
{
    /// <summary>The recipient with the addresses that the call gives: EmailAddresses, then WindowsEmailAddress or PrimarySmtpAddress as
    /// the primary.</summary>
    public static TenantRecipient Apply(TenantRecipient recipient, CmdletCall call)
    {
        if (call.MultiValued("EmailAddresses", recipient.EmailAddresses) is { } addresses)
            recipient = recipient with { EmailAddresses = Normalize(addresses, recipient.PrimarySmtpAddress) };
        if ((call.Text("WindowsEmailAddress") ?? call.Text("PrimarySmtpAddress")) is { } primary)
            recipient = recipient with { EmailAddresses = ProxyAddress.WithPrimary(recipient.EmailAddresses, primary) };
        return recipient;
    }

    /// <exception cref="CmdletException">An address is malformed or not of an accepted domain, or there is not exactly one
    /// primary.</exception>
    public static void Check(TenantRecipient recipient, Func<string, bool> isAcceptedDomain)
    {
        var primaries = recipient.EmailAddresses.Count(address => address.StartsWith("SMTP:", StringComparison.Ordinal));
        if (primaries == 0)
            throw CmdletException.Validation("There are no primary SMTP addresses in the e-mail address collection. One is required.");
        if (primaries > 1)
            throw CmdletException.Validation(
                "There are multiple primary addresses with the prefix 'SMTP' in the e-mail address collection.");
        foreach (var address in recipient.EmailAddresses.Where(ProxyAddress.IsSmtp).Select(ProxyAddress.WithoutPrefix))
        {
            if (!Smtp().IsMatch(address))
                throw CmdletException.Validation($"The address '{address}' is invalid: it isn't a valid SMTP address.");
            if (!IsExempt(recipient, address) && !isAcceptedDomain(ProxyAddress.Domain(address)))
                throw CmdletException.NotAcceptedDomain(address);
        }
    }

    // Where mail to contacts and mail users leaves the organisation, any domain may stand.
    private static bool IsExempt(TenantRecipient recipient, string address) =>
        recipient.Type == RecipientTypeDetails.MailContact
        || (recipient.ExternalEmailAddress is { } external
            && ProxyAddress.WithoutPrefix(external).Equals(address, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<string> Normalize(IReadOnlyList<string> addresses, string? formerPrimary)
    {
        var normalized = addresses.Select(ProxyAddress.Normalize).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var primaries = addresses.Where(address => address.StartsWith("SMTP:", StringComparison.Ordinal))
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        // Adding SMTP: to the list demotes the primary that was there.
        if (primaries.Count == 2
            && primaries.RemoveAll(address => address[5..].Equals(formerPrimary, StringComparison.OrdinalIgnoreCase)) == 1)
            return ProxyAddress.WithPrimary(normalized, primaries[0][5..]);
        // An address without prefix becomes the primary when no other is.
        if (primaries.Count == 0 && addresses.FirstOrDefault(address => !address.Contains(':')) is { } plain)
            return ProxyAddress.WithPrimary(normalized, plain);
        return normalized;
    }

    [GeneratedRegex(@"^[^@\s<>()\[\],;:\\""]{1,64}@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,63}$")]
    private static partial Regex Smtp();
}
