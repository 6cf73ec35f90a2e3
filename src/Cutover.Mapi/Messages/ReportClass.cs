namespace Cutover.Mapi.Messages;

/// <summary>What a report tells, as its message class ends and as its MIME says it. Source: [MS-OXCMAIL] 2.1.3.5, 2.2.3.7, [MS-OXOMSG] 2.2.2.</summary>
/// <param name="Suffix">Behind REPORT.IPM.Note.</param>
/// <param name="Action">The Action of a delivery status (RFC 3464 2.3.3), or the type of a disposition (RFC 8098 3.2.6.2).</param>
internal sealed record ReportClass(string Suffix, string Action, bool IsDelivery)
{
    private static readonly ReportClass[] All =
    [
        new("Delayed.DR", "delayed", true),
        new("Relayed.DR", "relayed", true),
        new("Expanded.DR", "expanded", true),
        new("NDR", "failed", true),
        new("DR", "delivered", true),
        new("IPNNRN", "deleted", false),
        new("IPNRN", "displayed", false),
    ];

    /// <summary>Null when the message class is no report's.</summary>
    public static ReportClass? Of(string messageClass) => MailClass.IsReport(messageClass)
        ? Array.Find(All, report => messageClass.EndsWith("." + report.Suffix, StringComparison.OrdinalIgnoreCase)) : null;

    /// <summary>The report of several recipients tells the worst: that a message failed, or is delayed. One that tells nothing is a failure.</summary>
    public static ReportClass OfActions(IReadOnlyCollection<string> actions)
    {
        string[] worst = ["failed", "delayed", "relayed", "expanded", "delivered"];
        var told = worst.FirstOrDefault(action => actions.Contains(action, StringComparer.OrdinalIgnoreCase)) ?? worst[0];
        return All.First(report => report.Action == told);
    }

    public static ReportClass OfDisposition(string disposition) =>
        Array.Find(All, report => !report.IsDelivery && disposition.Contains(report.Action, StringComparison.OrdinalIgnoreCase)) ?? All[^1];

    public string For(string originalClass) => $"REPORT.{originalClass}.{Suffix}";
}
