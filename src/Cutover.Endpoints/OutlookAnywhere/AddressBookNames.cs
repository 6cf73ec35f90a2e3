using Cutover.Core.Recipients;
using Cutover.Endpoints.ItemStreams;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>The SMTP addresses of everyone in the address book, hidden ones included, by their names of today and of before (X500 proxy addresses).</summary>
public sealed class AddressBookNames : IAddressNames
{
    private const string X500Prefix = "x500:";

    private readonly Dictionary<string, string> addresses = new(StringComparer.OrdinalIgnoreCase);

    private AddressBookNames() { }

    /// <summary>Reads the whole address book.</summary>
    /// <exception cref="Core.Faults.MigrationFault">It can't be read.</exception>
    public static async Task<AddressBookNames> ReadAsync(IRecipientDirectory directory, CancellationToken ct)
    {
        var names = new AddressBookNames();
        await foreach (var recipient in directory.GetRecipientsAsync(ct)) names.Add(recipient);
        return names;
    }

    public string? SmtpAddressOf(string legacyExchangeDN) => addresses.GetValueOrDefault(legacyExchangeDN);

    private void Add(Recipient recipient)
    {
        // A name of today wins over somebody else's name of before.
        addresses[recipient.LegacyExchangeDN] = recipient.PrimarySmtpAddress;
        foreach (var address in recipient.EmailAddresses.Where(address => address.StartsWith(X500Prefix, StringComparison.OrdinalIgnoreCase)))
            addresses.TryAdd(address[X500Prefix.Length..], recipient.PrimarySmtpAddress);
    }
}
