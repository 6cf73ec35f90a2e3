namespace Cutover.Mapi.Messages;

/// <summary>What message classes mean for MIME. Source: [MS-OXCMAIL] 2.1.3.1, [MS-OXOSMIME] 2.1.1.</summary>
internal static class MailClass
{
    private static readonly string[] Plain = ["IPM", "IPM.Note", "IPM.Post"];
    private static readonly string[] Items = ["IPM.Appointment", "IPM.Task", "IPM.Contact", "IPM.DistList", "IPM.StickyNote", "IPM.Activity"];

    /// <summary>True for classes whose items are mail and nothing more.</summary>
    public static bool IsPlain(string messageClass) =>
        Plain.Contains(messageClass, StringComparer.OrdinalIgnoreCase)
        || Is(messageClass, "IPM.Note.Microsoft.Voicemail") || Is(messageClass, "IPM.Note.Microsoft.Fax") || Is(messageClass, "IPM.Note.Microsoft.Missed")
        || Is(messageClass, "IPM.Note.Rules") || Is(messageClass, "IPM.Document") || Is(messageClass, "REPORT");

    /// <summary>True for the classes that a MIME part of their own stands for; those derived from them have more to tell.</summary>
    public static bool IsStandardItem(string messageClass) =>
        Items.Contains(messageClass, StringComparer.OrdinalIgnoreCase) || Is(messageClass, "IPM.Schedule.Meeting");

    public static bool IsClearSigned(string messageClass) => messageClass.EndsWith(".SMIME.MultipartSigned", StringComparison.OrdinalIgnoreCase);

    public static bool IsOpaqueSmime(string messageClass) => messageClass.EndsWith(".SMIME", StringComparison.OrdinalIgnoreCase);

    public static bool IsReport(string messageClass) => Is(messageClass, "REPORT");

    /// <summary>True for a class and those derived from it: IPM.Note also for IPM.Note.Custom.</summary>
    public static bool Is(string messageClass, string ancestor) =>
        messageClass.StartsWith(ancestor, StringComparison.OrdinalIgnoreCase) && (messageClass.Length == ancestor.Length || messageClass[ancestor.Length] == '.');
}
