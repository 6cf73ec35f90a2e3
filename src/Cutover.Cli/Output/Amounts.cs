using System.Globalization;

namespace Cutover.Cli.Output;

/// <summary>Numbers with their units, as people read them.</summary>
public static class Amounts
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++) bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 || bytes >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    public static string Rate(double bytesPerSecond) => $"{Bytes(bytesPerSecond)}/s";

    public static string Time(TimeSpan? time) => time switch
    {
        null => "",
        { TotalHours: >= 1 } left => $"{(int)left.TotalHours} h {left.Minutes:00} min",
        { TotalMinutes: >= 1 } left => $"{left.Minutes} min {left.Seconds:00} s",
        { } left => $"{Math.Ceiling(left.TotalSeconds):0} s",
    };
}
