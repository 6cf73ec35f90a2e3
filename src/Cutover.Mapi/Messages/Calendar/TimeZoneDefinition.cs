using System.Text;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>What a rule of a time zone definition is for. Source: [MS-OXOCAL] 2.2.1.41.1.</summary>
[Flags]
public enum TimeZoneRuleFlags : ushort { None = 0, RecurringCurrent = 1, Effective = 2 }

/// <summary>A TZRule: in force from 1 January of a year until the next rule's. Source: [MS-OXOCAL] 2.2.1.41.1.</summary>
public sealed record DefinedTimeZoneRule(TimeZoneRuleFlags Flags, ushort Year, TimeZoneRule Rule)
{
    public byte MajorVersion { get; init; } = 2;

    public byte MinorVersion { get; init; } = 1;

    public ushort Reserved { get; init; } = 0x3E;

    /// <summary>14 bytes without a meaning, kept as they came.</summary>
    public ReadOnlyMemory<byte> X { get; init; } = new byte[14];
}

/// <summary>
/// PidLidAppointmentTimeZoneDefinitionStartDisplay, -EndDisplay and -Recur: a Windows time zone with its rules year by year.
/// Source: [MS-OXOCAL] 2.2.1.41 to 2.2.1.43.
/// </summary>
public sealed record TimeZoneDefinition(string KeyName, IReadOnlyList<DefinedTimeZoneRule> Rules)
{
    private const int SmallestRule = 62;

    public byte MajorVersion { get; init; } = 2;

    public byte MinorVersion { get; init; } = 1;

    public ushort Reserved { get; init; } = 2;

    /// <exception cref="MapiProtocolException">The bytes are not a time zone definition.</exception>
    public static TimeZoneDefinition Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var (major, minor, headerSize) = (reader.ReadByte(), reader.ReadByte(), reader.ReadUInt16());
        var header = new RopReader(reader.ReadBytes(headerSize));
        var reserved = header.ReadUInt16();
        var keyName = Encoding.Unicode.GetString(header.ReadBytes(2 * header.ReadUInt16()).Span);
        var rules = reader.ReadArray(header.ReadUInt16(), SmallestRule, () => ReadRule(reader));
        return new TimeZoneDefinition(keyName, rules) { MajorVersion = major, MinorVersion = minor, Reserved = reserved };
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteByte(MajorVersion).WriteByte(MinorVersion).WriteCount(6 + 2 * KeyName.Length);
        writer.WriteUInt16(Reserved).WriteCount(KeyName.Length).WriteBytes(Encoding.Unicode.GetBytes(KeyName)).WriteCount(Rules.Count);
        foreach (var rule in Rules) WriteRule(writer, rule);
        return writer.ToArray();
    }

    public override string ToString() => KeyName;

    private static DefinedTimeZoneRule ReadRule(RopReader reader)
    {
        var (major, minor, size) = (reader.ReadByte(), reader.ReadByte(), reader.ReadUInt16());
        var fields = new RopReader(reader.ReadBytes(size));
        var (flags, year, x) = ((TimeZoneRuleFlags)fields.ReadUInt16(), fields.ReadUInt16(), fields.ReadBytes(14));
        var (bias, standardBias, daylightBias) = TimeZoneRule.ReadBiases(fields);
        var rule = new TimeZoneRule(bias, standardBias, daylightBias, TimeZoneChange.Read(fields), TimeZoneChange.Read(fields));
        return new DefinedTimeZoneRule(flags, year, rule) { MajorVersion = major, MinorVersion = minor, Reserved = size, X = x };
    }

    private static void WriteRule(RopWriter writer, DefinedTimeZoneRule defined)
    {
        var rule = defined.Rule;
        writer.WriteByte(defined.MajorVersion).WriteByte(defined.MinorVersion).WriteUInt16(defined.Reserved);
        writer.WriteUInt16((ushort)defined.Flags).WriteUInt16(defined.Year).WriteBytes(defined.X.Span);
        writer.WriteInt32(rule.Bias).WriteInt32(rule.StandardBias).WriteInt32(rule.DaylightBias);
        rule.StandardDate.Write(writer);
        rule.DaylightDate.Write(writer);
    }
}
