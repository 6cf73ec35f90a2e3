using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>PidLidTimeZoneStruct: the time zone of a series by its present rule. Source: [MS-OXOCAL] 2.2.1.39.</summary>
public sealed record TimeZoneStruct(TimeZoneRule Rule, ushort StandardYear = 0, ushort DaylightYear = 0)
{
    /// <exception cref="MapiProtocolException">The bytes are not a time zone.</exception>
    public static TimeZoneStruct Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var (bias, standardBias, daylightBias) = TimeZoneRule.ReadBiases(reader);
        var standardYear = reader.ReadUInt16();
        var standardDate = TimeZoneChange.Read(reader);
        var daylightYear = reader.ReadUInt16();
        var daylightDate = TimeZoneChange.Read(reader);
        return new TimeZoneStruct(new TimeZoneRule(bias, standardBias, daylightBias, standardDate, daylightDate), standardYear, daylightYear);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteInt32(Rule.Bias).WriteInt32(Rule.StandardBias).WriteInt32(Rule.DaylightBias);
        writer.WriteUInt16(StandardYear);
        Rule.StandardDate.Write(writer);
        writer.WriteUInt16(DaylightYear);
        Rule.DaylightDate.Write(writer);
        return writer.ToArray();
    }

    public override string ToString() => CalendarTimeZone.Describe(Rule);
}
