using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>PidLidAppointmentRecur: a pattern, the time of day, and the occurrences that differ. Source: [MS-OXOCAL] 2.2.1.44.5.</summary>
public sealed record AppointmentRecurrence
{
    private const uint LongestOffset = 100 * 366 * RecurrenceTime.MinutesPerDay; // a century: far beyond what a person makes, within what a DateTime holds

    public required RecurrencePattern Pattern { get; init; }

    public uint ReaderVersion2 { get; init; } = 0x3006;

    public uint WriterVersion2 { get; init; } = 0x3009;

    /// <summary>Minutes after midnight at which an occurrence starts.</summary>
    public required uint StartTimeOffset { get; init; }

    /// <summary>Minutes after that same midnight at which it ends.</summary>
    public required uint EndTimeOffset { get; init; }

    public IReadOnlyList<RecurrenceException> Exceptions { get; init; } = [];

    public ReadOnlyMemory<byte> ReservedBlock1 { get; init; }

    public ReadOnlyMemory<byte> ReservedBlock2 { get; init; }

    /// <summary>False in blobs that stop after the exceptions, as some writers leave them.</summary>
    public bool HasExtendedExceptions { get; init; } = true;

    /// <summary>Bytes after ReservedBlock2 are passed over: Outlook leaves old ones behind.</summary>
    /// <exception cref="MapiProtocolException">The bytes are not a recurrence.</exception>
    public static AppointmentRecurrence Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        var recurrence = new AppointmentRecurrence
        {
            Pattern = RecurrencePattern.Read(reader),
            ReaderVersion2 = reader.ReadUInt32(),
            WriterVersion2 = reader.ReadUInt32(),
            StartTimeOffset = ReadOffset(reader),
            EndTimeOffset = ReadOffset(reader),
            Exceptions = reader.ReadArray(reader.ReadUInt16(), 14, () => RecurrenceException.ReadInfo(reader)),
        };
        return reader.AtEnd ? recurrence with { HasExtendedExceptions = false } : recurrence.ReadExtended(reader);
    }

    public byte[] ToBytes()
    {
        var writer = new RopWriter();
        Pattern.Write(writer);
        writer.WriteUInt32(ReaderVersion2).WriteUInt32(WriterVersion2).WriteUInt32(StartTimeOffset).WriteUInt32(EndTimeOffset);
        writer.WriteCount(Exceptions.Count);
        foreach (var exception in Exceptions) exception.WriteInfo(writer);
        if (!HasExtendedExceptions) return writer.ToArray();
        RecurrenceException.WriteBlock(writer, ReservedBlock1);
        foreach (var exception in Exceptions) exception.WriteExtended(writer, WriterVersion2);
        RecurrenceException.WriteBlock(writer, ReservedBlock2);
        return writer.ToArray();
    }

    public override string ToString() => RecurrenceWords.Describe(this);

    private static uint ReadOffset(RopReader reader) =>
        reader.ReadUInt32() is var offset and <= LongestOffset ? offset : throw reader.Broken("an offset from midnight of a century at most");

    private AppointmentRecurrence ReadExtended(RopReader reader)
    {
        var reserved = RecurrenceException.ReadBlock(reader);
        var exceptions = Exceptions.Select(exception => exception.ReadExtended(reader, WriterVersion2)).ToArray();
        return this with { ReservedBlock1 = reserved, Exceptions = exceptions, ReservedBlock2 = reader.AtEnd ? default : RecurrenceException.ReadBlock(reader) };
    }
}
