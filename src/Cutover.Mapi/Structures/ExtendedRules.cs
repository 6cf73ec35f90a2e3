using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Structures;

/// <summary>The name of a named property and the id by which the structure behind it means it. Source: [MS-OXORULE] 2.2.4.2, NamedPropertyInformation.</summary>
public sealed record RulePropertyName(ushort PropertyId, PropertyName Name)
{
    private const int SmallestName = 17;

    internal static IReadOnlyList<RulePropertyName> ReadAll(RopReader reader)
    {
        var ids = reader.ReadArray(reader.ReadUInt16(), 2, reader.ReadUInt16);
        if (ids.Length == 0) return [];
        var names = new RopReader(reader.ReadBytes(reader.ReadInt32()));
        return ids.Zip(names.ReadArray(ids.Length, SmallestName, names.ReadPropertyName), (id, name) => new RulePropertyName(id, name)).ToList();
    }

    internal static void WriteAll(RopWriter writer, IReadOnlyList<RulePropertyName> all)
    {
        writer.WriteUInt16(checked((ushort)all.Count));
        if (all.Count == 0) return;
        var names = new RopWriter();
        foreach (var property in all)
        {
            writer.WriteUInt16(property.PropertyId);
            names.WritePropertyName(property.Name);
        }
        writer.WriteInt32(names.Length).WriteBytes(names.Written.Span);
    }
}

/// <summary>PidTagExtendedRuleMessageCondition. Source: [MS-OXORULE] 2.2.4.1.10.</summary>
public sealed record ExtendedRuleCondition(IReadOnlyList<RulePropertyName> Names, Restriction Condition)
{
    /// <exception cref="MapiProtocolException">The bytes are not a condition.</exception>
    public static ExtendedRuleCondition Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes) { HasWideCounts = true };
        return new ExtendedRuleCondition(RulePropertyName.ReadAll(reader), Restriction.Read(reader));
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter { HasWideCounts = true };
        RulePropertyName.WriteAll(writer, Names);
        Condition.Write(writer);
        return writer.ToArray();
    }
}

/// <summary>PidTagExtendedRuleMessageActions. Source: [MS-OXORULE] 2.2.4.1.9.</summary>
public sealed record ExtendedRuleActions(IReadOnlyList<RulePropertyName> Names, uint Version, RuleActions Actions)
{
    /// <exception cref="MapiProtocolException">The bytes are no actions.</exception>
    public static ExtendedRuleActions Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes) { HasWideCounts = true };
        return new ExtendedRuleActions(RulePropertyName.ReadAll(reader), reader.ReadUInt32(), RuleActions.Read(reader));
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter { HasWideCounts = true };
        RulePropertyName.WriteAll(writer, Names);
        writer.WriteUInt32(Version);
        Actions.Write(writer);
        return writer.ToArray();
    }
}
