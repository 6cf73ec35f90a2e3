using System.Globalization;
using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>
/// Birthday and anniversary: days, that MAPI keeps twice: as the day itself (PidLid…Local), and as a moment in UTC that may lie on the day before.
/// Source: [MS-OXOCNTC] 2.2.1.5.
/// </summary>
internal static class ContactDates
{
    private static readonly TimeSpan HalfADay = TimeSpan.FromHours(12);

    public static void Write(PropertyBag contact, ContentComponent card)
    {
        AddDay("BDAY", contact[PropertyNames.BirthdayLocal], contact[PropertyTags.Birthday], card);
        AddDay("X-MS-ANNIVERSARY", contact[PropertyNames.WeddingAnniversaryLocal], contact[PropertyTags.WeddingAnniversary], card);
    }

    public static void SetBirthday(PropertyBag contact, DateTime day) => contact
        .Set(PropertyTags.Birthday, DateTime.SpecifyKind(day, DateTimeKind.Utc)).Set(PropertyNames.BirthdayLocal, PropertyType.Time, DateTime.SpecifyKind(day, DateTimeKind.Utc));

    public static void SetAnniversary(PropertyBag contact, DateTime day) => contact
        .Set(PropertyTags.WeddingAnniversary, DateTime.SpecifyKind(day, DateTimeKind.Utc))
        .Set(PropertyNames.WeddingAnniversaryLocal, PropertyType.Time, DateTime.SpecifyKind(day, DateTimeKind.Utc));

    // Midnight of the owner's clocks as UTC: 22:00 the day before in Amsterdam's summer, 08:00 in Seattle. The nearest midnight is the day that is meant.
    private static void AddDay(string name, object? local, object? utc, ContentComponent card)
    {
        var day = local as DateTime? ?? (utc is DateTime time && time < DateTime.MaxValue - HalfADay ? time + HalfADay : null);
        if (day is { } found) card.Add(ContentLine.Of(name, found.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).With("VALUE", "DATE"));
    }
}
