using System.Security.Cryptography.X509Certificates;

namespace Cutover.Lab.Certificates;

/// <summary>A server's certificate with its key, the intermediates that it sends, and the root that its clients must trust.</summary>
public sealed record CertificateChain(X509Certificate2 Server, X509Certificate2Collection Intermediates, X509Certificate2 Root);
