using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Directory;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>Get- and Set-CalendarProcessing: how a room or equipment mailbox answers meeting requests. The lab keeps it.</summary>
internal sealed class CalendarProcessingCmdlets(RecipientLookup recipients)
{
    private static readonly string[] Kept =
    [
        "AutomateProcessing", "AllowConflicts", "AllowRecurringMeetings", "AllBookInPolicy", "AllRequestInPolicy",
        "AllRequestOutOfPolicy", "AddOrganizerToSubject", "AdditionalResponse", "AddAdditionalResponse", "BookingWindowInDays",
        "BookInPolicy", "RequestInPolicy", "RequestOutOfPolicy", "ConflictPercentageAllowed", "MaximumConflictInstances",
        "MaximumDurationInMinutes", "DeleteAttachments", "DeleteComments", "DeleteSubject", "DeleteNonCalendarItems",
        "EnforceSchedulingHorizon", "ForwardRequestsToDelegates", "OrganizerInfo", "ProcessExternalMeetingMessages",
        "RemoveOldMeetingMessages", "RemovePrivateProperty", "ResourceDelegates", "ScheduleOnlyDuringWorkHours",
        "TentativePendingApproval",
    ];

    public IEnumerable<Cmdlet> All =>
        [new("Get-CalendarProcessing", ["Identity"], ["ResultSize"], Get), new("Set-CalendarProcessing", ["Identity"], Kept, Set)];

    private IEnumerable<JsonObject> Get(CmdletCall call)
    {
        var mailbox = recipients.Get(call.Required("Identity"), recipient => recipient.HasMailbox);
        var value = new JsonObject { ["Identity"] = mailbox.Name, ["AutomateProcessing"] = Default(mailbox) };
        foreach (var name in Kept)
            if (mailbox.Settings.TryGetValue(name, out var json)) value[name] = JsonNode.Parse(json);
        return [value];
    }

    private IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var mailbox = recipients.Get(call.Required("Identity"), recipient => recipient.HasMailbox);
        if (call.Text("AutomateProcessing") is { } processing && processing is not ("None" or "AutoUpdate" or "AutoAccept"))
            throw CmdletException.Transformation("AutomateProcessing", processing,
                "Microsoft.Exchange.Data.Storage.CalendarProcessingFlags");
        recipients.SaveChange(mailbox, RecipientAttributes.ApplySettings(mailbox, call, Kept), call);
        return [];
    }

    private static string Default(TenantRecipient mailbox) =>
        mailbox.Type is RecipientTypeDetails.RoomMailbox or RecipientTypeDetails.EquipmentMailbox ? "AutoAccept" : "AutoUpdate";
}
