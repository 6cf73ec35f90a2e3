using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>Issues and reads signed tokens in the form of a JWT. Only the tenant itself ever reads them, so a shared key
/// suffices.</summary>
internal sealed class TokenIssuer(byte[] key, TimeProvider clock)
{
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"HS256","kid":"lab"}"""u8);

    /// <summary>Signs the claims, with iat, nbf and exp added.</summary>
    public string Issue(JsonObject claims, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        claims["iat"] = now.ToUnixTimeSeconds();
        claims["nbf"] = now.ToUnixTimeSeconds();
        claims["exp"] = (now + lifetime).ToUnixTimeSeconds();
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Signature(signed)}";
    }

    /// <summary>The claims; null when this tenant did not sign the token.</summary>
    public JsonObject? Read(string token)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || !Matches(token[(end + 1)..], Signature(token[..end]))) return null;
        return JsonNode.Parse(Base64Url.DecodeFromChars(token[..end].Split('.')[1])) as JsonObject;
    }

    public bool IsExpired(JsonObject claims) => claims["exp"]!.GetValue<long>() <= clock.GetUtcNow().ToUnixTimeSeconds();

    private string Signature(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)));

    private static bool Matches(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}
