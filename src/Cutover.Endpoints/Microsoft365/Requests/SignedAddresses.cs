using Cutover.Core.Faults;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>
/// Addresses that the service hands out and that carry their own token (importUrl, uploadUrl). They get no Authorization header, lead to Microsoft's hosts only
/// and never reach a log or an exception text.
/// </summary>
/// <param name="allowed">Hosts, or host:port.</param>
internal sealed class SignedAddresses(IReadOnlyList<string> allowed)
{
    /// <param name="doing">Completes "named … to …", such as <c>import items</c>.</param>
    public Uri Check(string address, string doing)
    {
        // As the server wrote it: canonicalising would change the signed address.
        var verbatim = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        if (!Uri.TryCreate(address, verbatim, out var url))
            throw new MigrationFault(FaultScope.Endpoint, $"Microsoft 365 named an address to {doing} that can't be read.", "Try again later.");
        if (url.Scheme == Uri.UriSchemeHttps && allowed.Any(host => IsSameHost(host, url))) return url;
        throw new MigrationFault(FaultScope.Operator, $"Microsoft 365 named {url.Scheme}://{url.Authority} to {doing}, which is not one of the hosts allowed: {string.Join(", ", allowed)}.",
            "If that host is Microsoft's, add it to the endpoint's ImportHosts.");
    }

    private static bool IsSameHost(string allowed, Uri url) =>
        allowed.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || allowed.Equals(url.Authority, StringComparison.OrdinalIgnoreCase);
}
