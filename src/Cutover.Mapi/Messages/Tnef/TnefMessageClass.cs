namespace Cutover.Mapi.Messages.Tnef;

/// <summary>The message classes that the attribute has other names for. Source: [MS-OXTNEF] 2.1.3.3.9.</summary>
internal static class TnefMessageClass
{
    private static readonly (string Tnef, string Mapi)[] Names =
    [
        ("IPM.Microsoft Mail.Note", "IPM.Note"),
        ("IPM.Microsoft Mail.Read Receipt", "REPORT.IPM.Note.IPNRN"),
        ("IPM.Microsoft Mail.Non-Delivery", "REPORT.IPM.Note.NDR"),
        ("IPM.Microsoft Schedule.MtgReq", "IPM.Schedule.Meeting.Request"),
        ("IPM.Microsoft Schedule.MtgRespP", "IPM.Schedule.Meeting.Resp.Pos"),
        ("IPM.Microsoft Schedule.MtgRespN", "IPM.Schedule.Meeting.Resp.Neg"),
        ("IPM.Microsoft Schedule.MtgRespA", "IPM.Schedule.Meeting.Resp.Tent"),
        ("IPM.Microsoft Schedule.MtgCncl", "IPM.Schedule.Meeting.Canceled"),
    ];

    public static string ToMapi(string name) => Array.Find(Names, known => known.Tnef.Equals(name, StringComparison.OrdinalIgnoreCase)).Mapi ?? name;

    public static string ToTnef(string messageClass) =>
        Array.Find(Names, known => known.Mapi.Equals(messageClass, StringComparison.OrdinalIgnoreCase)).Tnef ?? messageClass;
}
