using System.Net.Sockets;
using Cutover.Core.Faults;
using Cutover.Core.Messages;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Cutover.Endpoints.Mail;

/// <summary>An SMTP server that takes our messages.</summary>
/// <param name="From">The sender's address.</param>
/// <param name="UserName">Null signs in as nobody.</param>
public sealed record SmtpSettings(string From, string Server, int Port, string? UserName, string? Password, SmtpTls Tls = SmtpTls.WhenOffered);

/// <summary>How the connection to an SMTP server is protected.</summary>
public enum SmtpTls
{
    /// <summary>STARTTLS where the server offers it; with a password it must.</summary>
    WhenOffered,

    /// <summary>STARTTLS or nothing (RFC 3207).</summary>
    Required,

    /// <summary>TLS from the first byte, port 465 as a rule (RFC 8314).</summary>
    Implicit,
}

/// <summary>Sends messages to users through an SMTP server. A message keeps its Message-Id when sent again; a password never goes in the clear.</summary>
public sealed class SmtpMessageSender(SmtpSettings settings) : IMessageSender
{
    public async Task SendAsync(UserMessage message, CancellationToken ct)
    {
        using var mime = Build(message);
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(settings.Server, settings.Port, Protection, ct);
            if (settings is { UserName: { } user, Password: { } password }) await client.AuthenticateAsync(user, password, ct);
            await client.SendAsync(mime, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (AuthenticationException error)
        {
            throw Failed(FaultScope.Operator, message, "it refused the user name or password", "Check mail.smtpUserName and mail.smtpPassword.", error);
        }
        catch (NotSupportedException error)
        {
            throw Failed(FaultScope.Operator, message, "it offers no STARTTLS", "Let the mail server offer STARTTLS, or send without a user name.", error);
        }
        catch (SmtpCommandException error) when ((int)error.StatusCode is >= 400 and < 500)
        {
            // 4yz asks us to come back (RFC 5321 4.2.1).
            var reason = $"it answered {(int)error.StatusCode} {error.Message}";
            throw Failed(FaultScope.Endpoint, message, reason, "Wait; when it goes on, look into the mail server's log.", error);
        }
        catch (SmtpCommandException error)
        {
            var scope = error.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? FaultScope.Item : FaultScope.Operator;
            throw Failed(scope, message, $"it answered {(int)error.StatusCode} {error.Message}", "Look into the mail server's log.", error);
        }
        catch (Exception error) when (error is SocketException or IOException or ProtocolException or SslHandshakeException or ServiceNotConnectedException)
        {
            throw Failed(FaultScope.Endpoint, message, error.Message, "Check that the mail server can be reached and its certificate is trusted.", error);
        }
    }

    private SecureSocketOptions Protection => settings.Tls switch
    {
        SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
        SmtpTls.WhenOffered when settings.UserName is null => SecureSocketOptions.StartTlsWhenAvailable,
        _ => SecureSocketOptions.StartTls,
    };

    private MimeMessage Build(UserMessage message)
    {
        var mime = new MimeMessage { Subject = message.Subject, MessageId = $"{Uri.EscapeDataString(message.Id)}@cutover.invalid" };
        mime.From.Add(MailboxAddress.Parse(settings.From));
        mime.To.Add(MailboxAddress.Parse(message.To));
        mime.Body = new BodyBuilder { TextBody = message.TextBody, HtmlBody = message.HtmlBody }.ToMessageBody();
        return mime;
    }

    private MigrationFault Failed(FaultScope scope, UserMessage message, string reason, string next, Exception inner) =>
        new(scope, $"The mail server {settings.Server}:{settings.Port} did not take the message to {message.To}: {reason}.", next, inner)
        {
            IsTransient = scope == FaultScope.Endpoint,
        };
}
