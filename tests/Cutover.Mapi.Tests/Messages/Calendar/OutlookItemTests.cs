using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Messages.Contacts;
using Cutover.Mapi.Messages.Msg;
using Cutover.Mapi.Properties;
using Ical.Net.CalendarComponents;

namespace Cutover.Mapi.Tests.Messages.Calendar;

/// <summary>Appointments, meetings, tasks and contacts that Outlook wrote, as text that Ical.Net and our own reader understand.</summary>
public sealed class OutlookItemTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_calendar_item_of_the_corpus_is_a_calendar_that_another_reads()
    {
        var count = 0;
        foreach (var (file, message) in Items(messageClass => messageClass.StartsWith("IPM.Appointment", StringComparison.OrdinalIgnoreCase)
            || messageClass.StartsWith("IPM.Schedule", StringComparison.OrdinalIgnoreCase) || messageClass.StartsWith("IPM.Task", StringComparison.OrdinalIgnoreCase)))
        {
            var text = MapiToICalendar.Write(message, SmtpAddresses.None);
            output.WriteLine($"{file}\n{text}");
            var theirs = Assert.IsAssignableFrom<RecurringComponent>(Ical.Net.Calendar.Load(text)!.RecurringItems.First());
            Assert.Equal(message.Properties.GetString(PropertyTags.Subject) ?? "", theirs.Summary ?? "");
            if (message.Properties[PropertyNames.AppointmentStartWhole] is DateTime start && theirs is CalendarEvent { IsAllDay: false }) Assert.Equal(start, theirs.DtStart!.AsUtc);
            if (message.Properties[PropertyNames.AppointmentRecur] is byte[] { Length: > 0 } blob)
            {
                var recurrence = AppointmentRecurrence.Parse(blob);
                Assert.Equal(blob, recurrence.ToBytes());
                Assert.Equal(recurrence.Occurrences().Take(50).Count(), theirs.GetOccurrences().Take(50).Count());
            }
            Assert.Empty(ICalendarToMapi.Read(text).Problems);
            count++;
        }
        Assert.True(count >= 3, $"{count} calendar items");
    }

    [Fact]
    public void Every_contact_of_the_corpus_is_a_card_that_keeps_its_name()
    {
        var count = 0;
        foreach (var (file, message) in Items(messageClass => messageClass.StartsWith("IPM.Contact", StringComparison.OrdinalIgnoreCase)
            || messageClass.StartsWith("IPM.DistList", StringComparison.OrdinalIgnoreCase)))
        {
            var text = MapiToVCard.Write(message, SmtpAddresses.None);
            output.WriteLine($"{file}\n{text}");
            var again = VCardToMapi.Read(text).Items.Single();
            Assert.Equal(message.Properties.GetString(PropertyTags.DisplayName), again.Properties.GetString(PropertyTags.DisplayName));
            Assert.Equal(message.Properties[PropertyNames.Email1EmailAddress] is string, again.Properties[PropertyNames.Email1EmailAddress] is string);
            count++;
        }
        Assert.True(count >= 3, $"{count} contacts");
    }

    private static IEnumerable<(string File, MapiMessage Message)> Items(Func<string, bool> isWanted)
    {
        foreach (var file in Directory.EnumerateFiles(SharedMaterial.Require("corpora/msg"), "*.msg", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (TryRead(file) is { } message && isWanted(message.Properties.GetString(PropertyTags.MessageClass) ?? "")) yield return (Path.GetFileName(file), message);
        }
    }

    // Mail and broken files are the business of the reader's own tests.
    private static MapiMessage? TryRead(string file)
    {
        try
        {
            return MsgReader.Read(new MemoryStream(File.ReadAllBytes(file)));
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }
}
