using System.Globalization;
using System.Text;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>
/// PidLidGlobalObjectId and PidLidCleanGlobalObjectId: what a meeting is known by in every calendar. The date is that of an exception's original
/// occurrence, all 0 for a series. Source: [MS-OXOCAL] 2.2.1.27, 2.2.1.28.
/// </summary>
public sealed record GlobalObjectId(int Year, int Month, int Day, ulong CreationTime, ulong X, ReadOnlyMemory<byte> Data)
{
    private static readonly byte[] ByteArrayId = Convert.FromHexString("040000008200E00074C5B7101A82E008");
    private static readonly byte[] ThirdPartyMark = [.. "vCal-Uid"u8, 1, 0, 0, 0];

    /// <summary>The date that an exception's id carries; null for a series or a single item.</summary>
    public DateTime? OccurrenceDate =>
        Year is >= 1601 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month) ? new DateTime(Year, Month, Day) : null;

    /// <summary>The id of the whole series.</summary>
    public GlobalObjectId Clean => this with { Year = 0, Month = 0, Day = 0 };

    /// <summary>The iCalendar UID: a third party's own, else the clean id in hexadecimal. Source: [MS-OXCICAL] 2.1.3.1.1.20.26.</summary>
    public string Uid => ThirdPartyUid ?? Convert.ToHexString(Clean.ToBytes());

    private string? ThirdPartyUid
    {
        get
        {
            if (!Data.Span.StartsWith(ThirdPartyMark)) return null;
            var uid = Data.Span[ThirdPartyMark.Length..];
            return Encoding.UTF8.GetString(uid.IndexOf((byte)0) is var end and >= 0 ? uid[..end] : uid);
        }
    }

    /// <exception cref="MapiProtocolException">The bytes are not a global object id.</exception>
    public static GlobalObjectId Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RopReader(bytes);
        if (!reader.ReadBytes(16).Span.SequenceEqual(ByteArrayId)) throw reader.Broken("the byte array id of a GlobalObjectId before");
        var year = reader.ReadByte() << 8 | reader.ReadByte(); // the most significant byte first
        return new GlobalObjectId(year, reader.ReadByte(), reader.ReadByte(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadBytes(reader.ReadInt32()));
    }

    /// <summary>The id of an iCalendar UID, which <see cref="Uid"/> tells again. Source: [MS-OXCICAL] 2.1.3.1.1.20.26.</summary>
    public static GlobalObjectId OfUid(string uid)
    {
        var isEncoded = uid.StartsWith("040000008200E00074C5B7101A82E008", StringComparison.OrdinalIgnoreCase);
        if (isEncoded && uid.Length % 2 == 0 && uid.All(char.IsAsciiHexDigit))
        {
            try
            {
                var id = Parse(Convert.FromHexString(uid)).Clean;
                if (id.Uid.Equals(uid, StringComparison.OrdinalIgnoreCase) || id.OccurrenceDate is null) return id;
            }
            catch (MapiProtocolException)
            {
                // It only looks like one: wrapped like any other.
            }
        }
        return new GlobalObjectId(0, 0, 0, 0, 0, (byte[])[.. ThirdPartyMark, .. Encoding.UTF8.GetBytes(uid), 0]);
    }

    /// <summary>The same meeting's occurrence of a date.</summary>
    public GlobalObjectId On(DateTime date) => this with { Year = date.Year, Month = date.Month, Day = date.Day };

    public byte[] ToBytes()
    {
        var writer = new RopWriter().WriteBytes(ByteArrayId).WriteByte((byte)(Year >> 8)).WriteByte((byte)Year).WriteByte((byte)Month).WriteByte((byte)Day);
        return writer.WriteUInt64(CreationTime).WriteUInt64(X).WriteInt32(Data.Length).WriteBytes(Data.Span).ToArray();
    }

    public override string ToString()
    {
        var created = FileTime.ToDateTime((long)Math.Min(CreationTime, long.MaxValue)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var occurrence = OccurrenceDate is { } date ? $", occurrence of {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "";
        return ThirdPartyUid is { } uid ? $"UID {uid}{occurrence}" : $"made {created}, {Convert.ToHexString(Data.Span)}{occurrence}";
    }
}
