using Cutover.Core.Mailboxes;

namespace Cutover.Interop.Gromox;

/// <summary>Differences between gromox's own MAPI and IMAP sides, by their reasons. docs/protocols/gromox.md</summary>
internal static class KnownHabits
{
    /// <summary>The reason of a difference; null where none is known.</summary>
    public static string? Explain(string field, ItemInfo info, MailFacts expected, MailFacts found) => field switch
    {
        "text body" when expected.Fields[field].Length == 0 && expected.Fields["html body"].Length > 0
            => "over MAPI gromox makes text of a message that has HTML only",
        "date" when expected.Fields[field].StartsWith("0001-", StringComparison.Ordinal) => "no Date header; the product tells when it was delivered",
        "attachments" or "text body" when info.ItemClass.StartsWith("REPORT.", StringComparison.OrdinalIgnoreCase)
            => "a report, written anew from its properties",
        _ when expected.Guessed.Contains(field) => "bytes in a charset that nobody tells or knows: each reader guesses",
        _ => null,
    };
}
