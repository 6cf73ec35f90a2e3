using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Message classes of calendar items and what iCalendar calls them. Source: [MS-OXCICAL] 2.1.3.1.1.1, [MS-OXOCAL] 2.2.5 to 2.2.9.</summary>
internal static class MeetingMessages
{
    public const string Appointment = "IPM.Appointment";
    public const string Request = "IPM.Schedule.Meeting.Request";
    public const string Canceled = "IPM.Schedule.Meeting.Canceled";
    private const string Response = "IPM.Schedule.Meeting.Resp.";
    private const int Tentative = 2;
    private const int Accepted = 3;
    private const int Declined = 4;

    public static bool IsCalendarItem(string messageClass) => Is(messageClass, Appointment) || Is(messageClass, "IPM.Schedule.Meeting");

    public static bool IsReply(MapiMessage message) => ClassOf(message).StartsWith(Response, StringComparison.OrdinalIgnoreCase);

    public static bool IsCanceled(MapiMessage message) => Is(ClassOf(message), Canceled);

    public static string MethodOf(MapiMessage message)
    {
        if (IsReply(message)) return message.Properties[PropertyNames.AppointmentCounterProposal] is true ? "COUNTER" : "REPLY";
        if (IsCanceled(message)) return "CANCEL";
        return Is(ClassOf(message), Request) ? "REQUEST" : "PUBLISH";
    }

    /// <summary>What an answer says, as PidLidResponseStatus counts it.</summary>
    public static int ResponseOf(MapiMessage message)
    {
        var kind = ClassOf(message)[Response.Length..];
        return Is(kind, "Pos") ? Accepted : Is(kind, "Neg") ? Declined : Tentative;
    }

    /// <summary>The class of a message with this METHOD.</summary>
    public static string ClassOf(string? method, string? participationStatus) => method?.ToUpperInvariant() switch
    {
        "REQUEST" => Request,
        "CANCEL" => Canceled,
        "REPLY" or "COUNTER" => Response + (participationStatus?.ToUpperInvariant() switch { "ACCEPTED" => "Pos", "DECLINED" => "Neg", _ => "Tent" }),
        _ => Appointment,
    };

    private static string ClassOf(MapiMessage message) => message.Properties.GetString(PropertyTags.MessageClass) ?? Appointment;

    private static bool Is(string messageClass, string ancestor) => messageClass.StartsWith(ancestor, StringComparison.OrdinalIgnoreCase)
        && (messageClass.Length == ancestor.Length || messageClass[ancestor.Length] == '.');
}
