using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Cutover.Core.Ledger;

namespace Cutover.Server;

/// <summary>A file that only the holder of a certificate's key can read: CMS enveloped data (RFC 5652 6) in PEM, as <c>openssl cms -decrypt</c> opens it.</summary>
public static class SealedFile
{
    /// <param name="certificateFile">PEM or DER, with an RSA key; the private key is not needed.</param>
    /// <exception cref="InvalidSettingsException">The certificate can't be used, the file is there already, or it can't be written.</exception>
    public static async Task WriteAsync(string file, string certificateFile, byte[] content, CancellationToken ct)
    {
        // What an earlier one holds may be nowhere else.
        if (File.Exists(file)) throw new InvalidSettingsException($"{file} is there already: name another file.");
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
            var envelope = new EnvelopedCms(new ContentInfo(content), new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.42"))); // AES-256-CBC
            envelope.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, certificate, RSAEncryptionPadding.OaepSHA256));
            await using var written = AtomicFile.Create(file);
            await written.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("CMS", envelope.Encode()) + "\n"), ct);
            await written.CommitAsync(ct);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"{file} can't be sealed for the certificate {certificateFile}: {error.Message}");
        }
    }
}
