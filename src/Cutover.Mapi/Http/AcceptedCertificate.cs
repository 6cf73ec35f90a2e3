using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cutover.Mapi.Http;

/// <summary>
/// One certificate that the administrator accepts although nothing vouches for it: exactly this one, for exactly this host. It is taken whatever
/// its issuer, names and dates say.
/// </summary>
/// <param name="Sha256">The SHA-256 fingerprint, 64 hexadecimal digits.</param>
public sealed record AcceptedCertificate(string Host, string Sha256)
{
    /// <summary>Reads <c>HOST=FINGERPRINT</c>; colons and blanks in the fingerprint are passed over.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static AcceptedCertificate Parse(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        var digits = parts.Length == 2 ? parts[1].Replace(":", "").Replace(" ", "") : "";
        if (parts[0].Length == 0 || digits.Length != 2 * SHA256.HashSizeInBytes || !digits.All(char.IsAsciiHexDigit))
            throw new FormatException($"'{text}' does not name a certificate: write HOST=SHA-256 fingerprint (64 hexadecimal digits)");
        return new AcceptedCertificate(parts[0], digits.ToUpperInvariant());
    }

    internal bool Matches(string host, X509Certificate2 certificate) =>
        Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(Sha256), certificate.GetCertHash(HashAlgorithmName.SHA256));
}
