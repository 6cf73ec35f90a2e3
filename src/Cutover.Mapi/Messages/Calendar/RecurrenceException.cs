using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>What an occurrence has of its own. Source: [MS-OXOCAL] 2.2.1.44.2.</summary>
[Flags]
public enum OverrideFlags : ushort
{
    None = 0,
    Subject = 0x0001,
    MeetingType = 0x0002,
    ReminderDelta = 0x0004,
    Reminder = 0x0008,
    Location = 0x0010,
    BusyStatus = 0x0020,
    Attachment = 0x0040,
    SubType = 0x0080,
    AppointmentColor = 0x0100,
    ExceptionalBody = 0x0200,
}

/// <summary>A text that the blob holds twice: in the writer's code page and, from Outlook 2003 on, in UTF-16. Source: [MS-OXOCAL] 2.2.1.44.2, 2.2.1.44.4.</summary>
public sealed record ExceptionText(ReadOnlyMemory<byte> Narrow, string? Wide)
{
    public static ExceptionText Of(string text) => new(CodePages.Encode(CodePages.Windows1252, text).AsMemory(0..^1), text);

    public override string ToString() => Wide ?? CodePages.Decode(CodePages.Windows1252, Narrow.Span);
}

/// <summary>
/// A modified occurrence: ExceptionInfo and ExtendedException, which say the same twice and belong together. Times are local to the series;
/// a property is null when the occurrence takes it from the series. Source: [MS-OXOCAL] 2.2.1.44.2 to 2.2.1.44.4.
/// </summary>
public sealed record RecurrenceException
{
    private const uint WritesChangeHighlight = 0x3009;

    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required DateTime OriginalStart { get; init; }

    public ExceptionText? Subject { get; init; }

    public int? MeetingType { get; init; }

    /// <summary>Minutes before the start.</summary>
    public int? ReminderDelta { get; init; }

    public int? ReminderSet { get; init; }

    public ExceptionText? Location { get; init; }

    public int? BusyStatus { get; init; }

    public int? Attachment { get; init; }

    /// <summary>1 for an all-day occurrence.</summary>
    public int? SubType { get; init; }

    public int? AppointmentColor { get; init; }

    /// <summary>The occurrence's body is in its exception attachment.</summary>
    public bool HasExceptionalBody { get; init; }

    /// <summary>Flags without a meaning, kept as they came.</summary>
    public OverrideFlags OtherFlags { get; init; }

    /// <summary>ChangeHighlightValue and what later writers put behind it; null before WriterVersion2 0x3009.</summary>
    public ReadOnlyMemory<byte>? ChangeHighlight { get; init; } = new byte[4];

    public ReadOnlyMemory<byte> ReservedBlockEE1 { get; init; }

    public ReadOnlyMemory<byte> ReservedBlockEE2 { get; init; }

    public OverrideFlags Overrides => OtherFlags
        | Flag(Subject, OverrideFlags.Subject) | Flag(MeetingType, OverrideFlags.MeetingType) | Flag(ReminderDelta, OverrideFlags.ReminderDelta)
        | Flag(ReminderSet, OverrideFlags.Reminder) | Flag(Location, OverrideFlags.Location) | Flag(BusyStatus, OverrideFlags.BusyStatus)
        | Flag(Attachment, OverrideFlags.Attachment) | Flag(SubType, OverrideFlags.SubType)
        | Flag(AppointmentColor, OverrideFlags.AppointmentColor) | (HasExceptionalBody ? OverrideFlags.ExceptionalBody : OverrideFlags.None);

    internal static RecurrenceException ReadInfo(RopReader reader)
    {
        var (start, end, originalStart) = (reader.ReadRecurrenceTime(), reader.ReadRecurrenceTime(), reader.ReadRecurrenceTime());
        var flags = (OverrideFlags)reader.ReadUInt16();
        int? Integer(OverrideFlags flag) => flags.HasFlag(flag) ? reader.ReadInt32() : null;
        ExceptionText? Text(OverrideFlags flag) => flags.HasFlag(flag) ? ReadNarrow(reader) : null;
        return new RecurrenceException
        {
            Start = start,
            End = end,
            OriginalStart = originalStart,
            Subject = Text(OverrideFlags.Subject),
            MeetingType = Integer(OverrideFlags.MeetingType),
            ReminderDelta = Integer(OverrideFlags.ReminderDelta),
            ReminderSet = Integer(OverrideFlags.Reminder),
            Location = Text(OverrideFlags.Location),
            BusyStatus = Integer(OverrideFlags.BusyStatus),
            Attachment = Integer(OverrideFlags.Attachment),
            SubType = Integer(OverrideFlags.SubType),
            AppointmentColor = Integer(OverrideFlags.AppointmentColor),
            HasExceptionalBody = flags.HasFlag(OverrideFlags.ExceptionalBody),
            OtherFlags = flags & (OverrideFlags)0xFC00,
        };
    }

    internal void WriteInfo(RopWriter writer)
    {
        writer.WriteRecurrenceTime(Start).WriteRecurrenceTime(End).WriteRecurrenceTime(OriginalStart).WriteUInt16((ushort)Overrides);
        WriteNarrow(writer, Subject);
        WriteInteger(writer, MeetingType);
        WriteInteger(writer, ReminderDelta);
        WriteInteger(writer, ReminderSet);
        WriteNarrow(writer, Location);
        WriteInteger(writer, BusyStatus);
        WriteInteger(writer, Attachment);
        WriteInteger(writer, SubType);
        WriteInteger(writer, AppointmentColor);
    }

    internal RecurrenceException ReadExtended(RopReader reader, uint writerVersion2)
    {
        ReadOnlyMemory<byte>? changeHighlight = writerVersion2 >= WritesChangeHighlight ? ReadBlock(reader) : null;
        var extended = this with { ChangeHighlight = changeHighlight, ReservedBlockEE1 = ReadBlock(reader) };
        if (Subject is null && Location is null) return extended;
        reader.ReadBytes(12); // StartDateTime, EndDateTime and OriginalStartDate once more
        return extended with
        {
            Subject = Subject is null ? null : Subject with { Wide = ReadWide(reader) },
            Location = Location is null ? null : Location with { Wide = ReadWide(reader) },
            ReservedBlockEE2 = ReadBlock(reader),
        };
    }

    internal void WriteExtended(RopWriter writer, uint writerVersion2)
    {
        if (writerVersion2 >= WritesChangeHighlight) WriteBlock(writer, ChangeHighlight ?? new byte[4]);
        WriteBlock(writer, ReservedBlockEE1);
        if (Subject is null && Location is null) return;
        writer.WriteRecurrenceTime(Start).WriteRecurrenceTime(End).WriteRecurrenceTime(OriginalStart);
        WriteWide(writer, Subject);
        WriteWide(writer, Location);
        WriteBlock(writer, ReservedBlockEE2);
    }

    internal static ReadOnlyMemory<byte> ReadBlock(RopReader reader) => reader.ReadBytes(reader.ReadInt32());

    internal static void WriteBlock(RopWriter writer, ReadOnlyMemory<byte> block) => writer.WriteInt32(block.Length).WriteBytes(block.Span);

    // The first length counts a NUL that isn't there.
    private static ExceptionText ReadNarrow(RopReader reader)
    {
        reader.ReadUInt16();
        return new ExceptionText(reader.ReadBytes(reader.ReadUInt16()), null);
    }

    private static void WriteNarrow(RopWriter writer, ExceptionText? text)
    {
        if (text is null) return;
        writer.WriteCount(text.Narrow.Length + 1).WriteCount(text.Narrow.Length).WriteBytes(text.Narrow.Span);
    }

    private static string ReadWide(RopReader reader) => CodePages.Decode(CodePages.Utf16, reader.ReadBytes(2 * reader.ReadUInt16()).Span);

    private static void WriteWide(RopWriter writer, ExceptionText? text)
    {
        if (text is null) return;
        var wide = text.ToString();
        writer.WriteCount(wide.Length).WriteBytes(CodePages.Encode(CodePages.Utf16, wide).AsSpan()[..^2]);
    }

    private static void WriteInteger(RopWriter writer, int? value)
    {
        if (value is { } integer) writer.WriteInt32(integer);
    }

    private static OverrideFlags Flag(object? value, OverrideFlags flag) => value is null ? OverrideFlags.None : flag;
}
