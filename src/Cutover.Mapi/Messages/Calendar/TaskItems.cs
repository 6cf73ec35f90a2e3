using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>Tasks as VTODO. Their dates are dates, kept as midnight UTC. Source: [MS-OXOTASK] 2.2.2, RFC 5545 3.6.2.</summary>
internal static class TaskItems
{
    private const int Complete = 2;
    private static readonly string[] Statuses = ["NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "IN-PROCESS", "NEEDS-ACTION"];

    /// <summary>Waiting on someone else, and deferred: what STATUS has no word for.</summary>
    private static readonly string?[] OutlookStatuses = [null, null, null, "WAITING", "DEFERRED"];

    public static bool IsTask(string messageClass) => messageClass.Equals("IPM.Task", StringComparison.OrdinalIgnoreCase)
        || messageClass.StartsWith("IPM.Task.", StringComparison.OrdinalIgnoreCase);

    public static bool IsTask(MapiMessage message) => IsTask(message.Properties.GetString(PropertyTags.MessageClass) ?? "");

    public static ContentComponent Write(MapiMessage message)
    {
        var item = message.Properties;
        var status = item[PropertyNames.TaskStatus] is int known and >= 0 and <= 4 ? known : 0;
        var todo = new ContentComponent("VTODO").Add(ContentLine.OfText("UID", UidOf(item))).Add(MapiToICalendar.Stamp(item));
        MapiToICalendar.WriteCommon(todo, item);
        AddDate(todo, "DTSTART", item[PropertyNames.TaskStartDate]);
        AddDate(todo, "DUE", item[PropertyNames.TaskDueDate]);
        if (item[PropertyNames.TaskDateCompleted] is DateTime completed) todo.Add(ContentLine.Of("COMPLETED", CalendarValues.Utc(completed)));
        if (item[PropertyNames.PercentComplete] is double part) todo.Add(ContentLine.Of("PERCENT-COMPLETE", MapiToICalendar.Number((int)(Math.Clamp(part, 0, 1) * 100))));
        todo.Add(ContentLine.Of("STATUS", Statuses[status]));
        todo.AddText("X-MICROSOFT-CDO-TASKSTATUS", OutlookStatuses[status]);
        AddRule(todo, item);
        if (item[PropertyNames.ReminderSet] is true && item[PropertyNames.ReminderTime] is DateTime at) todo.Components.Add(Reminder(at));
        return todo;
    }

    /// <summary>Makes a task of a VTODO. Times keep their date only: Outlook's tasks have no more.</summary>
    public static MapiMessage Read(ContentComponent todo, CalendarReading reading)
    {
        var message = new MapiMessage();
        var item = message.Properties.Set(PropertyTags.MessageClass, "IPM.Task");
        CommonReader.Read(todo, item);
        var status = StatusOf(todo);
        item.Set(PropertyNames.TaskStatus, PropertyType.Integer32, status);
        item.Set(PropertyNames.TaskComplete, PropertyType.Boolean, status == Complete);
        item.Set(PropertyNames.PercentComplete, PropertyType.Floating64, status == Complete ? 1.0 : Percent(todo));
        item.Set(PropertyNames.TaskGlobalId, PropertyType.Binary, GlobalObjectId.OfUid(todo.Text("UID") ?? "unknown").ToBytes());
        SetDate(item, PropertyNames.TaskStartDate, PropertyNames.CommonStart, reading.TryTime(todo, "DTSTART"));
        SetDate(item, PropertyNames.TaskDueDate, PropertyNames.CommonEnd, reading.TryTime(todo, "DUE"));
        if (reading.TryTime(todo, "COMPLETED") is { } completed) item.Set(PropertyNames.TaskDateCompleted, PropertyType.Time, completed.ToUtc());
        SetRule(item, todo, reading);
        if (CommonReader.ReminderAt(todo, reading) is { } at)
        {
            item.Set(PropertyNames.ReminderSet, PropertyType.Boolean, true).Set(PropertyNames.ReminderTime, PropertyType.Time, at);
            item.Set(PropertyNames.ReminderSignalTime, PropertyType.Time, at);
        }
        else item.Set(PropertyNames.ReminderSet, PropertyType.Boolean, false);
        return message;
    }

    private static void AddRule(ContentComponent todo, PropertyBag item)
    {
        if (item[PropertyNames.TaskRecurrence] is not byte[] { Length: > 0 } blob) return;
        var pattern = RecurrencePattern.Parse(blob);
        if (!RecurrenceRules.CanWrite(pattern) || pattern.Dates().Take(1).ToList() is not [var first]) return;
        if (todo.Line("DTSTART") is null) todo.Add(ContentLine.Of("DTSTART", CalendarValues.Date(first)).With("VALUE", "DATE"));
        todo.Add(ContentLine.Of("RRULE", RecurrenceRules.Write(pattern, first, CalendarValues.Date)));
    }

    private static void SetRule(PropertyBag item, ContentComponent todo, CalendarReading reading)
    {
        if (todo.Line("RRULE") is not { } rule || (reading.TryTime(todo, "DTSTART") ?? reading.TryTime(todo, "DUE")) is not { } start) return;
        var (pattern, problem) = RecurrenceRuleReader.Read(rule.Value, start);
        if (problem is not null) reading.Report(todo, problem);
        if (pattern is null) return;
        item.Set(PropertyNames.TaskRecurrence, PropertyType.Binary, pattern.ToBytes()).Set(PropertyNames.TaskFRecurring, PropertyType.Boolean, true);
    }

    private static int StatusOf(ContentComponent todo)
    {
        var outlook = Array.IndexOf(OutlookStatuses, todo.Text("X-MICROSOFT-CDO-TASKSTATUS") ?? "");
        if (outlook > 0) return outlook;
        var status = todo.Text("STATUS")?.ToUpperInvariant();
        return status == "COMPLETED" || (status is null && todo.Line("COMPLETED") is not null) ? Complete : Math.Max(0, Array.IndexOf(Statuses, status));
    }

    private static double Percent(ContentComponent todo) => int.TryParse(todo.Text("PERCENT-COMPLETE"), out var percent) ? Math.Clamp(percent, 0, 100) / 100.0 : 0;

    private static void SetDate(PropertyBag item, PropertyName name, PropertyName common, CalendarTime? time)
    {
        if (time is null) return;
        var date = DateTime.SpecifyKind(time.Local.Date, DateTimeKind.Utc);
        item.Set(name, PropertyType.Time, date).Set(common, PropertyType.Time, date);
    }

    private static void AddDate(ContentComponent todo, string name, object? date)
    {
        if (date is DateTime time) todo.Add(ContentLine.Of(name, CalendarValues.Date(time)).With("VALUE", "DATE"));
    }

    private static ContentComponent Reminder(DateTime at) => new ContentComponent("VALARM").Add(ContentLine.Of("ACTION", "DISPLAY"))
        .Add(ContentLine.Of("DESCRIPTION", "Reminder")).Add(ContentLine.Of("TRIGGER", CalendarValues.Utc(at)).With("VALUE", "DATE-TIME"));

    private static string UidOf(PropertyBag item)
    {
        if (item[PropertyNames.TaskGlobalId] is not byte[] { Length: > 0 } id) return MapiToICalendar.FallbackUid(item);
        try
        {
            return GlobalObjectId.Parse(id).Uid;
        }
        catch (MapiProtocolException)
        {
            return Convert.ToHexString(id); // Outlook's own are 16 bytes: [MS-OXOTASK] 2.2.2.2.29
        }
    }
}
