using System.Security.Cryptography;
using Cutover.Core.Ledger;

namespace Cutover.Core.Reporting;

/// <summary>
/// The ECDSA P-256 key that signs receipts; made once per work folder as <c>receipt-key.pem</c>, which only its owner may read. Whoever keeps the
/// public key elsewhere can tell later that a receipt comes from here.
/// </summary>
public sealed class ReceiptKey : IDisposable
{
    public const string FileName = "receipt-key.pem";

    private readonly ECDsa ecdsa;

    private ReceiptKey(ECDsa ecdsa) => this.ecdsa = ecdsa;

    /// <summary>The public key as SubjectPublicKeyInfo in lower-case hex.</summary>
    public string PublicKey => Convert.ToHexStringLower(ecdsa.ExportSubjectPublicKeyInfo());

    public static async Task<ReceiptKey> LoadOrCreateAsync(string workDirectory, CancellationToken ct)
    {
        var path = Path.Combine(workDirectory, FileName);
        if (!File.Exists(path))
            await CreateAsync(path, ct);
        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(await File.ReadAllTextAsync(path, ct));
        return new ReceiptKey(ecdsa);
    }

    /// <summary>Signs a SHA-256; IEEE P1363 form (r, s) in lower-case hex.</summary>
    public string Sign(ReadOnlySpan<byte> sha256) => Convert.ToHexStringLower(ecdsa.SignHash(sha256));

    /// <summary>Whether <paramref name="signature"/> was made over <paramref name="sha256"/> by the owner of the public key. False for anything malformed.</summary>
    public static bool Verify(string publicKey, ReadOnlySpan<byte> sha256, string signature)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(Convert.FromHexString(publicKey), out _);
            return ecdsa.VerifyHash(sha256, Convert.FromHexString(signature));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    public void Dispose() => ecdsa.Dispose();

    private static async Task CreateAsync(string path, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var file = AtomicFile.Create(path);
        await using (var writer = new StreamWriter(file.Stream, leaveOpen: true))
            await writer.WriteAsync(ecdsa.ExportPkcs8PrivateKeyPem().AsMemory(), ct);
        await file.CommitAsync(ct);
    }
}
