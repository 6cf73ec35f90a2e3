using System.Net;
using Cutover.Core.Faults;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>Says what a refusal or a lost connection means for the administrator and the engine.</summary>
internal static class Refusals
{
    private const string QuotaExceeded = "ErrorQuotaExceeded";

    /// <summary>Runs one operation and names it in the fault of whatever refuses it.</summary>
    /// <param name="doing">Completes "Microsoft 365 refused to …": such as <c>create the folder Projects in anna@contoso.com</c>.</param>
    /// <param name="scope">What a plain refusal concerns.</param>
    public static async Task<T> NameAsync<T>(string doing, FaultScope scope, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (ServiceRefusal refusal)
        {
            throw ToFault(refusal, doing, scope);
        }
    }

    public static Task NameAsync(string doing, FaultScope scope, Func<Task> operation) => NameAsync(doing, scope, async () =>
    {
        await operation();
        return true;
    });

    public static MigrationFault ToFault(ServiceRefusal refusal, string doing, FaultScope scope) => new(
        ScopeOf(refusal, scope), $"Microsoft 365 refused to {doing}: {Words(refusal)}", NextStep(refusal), refusal)
    {
        RetryAfter = refusal.RetryAfter,
        IsTransient = refusal.IsTransient,
        // A server that failed may have done its work first.
        OutcomeUnknown = (int)refusal.Status >= 500,
    };

    /// <summary>No answer came. <paramref name="sent"/> tells whether the request may have taken effect.</summary>
    public static MigrationFault Lost(Exception failure, string host, bool sent)
    {
        if (ConnectException.Find(failure) is { } refused) return NotConnected(refused);
        var why = failure is OperationCanceledException or TimeoutException ? "it took too long" : failure.Message;
        return new MigrationFault(FaultScope.Mailbox, $"{host} gave no answer: {why}.",
            "Cutover looks whether the request took effect and tries again by itself.", failure)
        { IsTransient = true, OutcomeUnknown = sent };
    }

    private static MigrationFault NotConnected(ConnectException refused)
    {
        var mayPass = refused.Failure is ConnectFailure.Refused or ConnectFailure.Unreachable or ConnectFailure.TlsFailed;
        return new MigrationFault(mayPass ? FaultScope.Endpoint : FaultScope.Operator, refused.Message, refused.NextStep,
            refused)
        { IsTransient = mayPass };
    }

    private static FaultScope ScopeOf(ServiceRefusal refusal, FaultScope scope) => refusal.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FaultScope.Operator,
        // The service is busy; no item is to blame.
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            when scope == FaultScope.Item => FaultScope.Mailbox,
        // A full mailbox takes no other item either.
        HttpStatusCode.InsufficientStorage when scope == FaultScope.Item => FaultScope.Mailbox,
        _ when refusal.Code == QuotaExceeded && scope == FaultScope.Item => FaultScope.Mailbox,
        _ => scope,
    };

    /// <summary>Microsoft's own words, with what its support asks for.</summary>
    public static string Words(ServiceRefusal refusal) => refusal.RequestId is null
        ? $"{refusal.Text} ({(int)refusal.Status} {refusal.Code})"
        : $"{refusal.Text} ({(int)refusal.Status} {refusal.Code}, request-id {refusal.RequestId})";

    private static string NextStep(ServiceRefusal refusal) => refusal switch
    {
        { IsTransient: true } => "Cutover tries again by itself.",
        { Status: HttpStatusCode.Unauthorized } => "Check that the application has its permissions and that admin consent was given.",
        { Status: HttpStatusCode.Forbidden } => "Give the application the permission that this needs (README, Connect your tenant) and grant admin consent; "
            + "for Exchange Online also the role Exchange Administrator.",
        { Code: QuotaExceeded } or { Status: HttpStatusCode.InsufficientStorage } => "The mailbox is full: give it a larger licence or an archive, then resume.",
        { Status: HttpStatusCode.RequestEntityTooLarge } or { Code: "ErrorMessageSizeExceeded" } =>
            "The item is larger than the mailbox takes: raise MaxSendSize and MaxReceiveSize with Set-Mailbox (150 MB at most), then resume.",
        _ => "Mend what the message names, then resume; with the request-id Microsoft's support can look it up.",
    };
}
