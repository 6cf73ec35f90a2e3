namespace Cutover.Mapi.Messages;

/// <summary>Knows the SMTP addresses of the organisation's recipients: the address book (NSPI) or the directory.</summary>
public interface IAddressResolver
{
    /// <summary>The primary SMTP address of each legacyExchangeDN that is known; unknown ones are left out of the answer.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> ResolveAsync(IReadOnlyCollection<string> legacyExchangeDNs, CancellationToken ct);
}
