using System.Buffers.Binary;
using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Tnef;

/// <summary>Writes winmail.dat. Strings are written as Unicode. Source: [MS-OXTNEF] 2.1.3.</summary>
public static class TnefWriter
{
    private const int Utf8 = 65001;

    public static byte[] Write(MapiMessage message)
    {
        var output = new MemoryStream();
        Put(output, TnefStream.Signature);
        output.Write([1, 0]);
        Attribute(output, TnefStream.MessageLevel, TnefAttribute.TnefVersion, Bytes(TnefStream.Version));
        Attribute(output, TnefStream.MessageLevel, TnefAttribute.OemCodepage, [.. Bytes(Utf8), .. Bytes(0)]);
        var messageClass = TnefMessageClass.ToTnef(MapiToMime.ClassOf(message));
        Attribute(output, TnefStream.MessageLevel, TnefAttribute.MessageClass, Encoding.UTF8.GetBytes(messageClass + "\0"));
        Attribute(output, TnefStream.MessageLevel, TnefAttribute.MsgProps, List(message.Properties));
        if (message.Recipients.Count > 0) Attribute(output, TnefStream.MessageLevel, TnefAttribute.RecipTable, Rows(message.Recipients));
        foreach (var attachment in message.Attachments) Attachment(output, attachment);
        return output.ToArray();
    }

    private static void Attachment(MemoryStream output, MapiAttachment attachment)
    {
        const int byValue = 1, ole = 2;
        var isOle = attachment.Properties.GetInteger(PropertyTags.AttachMethod) == 6;
        var position = unchecked((uint)(attachment.Properties.GetInteger(PropertyTags.RenderingPosition) ?? -1));
        byte[] rendering = [(byte)(isOle ? ole : byValue), 0, .. Bytes(position), .. new byte[8]];
        Attribute(output, TnefStream.AttachmentLevel, TnefAttribute.AttachRenddata, rendering);
        var properties = new PropertyBag(attachment.Properties);
        if (attachment.EmbeddedMessage is { } embedded) properties.Add(Object(TnefStream.MessageInterface, Write(embedded)));
        if (attachment.Properties[PropertyTags.AttachDataBinary] is byte[] data)
        {
            properties.RemoveAll(property => property.Name is null && property.Tag.Id == PropertyTags.AttachDataBinary.Id);
            if (isOle) properties.Add(Object(TnefStream.StorageInterface, data));
            else Attribute(output, TnefStream.AttachmentLevel, TnefAttribute.AttachData, data);
        }
        Attribute(output, TnefStream.AttachmentLevel, TnefAttribute.Attachment, List(properties));
    }

    private static PropertyValue Object(Guid kind, byte[] data) => new(PropertyTags.AttachDataObject, (byte[])[.. kind.ToByteArray(), .. data]);

    private static byte[] Rows(IReadOnlyList<PropertyBag> rows)
    {
        var output = new MemoryStream();
        Put(output, (uint)rows.Count);
        foreach (var row in rows) output.Write(List(row));
        return output.ToArray();
    }

    private static byte[] List(PropertyBag properties)
    {
        var written = properties.Where(IsWritable).ToList();
        var output = new MemoryStream();
        Put(output, (uint)written.Count);
        foreach (var property in written) Property(output, property);
        return output.ToArray();
    }

    // Ids of named properties without their name mean nothing elsewhere.
    private static bool IsWritable(PropertyValue property)
    {
        var element = property.Tag.Type.ElementType();
        return (property.Name is not null || !property.Tag.IsNamed)
            && (PropertyCodec.FixedSize(element) > 0 || PropertyCodec.IsString(element) || element is PropertyType.Binary or PropertyType.Object);
    }

    private static void Property(MemoryStream output, PropertyValue property)
    {
        var type = Unicode(property.Tag.Type);
        Put(output, (ushort)type);
        Put(output, property.Name is null ? property.Tag.Id : (ushort)(property.Tag.Id | 0x8000));
        if (property.Name is { } name) Name(output, name);
        if (type.IsMultipleValue())
        {
            var values = PropertyCodec.Elements(property.Value);
            Put(output, (uint)values.Count);
            foreach (var value in values) Value(output, type.ElementType(), value);
            return;
        }
        if (PropertyCodec.FixedSize(type) == 0) Put(output, 1u);
        Value(output, type, property.Value);
    }

    private static void Value(MemoryStream output, PropertyType type, object value)
    {
        var bytes = PropertyCodec.ToBytes(type, value);
        if (PropertyCodec.FixedSize(type) == 0) Put(output, (uint)bytes.Length);
        Padded(output, bytes);
    }

    private static void Name(MemoryStream output, PropertyName name)
    {
        output.Write(name.PropertySet.ToByteArray());
        Put(output, name.Lid is null ? 1u : 0u);
        if (name.Lid is { } lid)
        {
            Put(output, lid);
            return;
        }
        var text = Encoding.Unicode.GetBytes(name.Name + "\0");
        Put(output, (uint)text.Length);
        Padded(output, text);
    }

    private static PropertyType Unicode(PropertyType type) => type switch
    {
        PropertyType.MultipleString8 => PropertyType.MultipleString,
        _ => PropertyCodec.IsString(type) ? PropertyType.String : type,
    };

    private static void Attribute(MemoryStream output, byte level, TnefAttribute tag, byte[] data)
    {
        output.WriteByte(level);
        Put(output, (uint)tag);
        Put(output, (uint)data.Length);
        output.Write(data);
        Put(output, TnefStream.Checksum(data));
    }

    private static void Padded(MemoryStream output, byte[] bytes)
    {
        output.Write(bytes);
        output.Write(new byte[-bytes.Length & 3]);
    }

    private static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static void Put(MemoryStream output, uint value) => output.Write(Bytes(value));

    private static void Put(MemoryStream output, ushort value) => output.Write([(byte)value, (byte)(value >> 8)]);
}
