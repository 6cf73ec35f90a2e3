using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cutover.Mapi.Tests.Structures;

/// <summary>A binary property of the corpus with its published answer: lines of "name = value" or "name: value", and bytes as "lpb: hex".</summary>
internal sealed partial class PublishedBlob
{
    private const string Folder = "corpora/mapi-blobs/mapi-smartview/UnitTest/SmartViewTestData";

    private readonly List<(string Name, string Value)> fields = [];

    /// <param name="input">The name of the input; the answer's has -out before its number.</param>
    public PublishedBlob(string input)
    {
        var folder = SharedMaterial.Require(Folder);
        Bytes = Convert.FromHexString(string.Concat(File.ReadAllText(Path.Combine(folder, "In", input + ".dat")).Where(char.IsAsciiHexDigit)));
        var answer = Directory.EnumerateFiles(Path.Combine(folder, "Out"))
            .Single(path => Path.GetFileName(path).Equals(TrailingNumber().Replace(input, "-out$1") + ".dat", StringComparison.OrdinalIgnoreCase));
        foreach (var line in Decode(File.ReadAllBytes(answer)).Split('\n')) Add(line.Trim('\r', '\t', ' ', '|'));
    }

    public byte[] Bytes { get; }

    /// <summary>All that the answer says of these names, in order, is what ours says; and no name is left over but the ignored ones.</summary>
    public void AssertSays(IEnumerable<(string Name, object Value)> ours, params string[] ignored)
    {
        var mine = ours.Select(field => (field.Name, Value: Canonical(field.Value))).ToList();
        foreach (var name in mine.Select(field => field.Name).Concat(fields.Select(field => field.Name)).Except(ignored).Distinct())
            Assert.True(Values(fields, name).SequenceEqual(Values(mine, name)),
                $"{name}\npublished {string.Join(" | ", Values(fields, name))}\nours      {string.Join(" | ", Values(mine, name))}");
    }

    private static IEnumerable<string> Values(IEnumerable<(string Name, string Value)> list, string name) =>
        list.Where(field => field.Name == name).Select(field => field.Value);

    private void Add(string line)
    {
        if (LeadingNumber().Match(line) is { Success: true } number) fields.Add(("", Number(number.Value)));
        else if (Bytes_().Match(line) is { Success: true } bytes) fields.Add(("lpb", bytes.Groups["hex"].Value));
        else if (Field().Match(line) is { Success: true } field) fields.Add((field.Groups["name"].Value.Trim(), Published(field.Groups["value"].Value)));
    }

    private static string Published(string value)
    {
        if (LeadingNumber().Match(value) is { Success: true } number) return Number(number.Value);
        if (Braced().Match(value) is { Success: true } guid) return guid.Value;
        return value.Trim().Trim('"');
    }

    private static string Number(string hex) => hex.Contains(':', StringComparison.Ordinal) ? hex
        : ulong.Parse(hex.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static string Canonical(object value) => value switch
    {
        Guid guid => guid.ToString("B").ToUpperInvariant(),
        int number => unchecked((uint)number).ToString(CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        DateTime time => Mapi.Messages.Calendar.RecurrenceTime.ToMinutes(time).ToString(CultureInfo.InvariantCulture),
        Enum flags => Convert.ToUInt32(flags, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Decode(byte[] bytes) => bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    [GeneratedRegex(@"(\d+)$")]
    private static partial Regex TrailingNumber();

    [GeneratedRegex(@"^0x[0-9A-Fa-f]+(:0x[0-9A-Fa-f]+)?")]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"cb: \d+ lpb: (?<hex>[0-9A-F]*)")]
    private static partial Regex Bytes_();

    [GeneratedRegex(@"^(?<name>[^=:""]+?)\s*(=|: |:$)\s*(?<value>.*)$")]
    private static partial Regex Field();

    [GeneratedRegex(@"^\{[^}]*\}")]
    private static partial Regex Braced();
}
