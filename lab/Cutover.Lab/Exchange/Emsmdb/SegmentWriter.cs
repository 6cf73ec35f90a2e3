using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Writes markers and properties into a <see cref="SegmentBuffer"/> and records their atoms. Source: [MS-OXCFXICS] 2.2.4.1.</summary>
/// <param name="unterminatedFrom">Bytes from which on a string is written without its NUL; 0 for never.</param>
internal sealed class SegmentWriter(SegmentBuffer buffer, int unterminatedFrom)
{
    private const int MarkerSize = 4;
    private const int LengthSize = 4;
    private readonly FastTransferWriter writer = new(buffer);

    public void Marker(FastTransferMarker marker)
    {
        writer.Marker(marker);
        buffer.Atom(MarkerSize);
    }

    public void Property(PropertyTag tag, object value) => Property(new PropertyValue(tag, value));

    public void Property(PropertyValue property)
    {
        if (IsLeftUnterminated(property, out var text)) WriteUnterminated(property, text);
        else writer.Property(property);
        buffer.Atom(DefinitionSize(property));
        var type = property.Tag.Type;
        if (FastTransferLexis.IsMultiple(type)) RecordElements(type.ElementType());
        else RecordValue(type);
    }

    private bool IsLeftUnterminated(PropertyValue property, out byte[] text)
    {
        text = unterminatedFrom > 0 && PropertyCodec.IsString(property.Tag.Type) ? PropertyCodec.ToBytes(property.Tag.Type, property.Value) : [];
        return text.Length > unterminatedFrom;
    }

    private void WriteUnterminated(PropertyValue property, byte[] text)
    {
        var length = text.Length - (CodePages.Of(property.Tag.Type) == CodePages.Utf16 ? 2 : 1);
        writer.BeginProperty(property.Tag, property.Name, length);
        writer.PropertyData(text.AsSpan(0, length));
        writer.EndProperty();
    }

    private static int DefinitionSize(PropertyValue property)
    {
        const int typeAndId = 4;
        if (property.Name is not { } name) return typeAndId;
        const int propertySetAndKind = 17;
        return typeAndId + propertySetAndKind + (name.Lid is null ? (name.Name!.Length + 1) * 2 : 4);
    }

    private void RecordElements(PropertyType type)
    {
        buffer.Atom(LengthSize);
        while (!buffer.Unrecorded.IsEmpty) RecordValue(type);
    }

    private void RecordValue(PropertyType type)
    {
        if (FastTransferLexis.IsVariable(type))
        {
            var length = BitConverter.ToInt32(buffer.Unrecorded);
            buffer.Atom(LengthSize);
            buffer.Value(length);
        }
        else
        {
            buffer.Atom(FastTransferLexis.FixedSize(type));
        }
    }
}
