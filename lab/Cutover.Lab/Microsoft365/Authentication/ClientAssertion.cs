using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>The JWT by which an application proves that it holds a registered certificate. Source: RFC 7523 and Entra's certificate
/// credentials page.</summary>
internal sealed class ClientAssertion
{
    private readonly string[] parts;
    private readonly JsonObject header;
    private readonly JsonObject claims;

    private ClientAssertion(string[] parts, JsonObject header, JsonObject claims) =>
        (this.parts, this.header, this.claims) = (parts, header, claims);

    /// <exception cref="TokenError">AADSTS50027: not a JWT.</exception>
    public static ClientAssertion Parse(string text)
    {
        try
        {
            var parts = text.Split('.');
            return new ClientAssertion(parts, Decode(parts[0]), Decode(parts[1]));
        }
        catch (Exception e) when (e is FormatException or JsonException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw TokenError.InvalidClient(50027, "JWT token is invalid or malformed.");
        }
    }

    /// <exception cref="TokenError">AADSTS700027, 700023, 700021 or 700024: another key, audience, client or time.</exception>
    public void Verify(string clientId, X509Certificate2? registered, string tenantId, DateTimeOffset now)
    {
        if (registered is null || !IsSignedBy(registered))
            throw TokenError.InvalidClient(700027,
                "The certificate with identifier used to sign the client assertion is not registered on application.");
        if (!Text("aud").Contains(tenantId, StringComparison.OrdinalIgnoreCase))
            throw TokenError.InvalidClient(700023,
                $"Client assertion audience claim does not match Realm issuer. Audience: '{Text("aud")}'.");
        if (Text("iss") != clientId || Text("sub") != clientId)
            throw TokenError.InvalidClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
        CheckTime(now);
    }

    /// <summary>The issuer is not the application itself.</summary>
    public bool IsFederated(string clientId) => Text("iss") != clientId;

    /// <exception cref="TokenError">AADSTS700211, 700213, 700212, 700027 or 700024: another issuer, subject, audience, key or time.</exception>
    public void Verify(FederatedCredential? trusted, DateTimeOffset now)
    {
        if (trusted is null || Text("iss") != trusted.Issuer)
            throw TokenError.InvalidClient(700211, $"No matching federated identity record found for presented assertion issuer '{Text("iss")}'.");
        if (Text("sub") != trusted.Subject)
            throw TokenError.InvalidClient(700213, $"No matching federated identity record found for presented assertion subject '{Text("sub")}'.");
        if (Text("aud") != FederatedCredential.Audience)
            throw TokenError.InvalidClient(700212, $"No matching federated identity record found for presented assertion audience '{Text("aud")}'.");
        if (!IsSignedWith(trusted.Key))
            throw TokenError.InvalidClient(700027, "The key was not found: the assertion is not signed by the issuer.");
        CheckTime(now);
    }

    private void CheckTime(DateTimeOffset now)
    {
        if (Seconds("exp") <= now.ToUnixTimeSeconds() || Seconds("nbf") > now.AddMinutes(5).ToUnixTimeSeconds())
            throw TokenError.InvalidClient(700024,
                $"Client assertion is not within its valid time range. Current time: {now.UtcDateTime:O}.");
    }

    private bool IsSignedBy(X509Certificate2 certificate) => NamesCertificate(certificate) && IsSignedWith(certificate);

    private bool IsSignedWith(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        var padding = header["alg"]?.GetValue<string>() switch
        {
            "PS256" => RSASignaturePadding.Pss,
            "RS256" => RSASignaturePadding.Pkcs1,
            _ => null,
        };
        if (key is null || padding is null || parts.Length != 3) return false;
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, padding);
    }

    private bool NamesCertificate(X509Certificate2 certificate) =>
        header["x5t#S256"]?.GetValue<string>() == Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256))
        || header["x5t"]?.GetValue<string>() == Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA1));

    private string Text(string claim) => claims[claim]?.ToString() ?? "";

    // Azure.Identity writes nbf and exp as JSON strings, others as numbers.
    private long Seconds(string claim) => long.TryParse(Text(claim), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static JsonObject Decode(string part) =>
        (JsonNode.Parse(Base64Url.DecodeFromChars(part)) ?? throw new FormatException()).AsObject();
}
