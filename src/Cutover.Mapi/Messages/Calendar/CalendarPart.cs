using System.Text;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages.Calendar;

/// <summary>text/calendar of appointments, meeting messages and tasks. Source: [MS-OXCICAL] 2.1.3, RFC 6047.</summary>
internal sealed class CalendarPart : IItemPart
{
    public bool Covers(string messageClass) => MeetingMessages.IsCalendarItem(messageClass) || TaskItems.IsTask(messageClass);

    public bool Covers(ContentType type) => type.IsMimeType("text", "calendar");

    public MimePart Write(MapiMessage message, SmtpAddresses addresses)
    {
        var part = new MimePart("text", "calendar")
        {
            Content = new MimeKit.MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(MapiToICalendar.Write(message, addresses)))),
            ContentTransferEncoding = ContentEncoding.Base64,
        };
        part.ContentType.Parameters.Add("method", MeetingMessages.MethodOf(message));
        part.ContentType.Charset = "utf-8";
        return part;
    }

    public bool TryRead(MimePart part, MapiMessage message)
    {
        var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        try
        {
            if (ICalendarToMapi.Read(TextOf(part, bytes.ToArray())).Items is not [var item]) return false;
            ItemOverlay.Apply(item, message);
            return true;
        }
        catch (MapiProtocolException)
        {
            return false;
        }
    }

    private static string TextOf(MimePart part, byte[] bytes) =>
        CodePages.Find(part.ContentType.CharsetEncoding?.CodePage ?? Encoding.UTF8.CodePage) is { } encoding ? encoding.GetString(bytes) : Encoding.UTF8.GetString(bytes);
}
