using System.Globalization;
using System.Text;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>The SMTP addresses of the people that a message names, for those that it names by legacyExchangeDN only.</summary>
public sealed class SmtpAddresses
{
    public static readonly SmtpAddresses None = new(new Dictionary<string, string>());

    /// <summary>The domain of addresses that only the organisation could route, where it isn't told which accepts them (RFC 2606).</summary>
    public const string NoDomain = "invalid";

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
        return local.Append("@" + NoDomain).ToString();
    }

    /// <summary>What <see cref="Encapsulate"/> made, undone; null for any other address, also those that somebody else's domain encapsulates.</summary>
    internal static (string Type, string Address)? Unpack(string smtpAddress)
    {
        if (!smtpAddress.StartsWith("IMCEA", StringComparison.OrdinalIgnoreCase)) return null;
        if (!smtpAddress.EndsWith("@" + NoDomain, StringComparison.OrdinalIgnoreCase)) return null;
        var dash = smtpAddress.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 5) return null;
        var bytes = new List<byte>();
        var local = smtpAddress.AsSpan(dash + 1, smtpAddress.LastIndexOf('@') - dash - 1);
        for (var i = 0; i < local.Length; i++)
        {
            var isHex = byte.TryParse(local[Math.Min(i + 1, local.Length)..Math.Min(i + 3, local.Length)], NumberStyles.AllowHexSpecifier, null, out var b);
            bytes.Add(local[i] switch { '+' when isHex => b, '_' => (byte)'/', var c => (byte)c });
            if (local[i] == '+' && isHex) i += 2;
        }
        return (smtpAddress[5..dash].ToUpperInvariant(), Encoding.UTF8.GetString([.. bytes]));
    }

    /// <summary>Somebody as an address of a header: a mailbox, or an empty group where only a name is known.</summary>
    internal InternetAddress ToInternetAddress(MessageAddress person)
    {
        var name = HeaderText.Clean(person.Name);
        if (Find(person) is not { } address) return new GroupAddress(Encoding.UTF8, name);
        if (name.Equals(address, StringComparison.OrdinalIgnoreCase)) name = "";
        try
        {
            return new MailboxAddress(Encoding.UTF8, name, HeaderText.Clean(address).Trim());
        }
        catch (ParseException)
        {
            return new MailboxAddress(Encoding.UTF8, name, Encapsulate("INVALID", address));
        }
    }
}
