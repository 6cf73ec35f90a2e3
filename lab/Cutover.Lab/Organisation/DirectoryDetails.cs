using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cutover.Core.Recipients;

namespace Cutover.Lab.Organisation;

/// <summary>What the directory holds that a migration has no use for, but that clients of an address book ask for.</summary>
public sealed record DirectoryDetails
{
    /// <summary>How names are spoken, by alias.</summary>
    public IReadOnlyDictionary<string, string> PhoneticNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Certificates to encrypt mail with (DER), by alias.</summary>
    public IReadOnlyDictionary<string, byte[]> Certificates { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Public folders that take mail. The address book shows them, and they are no recipients to migrate.</summary>
    public IReadOnlyList<Recipient> PublicFolders { get; init; } = [];

    /// <summary>The legacyExchangeDNs of accounts that may change any object, beside the migration administrator's.</summary>
    public IReadOnlyList<string> Administrators { get; init; } = [];

    public bool IsPublicFolder(Recipient recipient) => PublicFolders.Any(folder => folder.LegacyExchangeDN == recipient.LegacyExchangeDN);

    public byte[][] CertificatesOf(Recipient recipient) => Certificates.TryGetValue(recipient.Alias, out var certificate) ? [certificate] : [];

    /// <summary>A certificate that nobody signed but its holder.</summary>
    internal static byte[] Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.RawData;
    }
}
