using System.Security.Cryptography.X509Certificates;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>Whose tokens an application trusts in place of a secret of its own. Source: Entra, workload identity federation.</summary>
/// <param name="Key">What the issuer signs with (RS256).</param>
public sealed record FederatedCredential(string Issuer, string Subject, X509Certificate2 Key)
{
    /// <summary>The audience that Microsoft recommends, and Kubernetes uses.</summary>
    public const string Audience = "api://AzureADTokenExchange";
}
