using System.Buffers.Binary;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Tnef;

/// <summary>Reads winmail.dat: a message and its attachments as MAPI properties. Source: [MS-OXTNEF].</summary>
public sealed class TnefReader
{
    private const int ByValue = 1;
    private const int Embedded = 5;
    private const int Ole = 6;

    private readonly MapiMessage message = new();
    private readonly int depth;
    private int codePage = CodePages.Windows1252;

    private TnefReader(int depth) => this.depth = depth;

    /// <summary>Reads a whole stream; what follows the last whole attribute is passed over.</summary>
    /// <exception cref="MapiProtocolException">The bytes are no TNEF, or an attribute is damaged.</exception>
    public static MapiMessage Read(ReadOnlySpan<byte> stream) => Read(stream, depth: 0);

    internal static MapiMessage Read(ReadOnlySpan<byte> stream, int depth)
    {
        if (depth > TnefStream.MostEmbeddings) throw new MapiProtocolException("A TNEF stream has too many messages within messages.");
        var fields = new TnefFields(stream);
        if (fields.ReadUInt32() != TnefStream.Signature) throw new MapiProtocolException("The bytes do not begin as a TNEF stream.");
        fields.ReadUInt16(); // the key, which nothing refers to
        var reader = new TnefReader(depth);
        while (reader.ReadAttribute(ref fields)) { }
        return reader.message;
    }

    // level, tag, length, data, checksum. Garbage behind the last attribute ends the stream.
    private bool ReadAttribute(ref TnefFields fields)
    {
        const int smallest = 1 + 4 + 4 + 2;
        if (fields.Left < smallest) return false;
        if (fields.ReadByte() is not (TnefStream.MessageLevel or TnefStream.AttachmentLevel)) return false;
        var tag = (TnefAttribute)fields.ReadUInt32();
        var data = fields.ReadBytes(fields.ReadUInt32());
        if (fields.Left < 2 || TnefStream.Checksum(data) != fields.ReadUInt16())
            throw new MapiProtocolException($"The checksum of the TNEF attribute 0x{(uint)tag:X8} is wrong.");
        Take(tag, data);
        return true;
    }

    private void Take(TnefAttribute tag, ReadOnlySpan<byte> data)
    {
        var fields = new TnefFields(data);
        switch (tag)
        {
            case TnefAttribute.OemCodepage: SetCodePage(fields.ReadUInt32()); break;
            case TnefAttribute.MsgProps: message.Properties.SetAll(Properties.Read(ref fields)); break;
            case TnefAttribute.RecipTable: message.Recipients.AddRange(Properties.ReadRows(ref fields)); break;
            case TnefAttribute.AttachRenddata: StartAttachment(data); break;
            case TnefAttribute.AttachData: Attachment.Set(PropertyTags.AttachDataBinary, data.ToArray()); break;
            case TnefAttribute.AttachTitle: Attachment.Set(PropertyTags.AttachFilename, Text(data)); break;
            case TnefAttribute.AttachMetaFile: Attachment.Set(PropertyTags.AttachRendering, data.ToArray()); break;
            case TnefAttribute.AttachTransportFilename: Attachment.Set(PropertyTags.AttachTransportName, Text(data)); break;
            case TnefAttribute.AttachCreateDate: SetTime(Attachment, PropertyTags.CreationTime, data); break;
            case TnefAttribute.AttachModifyDate: SetTime(Attachment, PropertyTags.LastModificationTime, data); break;
            case TnefAttribute.Attachment: TakeAttachment(Properties.Read(ref fields)); break;
            default: TakeOld(tag, data); break;
        }
    }

    // What came before MAPI had properties. Source: [MS-OXTNEF] 2.1.3.2 and 2.1.3.3.
    private void TakeOld(TnefAttribute tag, ReadOnlySpan<byte> data)
    {
        var properties = message.Properties;
        switch (tag)
        {
            case TnefAttribute.MessageClass: properties.Set(PropertyTags.MessageClass, TnefMessageClass.ToMapi(Text(data))); break;
            case TnefAttribute.OriginalMessageClass: properties.Set(PropertyTags.OriginalMessageClass, TnefMessageClass.ToMapi(Text(data))); break;
            case TnefAttribute.Subject: properties.Set(PropertyTags.Subject, Text(data)); break;
            case TnefAttribute.Body: properties.Set(PropertyTags.Body, Text(data)); break;
            case TnefAttribute.DateSent: SetTime(properties, PropertyTags.ClientSubmitTime, data); break;
            case TnefAttribute.DateReceived: SetTime(properties, PropertyTags.MessageDeliveryTime, data); break;
            case TnefAttribute.DateModified: SetTime(properties, PropertyTags.LastModificationTime, data); break;
            case TnefAttribute.DateStart: SetTime(properties, PropertyTags.StartDate, data); break;
            case TnefAttribute.DateEnd: SetTime(properties, PropertyTags.EndDate, data); break;
            case TnefAttribute.Priority when data.Length >= 2:
                properties.Set(PropertyTags.Importance, Math.Clamp(3 - BinaryPrimitives.ReadUInt16LittleEndian(data), 0, 2));
                break;
            case TnefAttribute.RequestResponse when data.Length >= 2: properties.Set(PropertyTags.ResponseRequested, data[0] != 0); break;
            case TnefAttribute.AidOwner when data.Length >= 4:
                properties.Set(PropertyTags.OwnerAppointmentId, BinaryPrimitives.ReadInt32LittleEndian(data));
                break;
        }
    }

    private TnefProperties Properties => new(codePage);

    private PropertyBag Attachment => message.Attachments.Count > 0 ? message.Attachments[^1].Properties
        : throw new MapiProtocolException("A TNEF stream describes an attachment before it begins one.");

    private void SetCodePage(uint told) => codePage = told is > 0 and <= ushort.MaxValue && CodePages.Find((int)told) is not null ? (int)told : codePage;

    // AttachType 2 is an OLE object. Source: [MS-OXTNEF] 2.1.3.3.15.
    private void StartAttachment(ReadOnlySpan<byte> data)
    {
        var fields = new TnefFields(data);
        var method = fields.ReadUInt16() == 2 ? Ole : ByValue;
        var position = unchecked((int)fields.ReadUInt32());
        message.Attachments.Add(new MapiAttachment
        {
            Properties = [new(PropertyTags.AttachMethod, method), new(PropertyTags.RenderingPosition, position)],
        });
    }

    private void TakeAttachment(PropertyBag properties)
    {
        Attachment.SetAll(properties);
        if (properties.Find(property => property.Tag == TnefProperties.ObjectData)?.Value is not byte[] data) return;
        var fields = new TnefFields(data);
        var kind = fields.ReadGuid();
        Attachment.RemoveAll(property => property.Tag == TnefProperties.ObjectData);
        var content = fields.ReadBytes((uint)fields.Left);
        if (kind == TnefStream.MessageInterface)
        {
            message.Attachments[^1].EmbeddedMessage = Read(content, depth + 1);
            Attachment.Set(PropertyTags.AttachMethod, Embedded);
        }
        else
        {
            Attachment.Set(PropertyTags.AttachDataObject, content.ToArray());
        }
    }

    private string Text(ReadOnlySpan<byte> data) => CodePages.Decode(codePage, data).TrimEnd('\0');

    // Year, month, day, hour, minute, second, day of the week.
    private static void SetTime(PropertyBag bag, PropertyTag tag, ReadOnlySpan<byte> data)
    {
        var fields = new TnefFields(data);
        int year = fields.ReadUInt16(), month = fields.ReadUInt16(), day = fields.ReadUInt16();
        int hour = fields.ReadUInt16(), minute = fields.ReadUInt16(), second = fields.ReadUInt16();
        if (year is < 1601 or > 9999 || month is < 1 or > 12 || hour > 23 || minute > 59 || second > 59) return;
        if (day < 1 || day > DateTime.DaysInMonth(year, month)) return;
        bag.Set(tag, new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc));
    }
}
