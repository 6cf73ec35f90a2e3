namespace Cutover.Mapi.Messages;

/// <summary>PidTagAutoResponseSuppress as X-Auto-Response-Suppress says it. Source: [MS-OXCMAIL] 2.2.3.2.14, [MS-OXOMSG] 2.2.1.77.</summary>
internal static class AutoResponseSuppress
{
    private static readonly (int Flag, string Name)[] Names =
        [(0x1, "DR"), (0x2, "NDR"), (0x4, "RN"), (0x8, "NRN"), (0x10, "OOF"), (0x20, "AutoReply")];

    public static string? Describe(int flags) => flags switch
    {
        0 => null,
        -1 => "All",
        _ => string.Join(", ", Names.Where(name => (flags & name.Flag) != 0).Select(name => name.Name)),
    };

    public static int Parse(string value)
    {
        var flags = 0;
        foreach (var word in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Equals("All", StringComparison.OrdinalIgnoreCase)) return -1;
            if (word.Equals("None", StringComparison.OrdinalIgnoreCase)) return 0;
            flags |= Names.FirstOrDefault(name => name.Name.Equals(word, StringComparison.OrdinalIgnoreCase)).Flag;
        }
        return flags;
    }
}
