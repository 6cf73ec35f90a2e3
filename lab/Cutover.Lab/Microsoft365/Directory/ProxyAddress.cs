namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>Proxy addresses: a prefix, a colon, an address. Case matters in the prefix only: SMTP: is the primary.</summary>
internal static class ProxyAddress
{
    public static string? PrimarySmtp(IEnumerable<string> addresses) =>
        addresses.FirstOrDefault(address => address.StartsWith("SMTP:", StringComparison.Ordinal))?[5..];

    public static bool IsSmtp(string address) => address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase);

    public static string WithoutPrefix(string address) => address[(address.IndexOf(':') + 1)..];

    /// <summary>With a prefix: an address without one is an SMTP address.</summary>
    public static string Normalize(string address) => address.Contains(':') ? address : "smtp:" + address;

    public static string Domain(string smtpAddress) => smtpAddress[(smtpAddress.LastIndexOf('@') + 1)..];

    /// <summary>The list with this address as its one primary; the former primary stays as a secondary.</summary>
    public static IReadOnlyList<string> WithPrimary(IEnumerable<string> addresses, string primary) =>
    [
        "SMTP:" + primary,
        .. addresses.Select(address => IsSmtp(address) ? "smtp:" + WithoutPrefix(address) : address)
            .Where(address => !address.Equals("smtp:" + primary, StringComparison.OrdinalIgnoreCase)),
    ];

    public static IReadOnlyList<string> Add(IReadOnlyList<string> addresses, string address) =>
        addresses.Contains(address, StringComparer.OrdinalIgnoreCase) ? addresses : [.. addresses, address];
}
