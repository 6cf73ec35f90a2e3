using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>What items of every kind have in common.</summary>
internal static class MapiItem
{
    private const int Utf8 = 65001;
    private const int NativeText = 1;
    private const int NativeRtf = 2;
    private const int NativeHtml = 3;

    /// <summary>An item with its class, subject, times and a search key that the seed decides.</summary>
    public static MapiMessage New(string messageClass, string prefix, string subject, DateTime time, int locale, Random random)
    {
        var searchKey = new byte[16];
        random.NextBytes(searchKey);
        return new MapiMessage
        {
            Properties =
            {
                { PropertyTags.MessageClass, messageClass },
                { PropertyTags.Subject, prefix + subject },
                { PropertyTags.SubjectPrefix, prefix },
                { PropertyTags.NormalizedSubject, subject },
                { PropertyTags.ConversationTopic, subject },
                { PropertyTags.CreationTime, time },
                { PropertyTags.LastModificationTime, time },
                { PropertyTags.SearchKey, searchKey },
                { PropertyTags.Importance, 1 },
                { PropertyTags.Priority, 0 },
                { PropertyTags.Sensitivity, 0 },
                { PropertyTags.MessageLocaleId, locale },
                { PropertyTags.InternetCodepage, Utf8 },
            },
        };
    }

    /// <summary>Lets a bag be written as a list of tags and values.</summary>
    public static void Add(this PropertyBag bag, PropertyTag tag, object value) => bag.Add(new PropertyValue(tag, value));

    public static void Add(this PropertyBag bag, PropertyName name, PropertyType type, object value) =>
        bag.Add(new PropertyValue(new PropertyTag(0x8000, type), value, name));

    public static void SetText(this MapiMessage message, string text)
    {
        message.Properties.Set(PropertyTags.Body, text);
        message.Properties.Set(PropertyTags.NativeBody, NativeText);
    }

    public static void SetHtml(this MapiMessage message, string html)
    {
        message.Properties.Set(PropertyTags.Html, Encoding.UTF8.GetBytes(html));
        message.Properties.Set(PropertyTags.NativeBody, NativeHtml);
    }

    /// <summary>The body as Outlook keeps it in calendar, task and contact items. Source: [MS-OXRTFCP] 2.1.3.1 (uncompressed).</summary>
    public static void SetRtf(this MapiMessage message, string text)
    {
        message.Properties.Set(PropertyTags.RtfCompressed, Uncompressed(@"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Calibri;}}\pard " + Escape(text) + @"\par}"));
        message.Properties.Set(PropertyTags.RtfInSync, true);
        message.Properties.Set(PropertyTags.NativeBody, NativeRtf);
    }

    private static byte[] Uncompressed(string rtf)
    {
        var raw = Encoding.ASCII.GetBytes(rtf);
        var bytes = new byte[16 + raw.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, raw.Length + 12); // COMPSIZE: what follows this field
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), raw.Length); // RAWSIZE
        "MELA"u8.CopyTo(bytes.AsSpan(8)); // COMPTYPE; the CRC of uncompressed RTF is 0
        raw.CopyTo(bytes, 16);
        return bytes;
    }

    private static string Escape(string text) => string.Concat(text.Select(character => character switch
    {
        '\\' or '{' or '}' => $"\\{character}",
        '\n' => @"\line ",
        > '~' => $"\\u{(short)character}?",
        _ => character.ToString(),
    }));
}
