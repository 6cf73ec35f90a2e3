using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cutover.Lab.Certificates;

/// <summary>
/// Contoso's own certification authority: a root, an intermediate, and the certificates of its servers, kept as PEM files so that a restart
/// shows the same chain.
/// </summary>
public sealed class LabCertificateAuthority
{
    private readonly string directory;
    private readonly TimeProvider clock;
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 intermediate;

    private LabCertificateAuthority(string directory, TimeProvider clock)
    {
        this.directory = directory;
        this.clock = clock;
        root = Load("root", null) ?? Keep("root", CreateRoot());
        intermediate = Load("intermediate", root) ?? Keep("intermediate", CreateIntermediate());
        RootPemFile = Path.Combine(directory, "root.crt");
        WriteWhole(RootPemFile, root.ExportCertificatePem());
    }

    /// <summary>The root without its key, for clients to trust.</summary>
    public string RootPemFile { get; }

    /// <summary>The root without its key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(root.RawData);

    /// <summary>Opens the authority in this directory, or founds it there.</summary>
    public static LabCertificateAuthority Open(string directory, TimeProvider? clock = null)
    {
        Directory.CreateDirectory(directory);
        return new LabCertificateAuthority(directory, clock ?? TimeProvider.System);
    }

    /// <summary>The certificate of one server: the kept one while it is valid and carries these names, else a fresh one.</summary>
    /// <param name="server">Names the file.</param>
    /// <param name="names">DNS names or IP addresses; the first becomes the subject.</param>
    public CertificateChain Issue(string server, params string[] names)
    {
        var kept = Load(server, intermediate);
        var certificate = kept is not null && names.All(name => kept.MatchesHostname(name))
            ? kept
            : Keep(server, Create(names, clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddDays(397)));
        return ChainOf(certificate);
    }

    /// <summary>A certificate that ran out yesterday; not kept.</summary>
    public CertificateChain IssueExpired(params string[] names) =>
        ChainOf(Create(names, clock.GetUtcNow().AddDays(-30), clock.GetUtcNow().AddDays(-1)));

    private CertificateChain ChainOf(X509Certificate2 server) => new(server, [X509CertificateLoader.LoadCertificate(intermediate.RawData)], Root);

    private X509Certificate2 CreateRoot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest("CN=Contoso Lab Root CA, O=Contoso", key, pathLength: 1);
        return request.CreateSelfSigned(clock.GetUtcNow().AddDays(-30), clock.GetUtcNow().AddYears(10));
    }

    private X509Certificate2 CreateIntermediate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest("CN=Contoso Lab Issuing CA, O=Contoso", key, pathLength: 0);
        return Sign(request, root, key, clock.GetUtcNow().AddDays(-30), clock.GetUtcNow().AddYears(5));
    }

    private X509Certificate2 Create(string[] names, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}, O=Contoso", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(AlternativeNames(names));
        return Sign(request, intermediate, key, notBefore, notAfter);
    }

    private static CertificateRequest AuthorityRequest(string subject, ECDsa key, int pathLength)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static X509Certificate2 Sign(
        CertificateRequest request, X509Certificate2 issuer, ECDsa key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using var signed = request.Create(issuer, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Extension AlternativeNames(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        return builder.Build();
    }

    /// <summary>The kept certificate while it is valid and this issuer's; null is the root, which issued itself.</summary>
    private X509Certificate2? Load(string name, X509Certificate2? issuer)
    {
        var file = FileOf(name);
        if (!File.Exists(file)) return null;
        var pem = File.ReadAllText(file);
        var certificate = X509Certificate2.CreateFromPem(pem, pem);
        var isValid = certificate.NotAfter > clock.GetUtcNow().AddDays(1) && (issuer is null || IsIssuedBy(certificate, issuer));
        return isValid ? certificate : null;
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier is { } key
        && key.Span.SequenceEqual(issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.Span);

    private X509Certificate2 Keep(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        WriteWhole(FileOf(name), $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return certificate;
    }

    private string FileOf(string name) => Path.Combine(directory, name + ".pem");

    // The lab may be killed at any moment: a file is there whole or not at all.
    private static void WriteWhole(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }
}
