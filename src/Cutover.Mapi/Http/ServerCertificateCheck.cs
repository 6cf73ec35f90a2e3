using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cutover.Mapi.Http;

/// <summary>Judges the certificate of one handshake and keeps what it found, because TLS itself only says "rejected".</summary>
internal sealed class ServerCertificateCheck(
    string host, IReadOnlyList<X509Certificate2> trustedRoots, IReadOnlyList<AcceptedCertificate> accepted, TimeProvider clock)
{
    /// <summary>True when the certificate counts only because the administrator named it.</summary>
    public bool IsOnlyAccepted { get; private set; }

    public ConnectException? Refusal { get; private set; }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = errors == SslPolicyErrors.None ? null : Judge(certificate as X509Certificate2, chain, errors);
        IsOnlyAccepted = Refusal is not null && certificate is X509Certificate2 shown && accepted.Any(one => one.Matches(host, shown));
        return Refusal is null || IsOnlyAccepted;
    }

    private ConnectException? Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return new(ConnectFailure.TlsFailed, $"{host} showed no certificate", "Bind a certificate to the web site.");

        var now = clock.GetUtcNow();
        if (now < certificate.NotBefore || now > certificate.NotAfter) return Expired(certificate);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && !EndsInTrustedRoot(certificate, chain)) return Untrusted(certificate);
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? WrongName(certificate) : null;
    }

    private bool EndsInTrustedRoot(X509Certificate2 certificate, X509Chain? sent)
    {
        if (trustedRoots.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trustedRoots.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private ConnectException Expired(X509Certificate2 certificate) => new(
        ConnectFailure.ExpiredCertificate,
        $"The certificate of {host} ({certificate.Subject}) is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}, and that is not now",
        "Renew the certificate on the server, or correct this computer's clock.");

    private ConnectException Untrusted(X509Certificate2 certificate) => new(
        ConnectFailure.UntrustedCertificate,
        $"The certificate of {host} ({certificate.Subject}) was issued by {certificate.Issuer}, which is not trusted here",
        "Use a certificate from a public certification authority (and send its intermediates), or add the issuing root to the trusted roots."
        + $" If you know this very certificate, accept it for {host} alone: its SHA-256 fingerprint is {certificate.GetCertHashString(HashAlgorithmName.SHA256)}.");

    private ConnectException WrongName(X509Certificate2 certificate) => new(
        ConnectFailure.WrongName,
        $"The certificate of {host} is for other names: {string.Join(", ", NamesOf(certificate))}",
        $"Use a name that the certificate carries, or issue one that carries {host}.");

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).ToList();
        return names.Count > 0 ? names : [certificate.Subject];
    }
}
