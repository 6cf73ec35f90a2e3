using System.Text;

namespace Cutover.Lab.Organisation.Items;

/// <summary>
/// W. Europe Standard Time: how long it is from UTC, and the two blobs by which appointments carry it. Own arithmetic, because the machine may
/// have no time zone data.
/// </summary>
public static class AmsterdamTime
{
    private const string KeyName = "W. Europe Standard Time";
    private const int Bias = -60;
    private const int DaylightBias = -60;

    /// <summary>The UTC time of a time on Amsterdam's clocks; of the hour that comes twice, the first.</summary>
    public static DateTime ToUtc(DateTime local) => DateTime.SpecifyKind(local - Offset(local), DateTimeKind.Utc);

    /// <summary>PidLidTimeZoneStruct. Source: [MS-OXOCAL] 2.2.1.39.</summary>
    public static byte[] Struct()
    {
        var blob = Writer(out var bytes);
        blob.Write(Bias);
        blob.Write(0); // lStandardBias
        blob.Write(DaylightBias);
        blob.Write((ushort)0); // wStandardYear
        WriteChange(blob, month: 10, hour: 3);
        blob.Write((ushort)0); // wDaylightYear
        WriteChange(blob, month: 3, hour: 2);
        return bytes.ToArray();
    }

    /// <summary>PidLidAppointmentTimeZoneDefinitionRecur (which flags its rule as the recurrence's) and its two siblings. Source: [MS-OXOCAL] 2.2.1.41.</summary>
    public static byte[] Definition(bool isRecurrence)
    {
        const ushort effectiveRule = 0x0002, recurrenceRule = 0x0001;
        var blob = Writer(out var bytes);
        blob.Write((byte)2); // bMajorVersion
        blob.Write((byte)1); // bMinorVersion
        blob.Write((ushort)(6 + 2 * KeyName.Length)); // cbHeader
        blob.Write((ushort)2); // Reserved
        blob.Write((ushort)KeyName.Length);
        blob.Write(Encoding.Unicode.GetBytes(KeyName));
        blob.Write((ushort)1); // cRules
        blob.Write((byte)2); // TZRule: bMajorVersion
        blob.Write((byte)1); // bMinorVersion
        blob.Write((ushort)0x3E); // Reserved
        blob.Write(isRecurrence ? (ushort)(effectiveRule | recurrenceRule) : effectiveRule);
        blob.Write((ushort)1601); // wYear: in force since then
        blob.Write(new byte[14]); // X
        blob.Write(Bias);
        blob.Write(0); // lStandardBias
        blob.Write(DaylightBias);
        WriteChange(blob, month: 10, hour: 3);
        WriteChange(blob, month: 3, hour: 2);
        return bytes.ToArray();
    }

    // A SYSTEMTIME that means the last Sunday of the month.
    private static void WriteChange(BinaryWriter blob, ushort month, ushort hour)
    {
        blob.Write((ushort)0); // wYear
        blob.Write(month);
        blob.Write((ushort)0); // wDayOfWeek: Sunday
        blob.Write((ushort)5); // wDay: the last
        blob.Write(hour);
        blob.Write(new byte[6]); // wMinute, wSecond, wMilliseconds
    }

    private static TimeSpan Offset(DateTime local)
    {
        var isSummer = local >= LastSunday(local.Year, 3).AddHours(2) && local < LastSunday(local.Year, 10).AddHours(3);
        return TimeSpan.FromHours(isSummer ? 2 : 1);
    }

    private static DateTime LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month));
        return last.AddDays(-(int)last.DayOfWeek);
    }

    private static BinaryWriter Writer(out MemoryStream bytes) => new(bytes = new MemoryStream());
}
