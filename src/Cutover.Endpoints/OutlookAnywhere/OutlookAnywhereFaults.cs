using System.Net;
using Cutover.Core.Faults;
using Cutover.Mapi;
using Cutover.Mapi.Autodiscover;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Says what an error of the wire means for a migration.</summary>
internal static class OutlookAnywhereFaults
{
    private const string GrantAccess =
        "Give the migration account FullAccess on the mailbox (Add-MailboxPermission -AccessRights FullAccess) or Receive As on its database, "
        + "then start again.";

    /// <param name="subject">What was worked on, such as "mailbox anna@contoso.com".</param>
    public static MigrationFault Of(Exception exception, string subject) => exception switch
    {
        MigrationFault fault => fault,
        AutodiscoverException e => new MigrationFault(FaultScope.Operator, e.Message, e.NextStep, e),
        ConnectException e => OfConnect(e, subject),
        RpcHttpException e => OfProxy(e, subject),
        MapiHttpException e => OfHttp(e, subject),
        HttpSignInException e => new MigrationFault(FaultScope.Operator, $"The {subject} can't be opened: {e.Message}", e.NextStep, e),
        RpcBindRefusedException e => new MigrationFault(
            FaultScope.Operator, $"The {subject} can't be opened: {e.Message}", "Choose another RpcProtection for the endpoint, or leave it out.", e),
        MapiException e => OfServer(e, subject),
        MapiProtocolException e => Connection(e, subject),
        IOException or UnauthorizedAccessException => Spool(exception, subject),
        _ => new MigrationFault(
            FaultScope.Mailbox, $"Reading the {subject} failed: {exception.Message}", "Look into Cutover's log at this time.", exception),
    };

    public static MigrationFault UnreadableItem(LongTermId message, uint errorCode) => new(
        FaultScope.Item,
        $"The server can't read message {message}: error 0x{errorCode:X8}{(errorCode == 0x8004011B ? " (the stored message is damaged)" : "")}",
        "Open the message in Outlook. If it can't be opened there either, repair the mailbox (New-MailboxRepairRequest) or delete the message.");

    public static MigrationFault FolderKeyUnknown(string key, string subject) => new(
        FaultScope.Mailbox, $"'{key}' names no folder of the {subject}", "List the folders again.");

    private static MigrationFault OfConnect(ConnectException e, string subject)
    {
        var needsOperator = e.Failure is ConnectFailure.NameNotResolved or ConnectFailure.UntrustedCertificate or ConnectFailure.WrongName
            or ConnectFailure.ExpiredCertificate;
        return needsOperator
            ? new MigrationFault(FaultScope.Operator, $"The {subject} can't be reached: {e.Message}", e.NextStep, e)
            : EndpointBusy($"The {subject} can't be reached: {e.Message}", e.NextStep, e);
    }

    private static MigrationFault OfProxy(RpcHttpException e, string subject) => e.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound =>
            new MigrationFault(FaultScope.Operator, $"The {subject} can't be opened: {e.Message}", e.NextStep, e),
        _ => EndpointBusy($"The {subject} can't be read now: {e.Message}", e.NextStep, e),
    };

    private static MigrationFault OfHttp(MapiHttpException e, string subject) => (e.StatusCode, e.ResponseCode) switch
    {
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Redirect, _) =>
            NeedsOperator($"The {subject} can't be opened: {e.Message}", e.NextStep, e),
        (HttpStatusCode.OK, _) => Connection(e, subject),
        _ => EndpointBusy($"The {subject} can't be read now: {e.Message}", e.NextStep, e),
    };

    private static MigrationFault OfServer(MapiException e, string subject) => (e.Operation, e.ErrorCode) switch
    {
        (_, MapiErrorCode.ServerBusy) =>
            EndpointBusy($"The Exchange server is busy and asks to wait (reading the {subject})", "Nothing: the migration goes on by itself.", e),
        (_, MapiErrorCode.MaxConnectionsExceeded) => EndpointBusy(
            "The migration account has as many sessions as the Exchange server allows",
            "Lower the endpoint's MaxConcurrentMigrations, or raise RCAMaxConcurrency for the account (Set-ThrottlingPolicy).", e),
        (_, MapiErrorCode.RpcServerUnavailable) =>
            EndpointBusy(
                "The Exchange server behind the RPC proxy is unavailable", "Check that the Information Store and RPC Client Access services run.", e),
        (_, MapiErrorCode.MdbOffline) => EndpointBusy($"The database of the {subject} is not mounted", "Mount the database (Mount-Database).", e),
        ("Connect", MapiErrorCode.UnknownUser) => NeedsOperator(
            "The Exchange server does not know the migration account: it has no mailbox, or its legacyExchangeDN is wrong",
            "Give the migration account a mailbox, or run Autodiscover for it again.", e),
        (_, MapiErrorCode.UnknownUser) => NeedsOperator(
            $"The Exchange server has no {subject}: nobody has this legacyExchangeDN", "Read the recipients again; the mailbox may have been removed.", e),
        (_, MapiErrorCode.NotEncrypted) => NeedsOperator(
            "The Exchange server asks for RPC encryption, and this session had none: the endpoint's RpcProtection forbids it, or the server refused NTLM at the RPC level",
            "Leave RpcProtection out or set it to Privacy, and allow NTLM to the Exchange server; else allow unencrypted RPC inside TLS"
            + " (Set-RpcClientAccess -EncryptionRequired $false).", e),
        (_, RpcStatus.SecurityPackageError or RpcStatus.UnknownAuthenticationService) => NeedsOperator(
            $"The Exchange server refuses the sign-in at the RPC level: {e.Message}",
            "Allow NTLM to the Exchange server (policy 'Restrict NTLM'), or set the endpoint's RpcProtection to None: TLS protects the connection all the same.", e),
        (_, MapiErrorCode.LoginPerm or MapiErrorCode.AccessDenied or MapiErrorCode.ProfileNotConfigured or MapiErrorCode.LoginFailure
            or RpcStatus.AccessDenied) =>
            NeedsOperator($"The migration account has no right to open the {subject} (error 0x{e.ErrorCode:X8})", GrantAccess, e),
        (_, RpcStatus.ContextMismatch) => Connection(e, subject),
        _ => new MigrationFault(
            FaultScope.Mailbox, $"Reading the {subject} failed: {e.Message}",
            "The mailbox is tried again; if it stays so, look into the server's log.", e)
        {
            IsTransient = true,
        },
    };

    private static MigrationFault NeedsOperator(string message, string nextStep, Exception e) =>
        new(FaultScope.Operator, message, nextStep, e);

    /// <summary>These answers don't say how long to wait; the engine's back-off does.</summary>
    private static MigrationFault EndpointBusy(string message, string nextStep, Exception e) =>
        new(FaultScope.Endpoint, message, nextStep, e) { IsTransient = true };

    private static MigrationFault Connection(Exception e, string subject) =>
        new(FaultScope.Mailbox, $"The connection to the {subject} broke: {e.Message}", "Nothing: the mailbox goes on from its last checkpoint.", e)
        {
            IsTransient = true,
        };

    private static MigrationFault Spool(Exception e, string subject) => new(
        FaultScope.Operator, $"An item of the {subject} can't be kept on disk on its way: {e.Message}",
        "Make room in Cutover's spool directory, or check that it can be written.", e);
}
