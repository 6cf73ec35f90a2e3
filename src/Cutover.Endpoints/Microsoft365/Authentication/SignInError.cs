using System.Text.RegularExpressions;
using Cutover.Core.Faults;

namespace Cutover.Endpoints.Microsoft365.Authentication;

/// <summary>An AADSTS error of the token endpoint: its number and Microsoft's own text.</summary>
internal sealed partial record SignInError(int Code, string Text)
{
    /// <summary>The first AADSTS error in an exception's text or its inner exceptions'.</summary>
    public static SignInError? Find(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            if (Pattern().Match(failure.Message) is { Success: true } match)
                return new SignInError(int.Parse(match.Groups["code"].Value), match.Value.Trim());
        return null;
    }

    public MigrationFault ToFault(Microsoft365Settings settings) => IsTransient
        ? new MigrationFault(FaultScope.Endpoint, $"Microsoft 365 could not sign the application in just now. {Text}",
            "Cutover tries again by itself.")
        { IsTransient = true }
        : new MigrationFault(FaultScope.Operator, $"Microsoft 365 refused the sign-in of the application {settings.ClientId}. {Text}",
            NextStep(settings));

    // 90033, 50196, 90006: the service is busy or has an error of its own.
    private bool IsTransient => Code is 90033 or 50196 or 90006 or 90014;

    private string NextStep(Microsoft365Settings settings) => Code switch
    {
        7000215 => "Copy the client secret's value (not its id) from the app registration, Certificates & secrets.",
        7000222 => "Make a new client secret in the app registration, Certificates & secrets, and set it on the endpoint.",
        700016 => $"Check the client id, and that the app is registered in the tenant {settings.TenantId} with admin consent.",
        90002 or 900023 => $"Check the tenant id {settings.TenantId}.",
        700027 or 700024 => "Upload the certificate's public part to the app registration, and check this computer's clock.",
        700211 or 700212 or 700213 => "Add a federated credential to the app registration, Certificates & secrets, with the issuer, subject and audience that the text names.",
        65001 or 500011 => "Give the application its permissions and grant admin consent in the app registration, API permissions.",
        _ => "Look the AADSTS number up at https://login.microsoftonline.com/error and mend the app registration.",
    };

    // The text ends where the ids begin: "… Trace ID: … Correlation ID: … Timestamp: …".
    [GeneratedRegex(@"AADSTS(?<code>\d+):.*?(?=\s*Trace ID:|\r|\n|$)")]
    private static partial Regex Pattern();
}
