using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>The DNS records that Graph tells of a domain, polymorphic by @odata.type.</summary>
internal static class DomainRecords
{
    private const int TtlSeconds = 3600;
    private const int VerificationPreference = 32767;

    /// <summary>Either record proves the domain.</summary>
    public static IEnumerable<JsonObject> Verification(TenantDomain domain)
    {
        var txt = Record("Txt", domain.RecordIds[0], domain.Name);
        txt["text"] = domain.VerificationText;
        var mx = Record("Mx", domain.RecordIds[1], domain.Name);
        mx["mailExchange"] = domain.VerificationMailExchange;
        mx["preference"] = VerificationPreference;
        return [txt, mx];
    }

    /// <summary>What mail needs; nothing before the domain is verified and carries e-mail.</summary>
    public static IEnumerable<JsonObject> Service(TenantDomain domain, MxStyle style)
    {
        if (!domain.IsVerified || !domain.SupportedServices.Contains("Email", StringComparer.OrdinalIgnoreCase)) return [];
        var mx = Record("Mx", domain.RecordIds[2], domain.Name);
        mx["mailExchange"] = MailExchange(domain.Name, style);
        mx["preference"] = 0;
        var txt = Record("Txt", domain.RecordIds[3], domain.Name);
        txt["text"] = "v=spf1 include:spf.protection.outlook.com -all";
        var cname = Record("CName", domain.RecordIds[4], "autodiscover." + domain.Name);
        cname["isOptional"] = true;
        cname["canonicalName"] = "autodiscover.outlook.com";
        return [mx, txt, cname];
    }

    private static string MailExchange(string domain, MxStyle style)
    {
        var label = domain.Replace('.', '-');
        return style == MxStyle.MxMicrosoft ? $"{label}.x-v1.mx.microsoft" : $"{label}.mail.protection.outlook.com";
    }

    private static JsonObject Record(string type, Guid id, string label) => new()
    {
        ["@odata.type"] = $"#microsoft.graph.domainDns{(type == "CName" ? "Cname" : type)}Record",
        ["id"] = id.ToString(),
        ["isOptional"] = false,
        ["label"] = label,
        ["recordType"] = type,
        ["supportedService"] = "Email",
        ["ttl"] = TtlSeconds,
    };
}
