namespace Cutover.Mapi.Properties;

/// <summary>PtypTime: 100-nanosecond intervals since 1601-01-01 UTC. Source: [MS-OXCDATA] 2.11.1, [MS-DTYP] 2.3.3.</summary>
public static class FileTime
{
    private static readonly DateTime Epoch = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The time of a PtypTime value; false when it lies before 1601 or after 9999.</summary>
    public static bool TryToDateTime(long value, out DateTime time)
    {
        var valid = value >= 0 && value <= DateTime.MaxValue.Ticks - Epoch.Ticks;
        time = valid ? Epoch.AddTicks(value) : value < 0 ? Epoch : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        return valid;
    }

    /// <summary>The time of a PtypTime value, moved into 1601 to 9999 if need be.</summary>
    public static DateTime ToDateTime(long value)
    {
        _ = TryToDateTime(value, out var time);
        return time;
    }

    /// <summary>The PtypTime value of a time in UTC; times before 1601 become 0.</summary>
    public static long FromDateTime(DateTime time) => Math.Max(0, time.Ticks - Epoch.Ticks);
}
