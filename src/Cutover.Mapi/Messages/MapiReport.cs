using System.Globalization;
using System.Text;
using Cutover.Mapi.Properties;
using MimeKit;
using MimeKit.Utils;

namespace Cutover.Mapi.Messages;

/// <summary>Reports as multipart/report: a text for people, a part for programs, and what came back. Source: [MS-OXCMAIL] 2.1.3.5, RFC 6522.</summary>
internal sealed class MapiReport(MapiMessage message, SmtpAddresses addresses, ReportClass report)
{
    private PropertyBag Properties => message.Properties;

    /// <summary>The body, or null when the message is no report.</summary>
    public static MimeEntity? Body(MapiMessage message, SmtpAddresses addresses, int depth) =>
        ReportClass.Of(MapiToMime.ClassOf(message)) is { } report ? new MapiReport(message, addresses, report).Build(depth) : null;

    private MultipartReport Build(int depth)
    {
        var attached = new MapiAttachments(addresses, depth).Parts(message.Attachments).Select(part => part.Entity).ToList();
        var status = attached.Find(IsStatus);
        var whole = new MultipartReport(Kind) { Text(), status ?? (report.IsDelivery ? Delivery() : Disposition()) };
        foreach (var entity in attached.Where(entity => entity != status)) whole.Add(entity);
        return whole;
    }

    private string Kind => report.IsDelivery ? "delivery-status" : "disposition-notification";

    private bool IsStatus(MimeEntity entity) => entity.ContentType.IsMimeType("message", Kind);

    private MimeEntity Text()
    {
        var bodies = MapiBodies.Of(Properties);
        if (bodies is { Text: null, Html: null })
            bodies = bodies with { Text = Properties.GetString(PropertyTags.ReportText) ?? Properties.GetString(PropertyTags.Subject) ?? "" };
        return MapiContent.Alternative(bodies);
    }

    // Source: [MS-OXCMAIL] 2.1.3.5.1, RFC 3464 2.
    private MessageDeliveryStatus Delivery()
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(Fields(
            ("Reporting-MTA", "dns;" + (Properties.GetString(PropertyTags.ReportingMessageTransferAgent) ?? SmtpAddresses.NoDomain)),
            ("Arrival-Date", Time(PropertyTags.OriginalSubmitTime))));
        foreach (var row in message.Recipients) status.StatusGroups.Add(Recipient(row));
        return status;
    }

    private HeaderList Recipient(PropertyBag row) => Fields(
        ("Final-Recipient", MessagePeople.Recipient(row) is { } person && addresses.Find(person) is { } address ? "rfc822;" + address : null),
        ("Action", report.Action),
        ("Status", Status(row)),
        ("Remote-MTA", row.GetString(PropertyTags.RemoteMessageTransferAgent) is { } agent ? "dns;" + agent : null),
        ("Diagnostic-Code", row.GetString(PropertyTags.SupplementaryInfo) is { } diagnostic ? "smtp;" + diagnostic.Trim('<', '>', ' ') : null));

    // 511 is 5.1.1; without it the class tells the first digit.
    private string Status(PropertyBag row) => row.GetInteger(PropertyTags.NonDeliveryReportStatusCode) switch
    {
        > 99 and < 1000 and var code => string.Create(CultureInfo.InvariantCulture, $"{code / 100}.{code / 10 % 10}.{code % 10}"),
        _ => report.Action switch { "failed" => "5.0.0", "delayed" => "4.0.0", _ => "2.0.0" },
    };

    // Source: [MS-OXCMAIL] 2.1.3.5.2, RFC 8098 3.
    private MessageDispositionNotification Disposition()
    {
        var notification = new MessageDispositionNotification();
        var reader = MessagePeople.Sender(Properties) ?? MessagePeople.SentRepresenting(Properties);
        var mode = Properties.GetString(PropertyTags.ReportDispositionMode) ?? "automatic-action/MDN-sent-automatically";
        foreach (var field in Fields(
            ("Final-Recipient", reader is not null && addresses.Find(reader) is { } address ? "rfc822;" + address : null),
            ("Original-Message-ID", Properties.GetString(PropertyTags.OriginalMessageId) ?? Properties.GetString(PropertyTags.InReplyToId)),
            ("Disposition", $"{mode}; {Properties.GetString(PropertyTags.ReportDisposition) ?? report.Action}"))) notification.Fields.Add(field);
        return notification;
    }

    private string? Time(PropertyTag tag) => Properties[tag] is DateTime time
        ? DateUtils.FormatDate(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))) : null;

    private static HeaderList Fields(params (string Field, string? Value)[] fields)
    {
        var list = new HeaderList();
        foreach (var (field, value) in fields)
            if (!string.IsNullOrWhiteSpace(value)) list.Add(new Header(Encoding.UTF8, field, HeaderText.Clean(value)));
        return list;
    }
}
