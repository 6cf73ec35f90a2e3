using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.Import;

/// <summary>The token inside an import URL: for one mailbox, until it runs out.</summary>
internal sealed record ImportToken(string MailboxId, string ApplicationId)
{
    public static string Issue(Tenant tenant, string mailboxId, string applicationId, TimeSpan lifetime) =>
        tenant.Tokens.Issue(new JsonObject { ["mbx"] = mailboxId, ["appid"] = applicationId }, lifetime);

    /// <summary>Null when the token is forged, has run out, or is for another mailbox.</summary>
    public static ImportToken? Read(Tenant tenant, string token, string mailboxId)
    {
        if (tenant.Tokens.Read(token) is not { } claims || tenant.Tokens.IsExpired(claims)) return null;
        if (!string.Equals(claims["mbx"]?.GetValue<string>(), mailboxId, StringComparison.OrdinalIgnoreCase)) return null;
        return new ImportToken(mailboxId, claims["appid"]!.GetValue<string>());
    }
}
