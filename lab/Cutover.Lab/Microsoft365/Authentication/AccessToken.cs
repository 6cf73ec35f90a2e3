using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>An access token as a service reads it.</summary>
internal sealed record AccessToken(string Audience, string ApplicationId, IReadOnlyList<string> Roles, bool IsExchangeAdministrator)
{
    public const string GraphAudience = "https://graph.microsoft.com";
    public const string ExchangeAudience = "https://outlook.office365.com";

    /// <summary>The template id of the directory role Exchange Administrator, as the claim wids carries it.</summary>
    public const string ExchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

    public static AccessToken FromClaims(JsonObject claims) => new(
        claims["aud"]!.GetValue<string>(),
        claims["appid"]!.GetValue<string>(),
        Strings(claims["roles"]),
        Strings(claims["wids"]).Contains(ExchangeAdministrator));

    private static string[] Strings(JsonNode? node) => node is JsonArray array ? [.. array.Select(value => value!.GetValue<string>())] : [];
}
