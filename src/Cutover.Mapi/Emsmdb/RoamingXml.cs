using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Cutover.Mapi.Emsmdb;

/// <summary>A category that the user made or Outlook gave. Source: [MS-OXOCFG] 2.2.5.2.2.</summary>
/// <param name="Color">0 (red) to 24 (dark cranberry), or -1 for none.</param>
public sealed record OutlookCategory(string Name, int Color);

/// <summary>When the owner works and in which time zone. Source: [MS-OXOCFG] 2.2.5.2.1.</summary>
/// <param name="TimeZone">Windows' name, such as "W. Europe Standard Time"; null where the writer gave none (Outlook 2003).</param>
/// <param name="Start">Since midnight; null with <paramref name="End"/> where no time slot is given.</param>
public sealed record WorkingHours(string? TimeZone, IReadOnlyList<DayOfWeek> Days, TimeOnly? Start, TimeOnly? End);

/// <summary>Reads what clients keep as XML in folder-associated messages (PidTagRoamingXmlStream). Source: [MS-OXOCFG] 2.2.5.2.</summary>
internal static class RoamingXml
{
    public const string CategoryListClass = "IPM.Configuration.CategoryList";
    public const string WorkingHoursClass = "IPM.Configuration.WorkHours";

    private static readonly XNamespace WorkingHoursXsd = "WorkingHours.xsd";
    private static readonly XmlReaderSettings NoEntities = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <exception cref="MapiProtocolException">The stream is no category list.</exception>
    public static IReadOnlyList<OutlookCategory> ReadCategories(byte[] stream) =>
        [.. Load(stream, "category list").Elements().Where(element => element.Name.LocalName == "category")
            .Select(element => new OutlookCategory((string?)element.Attribute("name") ?? "", Number(element.Attribute("color")?.Value)))
            .Where(category => category.Name.Length > 0)];

    /// <exception cref="MapiProtocolException">The stream does not hold working hours.</exception>
    public static WorkingHours ReadWorkingHours(byte[] stream)
    {
        var version = Load(stream, "working hours").Element(WorkingHoursXsd + "WorkHoursVersion1")
            ?? throw new MapiProtocolException("The stream of the working hours has no WorkHoursVersion1");
        var slot = version.Element(WorkingHoursXsd + "TimeSlot");
        return new WorkingHours(
            version.Element(WorkingHoursXsd + "TimeZone")?.Element(WorkingHoursXsd + "Name")?.Value is { Length: > 0 } zone ? zone : null,
            Days(version.Element(WorkingHoursXsd + "WorkDays")?.Value ?? ""),
            Time(slot?.Element(WorkingHoursXsd + "Start")?.Value), Time(slot?.Element(WorkingHoursXsd + "End")?.Value));
    }

    private static XElement Load(byte[] stream, string what)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(stream, writable: false), NoEntities);
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw new MapiProtocolException($"The stream of the {what} is not the XML that it should be: {e.Message}", e);
        }
    }

    private static List<DayOfWeek> Days(string list) =>
        [.. list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(day => Enum.TryParse<DayOfWeek>(day, ignoreCase: true, out var known) ? known : (DayOfWeek?)null)
            .OfType<DayOfWeek>()];

    private static TimeOnly? Time(string? text) => TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;

    private static int Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
