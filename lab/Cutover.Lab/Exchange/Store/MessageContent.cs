using System.Runtime.InteropServices;
using System.Text;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Store;

/// <summary>The store's own compact form of a whole message, as it lies in the database.</summary>
internal static class MessageContent
{
    public static byte[] Serialize(MapiMessage message)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) WriteMessage(writer, message);
        return stream.ToArray();
    }

    public static MapiMessage Deserialize(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return ReadMessage(reader);
    }

    public static byte[] SerializeBag(PropertyBag bag)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) WriteBag(writer, bag);
        return stream.ToArray();
    }

    public static PropertyBag DeserializeBag(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return ReadBag(reader);
    }

    private static void WriteMessage(BinaryWriter writer, MapiMessage message)
    {
        WriteBag(writer, message.Properties);
        writer.Write(message.Recipients.Count);
        foreach (var recipient in message.Recipients) WriteBag(writer, recipient);
        writer.Write(message.Attachments.Count);
        foreach (var attachment in message.Attachments) WriteAttachment(writer, attachment);
    }

    private static MapiMessage ReadMessage(BinaryReader reader)
    {
        var message = new MapiMessage { Properties = ReadBag(reader) };
        for (var left = reader.ReadInt32(); left > 0; left--) message.Recipients.Add(ReadBag(reader));
        for (var left = reader.ReadInt32(); left > 0; left--) message.Attachments.Add(ReadAttachment(reader));
        return message;
    }

    private static void WriteAttachment(BinaryWriter writer, MapiAttachment attachment)
    {
        WriteBag(writer, attachment.Properties);
        writer.Write(attachment.EmbeddedMessage is not null);
        if (attachment.EmbeddedMessage is { } embedded) WriteMessage(writer, embedded);
    }

    private static MapiAttachment ReadAttachment(BinaryReader reader)
    {
        var attachment = new MapiAttachment { Properties = ReadBag(reader) };
        if (reader.ReadBoolean()) attachment.EmbeddedMessage = ReadMessage(reader);
        return attachment;
    }

    private static void WriteBag(BinaryWriter writer, PropertyBag bag)
    {
        writer.Write(bag.Count);
        foreach (var property in bag)
        {
            writer.Write(property.Tag.Value);
            WriteName(writer, property.Name);
            WriteValue(writer, property.Tag.Type, property.Value);
        }
    }

    private static PropertyBag ReadBag(BinaryReader reader)
    {
        var bag = new PropertyBag();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var tag = new PropertyTag(reader.ReadUInt32());
            var name = ReadName(reader);
            bag.Add(new PropertyValue(tag, ReadValue(reader, tag.Type), name));
        }
        return bag;
    }

    private static void WriteName(BinaryWriter writer, PropertyName? name)
    {
        writer.Write((byte)(name is null ? 0 : name.Lid is null ? 2 : 1));
        if (name is null) return;
        writer.Write(name.PropertySet.ToByteArray());
        if (name.Lid is { } lid) writer.Write(lid);
        else writer.Write(name.Name ?? "");
    }

    private static PropertyName? ReadName(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        if (kind == 0) return null;
        var set = new Guid(reader.ReadBytes(16));
        return kind == 1 ? PropertyName.Of(set, reader.ReadUInt32()) : PropertyName.Of(set, reader.ReadString());
    }

    private static void WriteValue(BinaryWriter writer, PropertyType type, object value)
    {
        if (!type.IsMultipleValue())
        {
            WriteElement(writer, type, value);
            return;
        }
        var elements = (Array)value;
        writer.Write(elements.Length);
        foreach (var element in elements) WriteElement(writer, type.ElementType(), element);
    }

    private static void WriteElement(BinaryWriter writer, PropertyType type, object value)
    {
        switch (type)
        {
            case PropertyType.Integer16: writer.Write((short)value); break;
            case PropertyType.Integer32 or PropertyType.ErrorCode: writer.Write((int)value); break;
            case PropertyType.Floating32: writer.Write((float)value); break;
            case PropertyType.Floating64 or PropertyType.FloatingTime: writer.Write((double)value); break;
            case PropertyType.Currency or PropertyType.Integer64: writer.Write((long)value); break;
            case PropertyType.Boolean: writer.Write((bool)value); break;
            case PropertyType.Time: writer.Write(((DateTime)value).Ticks); break;
            case PropertyType.Guid: writer.Write(((Guid)value).ToByteArray()); break;
            // As UTF-16, unchecked: a lone surrogate, which a user's mail may hold, survives.
            case PropertyType.String or PropertyType.String8: WriteBytes(writer, MemoryMarshal.AsBytes(((string)value).AsSpan())); break;
            case PropertyType.Binary or PropertyType.Object or PropertyType.ServerId: WriteBytes(writer, (byte[])value); break;
            default: throw new ArgumentException($"The store can't keep properties of type 0x{(ushort)type:X4}.", nameof(type));
        }
    }

    private static object ReadValue(BinaryReader reader, PropertyType type)
    {
        if (!type.IsMultipleValue()) return ReadElement(reader, type);
        var count = reader.ReadInt32();
        return type.ElementType() switch
        {
            PropertyType.Integer16 => ReadElements<short>(reader, type, count),
            PropertyType.Integer32 => ReadElements<int>(reader, type, count),
            PropertyType.Floating32 => ReadElements<float>(reader, type, count),
            PropertyType.Floating64 or PropertyType.FloatingTime => ReadElements<double>(reader, type, count),
            PropertyType.Currency or PropertyType.Integer64 => ReadElements<long>(reader, type, count),
            PropertyType.Time => ReadElements<DateTime>(reader, type, count),
            PropertyType.Guid => ReadElements<Guid>(reader, type, count),
            PropertyType.String or PropertyType.String8 => ReadElements<string>(reader, type, count),
            _ => ReadElements<byte[]>(reader, type, count),
        };
    }

    private static T[] ReadElements<T>(BinaryReader reader, PropertyType type, int count)
    {
        var elements = new T[count];
        for (var i = 0; i < count; i++) elements[i] = (T)ReadElement(reader, type.ElementType());
        return elements;
    }

    private static object ReadElement(BinaryReader reader, PropertyType type) => type switch
    {
        PropertyType.Integer16 => reader.ReadInt16(),
        PropertyType.Integer32 or PropertyType.ErrorCode => reader.ReadInt32(),
        PropertyType.Floating32 => reader.ReadSingle(),
        PropertyType.Floating64 or PropertyType.FloatingTime => reader.ReadDouble(),
        PropertyType.Currency or PropertyType.Integer64 => reader.ReadInt64(),
        PropertyType.Boolean => reader.ReadBoolean(),
        PropertyType.Time => new DateTime(reader.ReadInt64(), DateTimeKind.Utc),
        PropertyType.Guid => new Guid(reader.ReadBytes(16)),
        PropertyType.String or PropertyType.String8 => new string(MemoryMarshal.Cast<byte, char>(ReadBytes(reader))),
        _ => ReadBytes(reader),
    };

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}
