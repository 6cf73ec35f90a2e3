using System.Net.Sockets;
using System.Text.Json;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Mailboxes;
using Dapper;
using MimeKit;

namespace Cutover.Lab.Microsoft365.Mail;

/// <summary>Takes mail to the tenant's mailboxes, through groups and contacts, and what is for others to the SMTP sink.</summary>
internal sealed class MailRouter(TenantDatabase database, TenantDirectory directory, TenantMailboxes mailboxes, Microsoft365Options options)
{
    /// <summary>Sends a user's message: records it, keeps a copy in Sent Items if asked, and delivers it.</summary>
    public async Task SendAsync(TenantRecipient sender, MimeMessage message, bool saveToSentItems, CancellationToken ct)
    {
        var recipients = message.GetRecipients(onlyUnique: true).Select(recipient => recipient.Address).ToList();
        Record(sender.PrimarySmtpAddress!, recipients, message);
        if (saveToSentItems && mailboxes.Find(sender.ExchangeGuid!.Value) is { } own)
            own.CreateItem(own.FindFolder("sentitems")!, DeliveredMail.Of(message, options.Clock.GetUtcNow(), isRead: true));
        foreach (var recipient in recipients) await RouteAsync(recipient, message, ct);
    }

    /// <summary>Puts the message into the inbox of everybody whom the address means. False when it means nobody in this tenant.</summary>
    public bool Deliver(string recipient, MimeMessage message)
    {
        var known = directory.FindByAddress(recipient);
        return known is not null && Deliver(known, message, []);
    }

    /// <summary>Every message sent through Graph: sender, recipients, message.</summary>
    public IReadOnlyList<SentMail> Sent => database.Read<IReadOnlyList<SentMail>>(connection =>
        [.. connection.Query<(string Sender, string Recipients, byte[] Mime)>("SELECT sender, recipients, mime FROM sent_mail ORDER BY number")
            .Select(row => ToSent(row.Sender, row.Recipients, row.Mime))]);

    private async Task RouteAsync(string recipient, MimeMessage message, CancellationToken ct)
    {
        if (Deliver(recipient, message)) return;
        var address = directory.FindByAddress(recipient)?.ExternalEmailAddress is { } external
            ? ProxyAddress.WithoutPrefix(external)
            : recipient;
        if (options.SmtpSink is not { } sink) return;
        try
        {
            await SmtpSender.SendAsync(sink, message, address, ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The service has accepted the message and would try again later; the sender learns nothing of it. The lab keeps the record.
        }
    }

    private bool Deliver(TenantRecipient recipient, MimeMessage message, HashSet<Guid> seen)
    {
        if (!seen.Add(recipient.Id)) return true;
        if (recipient.IsGroup)
            return recipient.Members.Select(directory.Find).OfType<TenantRecipient>().ToList()
                .ConvertAll(member => Deliver(member, message, seen)).Contains(true);
        if (recipient.ExchangeGuid is not { } guid || mailboxes.Find(guid) is not { } mailbox) return false;
        mailbox.CreateItem(mailbox.FindFolder("inbox")!, DeliveredMail.Of(message, options.Clock.GetUtcNow(), isRead: false));
        return true;
    }

    private static SentMail ToSent(string sender, string recipients, byte[] mime) =>
        new(sender, JsonSerializer.Deserialize<string[]>(recipients)!, MimeMessage.Load(new MemoryStream(mime)));

    private void Record(string sender, List<string> recipients, MimeMessage message)
    {
        using var mime = new MemoryStream();
        message.WriteTo(mime);
        database.Write(connection => connection.Execute(
            "INSERT INTO sent_mail(sender, recipients, mime, sent) VALUES(@sender, @to, @mime, @now)",
            new { sender, to = JsonSerializer.Serialize(recipients), mime = mime.ToArray(), now = options.Clock.GetUtcNow().Ticks }));
    }
}

/// <summary>A message that was sent through Graph.</summary>
public sealed record SentMail(string Sender, IReadOnlyList<string> Recipients, MimeMessage Message);
