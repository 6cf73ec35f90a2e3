namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>A domain of the tenant.</summary>
/// <param name="VerificationCode">The eight digits of MS=ms12345678.</param>
/// <param name="RecordIds">The ids of its DNS records: verification TXT and MX, then service MX, TXT and CNAME.</param>
public sealed record TenantDomain(
    string Name, bool IsInitial, bool IsDefault, bool IsVerified, IReadOnlyList<string> SupportedServices, string VerificationCode,
    IReadOnlyList<Guid> RecordIds)
{
    public string VerificationText => "MS=ms" + VerificationCode;

    public string VerificationMailExchange => $"ms{VerificationCode}.msv1.invalid";
}
