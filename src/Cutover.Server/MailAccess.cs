using Cutover.Core.Endpoints;
using Cutover.Core.Messages;
using Cutover.Core.Runbooks;
using Cutover.Endpoints.Mail;
using Cutover.Endpoints.Microsoft365;
using Cutover.Mapi.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cutover.Server;

/// <summary>Opens the way by which messages to users are sent.</summary>
internal static class MailAccess
{
    public static async Task<IMessageSender> OpenAsync(MailSettings settings, CutoverPlan plan, Connector connector, TimeProvider clock, CancellationToken ct)
    {
        var from = settings.From ?? throw new InvalidSettingsException("mail.from doesn't say whom the messages to users come from.");
        return settings.SmtpServer is { } server
            ? new SmtpMessageSender(new SmtpSettings(from, server, settings.SmtpPort, settings.SmtpUserName, Password(settings)))
            : await Microsoft365Endpoint.OpenMessageSenderAsync(
                plan.Target, Secrets.Read(plan.Target.Secret), connector, from, clock, NullLoggerFactory.Instance, ct);
    }

    private static string? Password(MailSettings settings) => settings.SmtpPassword is { } secret ? Secrets.Read(new SecretRef(secret)) : null;
}
