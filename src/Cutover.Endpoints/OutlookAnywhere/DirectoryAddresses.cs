using Cutover.Core.Recipients;
using Cutover.Mapi.Messages;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>SMTP addresses from the address book, which is opened when the first name is asked for and asked once for each.</summary>
internal sealed class DirectoryAddresses(Func<CancellationToken, Task<IRecipientDirectory>> open) : IAddressResolver, IAsyncDisposable
{
    private readonly Dictionary<string, string?> known = new(StringComparer.OrdinalIgnoreCase);
    private IRecipientDirectory? directory;

    /// <exception cref="Core.Faults.MigrationFault">The address book can't be read.</exception>
    public async ValueTask<IReadOnlyDictionary<string, string>> ResolveAsync(IReadOnlyCollection<string> legacyExchangeDNs, CancellationToken ct)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in legacyExchangeDNs)
            if (await FindAsync(name, ct) is { } address)
                found[name] = address;
        return found;
    }

    public ValueTask DisposeAsync() => directory?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<string?> FindAsync(string legacyExchangeDN, CancellationToken ct)
    {
        if (known.TryGetValue(legacyExchangeDN, out var address)) return address;
        directory ??= await open(ct);
        return known[legacyExchangeDN] = (await directory.FindAsync(legacyExchangeDN, ct))?.PrimarySmtpAddress;
    }
}
