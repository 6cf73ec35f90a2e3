using System.Text;
using Cutover.Mapi.Messages.Tnef;
using Cutover.Mapi.Properties;
using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>winmail.dat as what it is: the rest of the message that it came with. Source: [MS-OXCMAIL] 2.2.3.6, [MS-OXTNEF] 3.1.</summary>
internal static class MimeTnef
{
    private static readonly PropertyName Correlator = PropertyName.Of(PropertySets.InternetHeaders, "x-ms-tnef-correlator");

    // The header knows better who sent it to whom, and when.
    private static readonly HashSet<ushort> FromHeader =
    [
        PropertyTags.Subject.Id, PropertyTags.SubjectPrefix.Id, PropertyTags.NormalizedSubject.Id, PropertyTags.InternetMessageId.Id,
        PropertyTags.ClientSubmitTime.Id, PropertyTags.MessageDeliveryTime.Id, PropertyTags.TransportMessageHeaders.Id,
    ];

    /// <summary>Adds what the part holds to the message; false when it is damaged or belongs to another message.</summary>
    public static bool TryMerge(MimePart part, MapiMessage message, int depth)
    {
        try
        {
            var tnef = TnefReader.Read(MimeAttachments.Bytes(part), depth);
            if (!BelongsTo(tnef.Properties, message.Properties)) return false;
            Merge(tnef, message);
            return true;
        }
        catch (MapiProtocolException)
        {
            return false;
        }
    }

    private static bool BelongsTo(PropertyBag tnef, PropertyBag message)
    {
        if (tnef[PropertyTags.TnefCorrelationKey] is not byte[] key || message[Correlator] is not string correlator) return true;
        return Encoding.ASCII.GetString(key).TrimEnd('\0') == correlator.Trim();
    }

    private static void Merge(MapiMessage tnef, MapiMessage message)
    {
        var properties = message.Properties;
        bool IsKnownBetter(PropertyValue property) =>
            property.Name is null && FromHeader.Contains(property.Tag.Id) && properties[property.Tag] is not (null or "");
        properties.SetAll([.. tnef.Properties.Where(property => !IsKnownBetter(property))]);
        if (message.Recipients.Count == 0) message.Recipients.AddRange(tnef.Recipients);
        message.Attachments.AddRange(tnef.Attachments);
    }
}
