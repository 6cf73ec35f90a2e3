using System.Globalization;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>The SMTP addresses of the people that a message names, for those that it names by legacyExchangeDN only.</summary>
public sealed class SmtpAddresses
{
    public static readonly SmtpAddresses None = new(new Dictionary<string, string>());

    private readonly Dictionary<string, string> byLegacyExchangeDN;

    public SmtpAddresses(IReadOnlyDictionary<string, string> byLegacyExchangeDN) =>
        this.byLegacyExchangeDN = new Dictionary<string, string>(byLegacyExchangeDN, StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for every address of the message and its embedded messages that it doesn't tell itself.</summary>
    public static async ValueTask<SmtpAddresses> ResolveAsync(MapiMessage message, IAddressResolver resolver, CancellationToken ct)
    {
        var unknown = MessagePeople.All(message).Where(person => person.IsUnresolved).Select(person => person.EmailAddress)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return unknown.Count == 0 ? None : new SmtpAddresses(await resolver.ResolveAsync(unknown, ct));
    }

    /// <summary>
    /// The SMTP address of somebody: their own, the resolved one, or an encapsulated address that the organisation can still route.
    /// Null when nothing names them.
    /// </summary>
    public string? Find(MessageAddress person)
    {
        if (person.SmtpAddress is { } own) return own;
        if (string.IsNullOrWhiteSpace(person.EmailAddress)) return null;
        return byLegacyExchangeDN.GetValueOrDefault(person.EmailAddress) ?? Encapsulate(person.AddressType, person.EmailAddress);
    }

    /// <summary>An address of another kind as an SMTP address: IMCEAEX-_o=Contoso_cn=ann@invalid. Source: [MS-OXCMAIL] 2.2.3.1.1.</summary>
    public static string Encapsulate(string addressType, string address)
    {
        var local = new StringBuilder("IMCEA").Append(addressType).Append('-');
        foreach (var b in Encoding.UTF8.GetBytes(address))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'=' or (byte)'-' or (byte)'.') local.Append((char)b);
            else if (b == '/') local.Append('_');
            else local.Append(CultureInfo.InvariantCulture, $"+{b:X2}");
        }
        return local.Append("@invalid").ToString();
    }
}
