using System.Globalization;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>
/// What delivery reports and receipts say, as the class, recipients and properties of a report. The part itself stays attached, so that
/// nothing of it is lost. Source: [MS-OXCMAIL] 2.2.3.7.
/// </summary>
internal static class MimeReport
{
    public static void Convert(Multipart report, MapiMessage mapi)
    {
        if (report.OfType<MessageDeliveryStatus>().FirstOrDefault() is { } delivery) ReadDelivery(delivery, mapi);
        else if (report.OfType<MessageDispositionNotification>().FirstOrDefault() is { } disposition)
            ReadDisposition(disposition.Fields, mapi.Properties);
    }

    // One group about the message, then one for each recipient. Source: RFC 3464 2.1.
    private static void ReadDelivery(MessageDeliveryStatus delivery, MapiMessage mapi)
    {
        var recipients = delivery.StatusGroups.Where(group => group["Action"] is not null).ToList();
        mapi.Properties.Set(PropertyTags.MessageClass, ReportClass.OfActions([.. recipients.Select(group => Word(group["Action"]))]).For("IPM.Note"));
        if (delivery.StatusGroups.Select(group => Value(group["Reporting-MTA"])).FirstOrDefault(agent => agent is not null) is { } agent)
            mapi.Properties.Set(PropertyTags.ReportingMessageTransferAgent, agent);
        if (mapi.Recipients.Select(MessagePeople.Recipient).FirstOrDefault() is { } receiver) receiver.SetReceivedBy(mapi.Properties);
        mapi.Recipients.Clear();
        foreach (var group in recipients) AddRecipient(group, mapi);
    }

    private static void AddRecipient(HeaderList group, MapiMessage mapi)
    {
        if ((Value(group["Original-Recipient"]) ?? Value(group["Final-Recipient"])) is not { } address) return;
        var row = MessageAddress.Smtp(null, address).ToRecipient(recipientType: 1, mapi.Recipients.Count);
        mapi.Recipients.Add(row);
        if (StatusCode(group["Status"]) is { } code) row.Set(PropertyTags.NonDeliveryReportStatusCode, code);
        if (Value(group["Diagnostic-Code"]) is { } diagnostic) row.Set(PropertyTags.SupplementaryInfo, diagnostic);
        if (Value(group["Remote-MTA"]) is { } agent) row.Set(PropertyTags.RemoteMessageTransferAgent, agent);
    }

    // Disposition: automatic-action/MDN-sent-automatically; displayed. Source: RFC 8098 3.2.6.
    private static void ReadDisposition(HeaderList fields, PropertyBag properties)
    {
        var disposition = (fields["Disposition"] ?? "").Split(';', 2, StringSplitOptions.TrimEntries);
        var told = disposition.Length == 2 ? disposition[1] : "displayed";
        properties.Set(PropertyTags.MessageClass, ReportClass.OfDisposition(told).For("IPM.Note"));
        properties.Set(PropertyTags.ReportDisposition, MimeHeaders.Text(told));
        if (disposition[0].Length > 0) properties.Set(PropertyTags.ReportDispositionMode, MimeHeaders.Text(disposition[0]));
        if (fields["Original-Message-ID"] is { Length: > 0 } id) properties.Set(PropertyTags.OriginalMessageId, MimeHeaders.Text(id));
    }

    private static string Word(string? value) => (value ?? "").Trim().Split(' ', '\t', '(')[0];

    // type;value, of which MAPI keeps the value.
    private static string? Value(string? field) =>
        field is not null && MimeHeaders.Text(field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..]).Trim() is { Length: > 0 } value
            ? value : null;

    // 5.1.1 is 511; digits that don't fit one place are not told. Source: [MS-OXOMSG] 2.2.2.32.
    private static int? StatusCode(string? status)
    {
        var digits = Word(status).Split('.');
        if (digits.Length != 3 || digits.Any(digit => digit.Length != 1)) return null;
        return int.TryParse(string.Concat(digits), CultureInfo.InvariantCulture, out var code) ? code : null;
    }
}
