using System.Buffers;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Writes markers and properties as a FastTransfer stream; the inverse of <see cref="FastTransferLexer"/>. Source: [MS-OXCFXICS] 2.2.4.1.
/// </summary>
public sealed class FastTransferWriter(IBufferWriter<byte> output) : IFastTransferHandler
{
    private const ushort FirstNamedId = 0x8000;
    private long left;

    public void Marker(FastTransferMarker marker) => output.Append((uint)marker);

    /// <exception cref="ArgumentException">The value is not of the tag's type, or a named property has no name.</exception>
    public void Property(PropertyValue property)
    {
        var type = property.Tag.Type;
        Tag(property.Tag, property.Name);
        try
        {
            if (FastTransferLexis.IsMultiple(type)) MultipleValue.Write(type, property.Value, output);
            else Single(type, PropertyCodec.ToBytes(type, property.Value));
        }
        catch (InvalidCastException e)
        {
            throw new ArgumentException($"Property {property.Tag} can't hold a {property.Value.GetType().Name}.", nameof(property), e);
        }
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        Tag(tag, name);
        if (FastTransferLexis.IsVariable(tag.Type)) output.Append(checked((uint)length));
        left = length;
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        output.Write(data);
        left -= data.Length;
    }

    /// <exception cref="InvalidOperationException">The data did not have the length that was announced.</exception>
    public void EndProperty()
    {
        if (left != 0) throw new InvalidOperationException($"A property's value is {left} bytes short of its announced length.");
    }

    private void Tag(PropertyTag tag, PropertyName? name)
    {
        if (tag.Id == FastTransferLexis.IdsetGivenId) tag = tag.WithType(PropertyType.Integer32);
        if (name is not null && !tag.IsNamed) tag = new PropertyTag(FirstNamedId, tag.Type);
        output.Append(tag.Value);
        if (tag.IsNamed) Name(name ?? throw new ArgumentException($"Property {tag} is a named property; its name is missing.", nameof(name)));
    }

    private void Name(PropertyName name)
    {
        Span<byte> set = stackalloc byte[17];
        name.PropertySet.TryWriteBytes(set);
        set[16] = name.Lid is null ? (byte)1 : (byte)0;
        output.Write(set);
        if (name.Lid is { } lid) output.Append(lid);
        else output.Write(CodePages.Encode(CodePages.Utf16, name.Name ?? ""));
    }

    private void Single(PropertyType type, byte[] bytes)
    {
        if (FastTransferLexis.IsVariable(type)) output.Append((uint)bytes.Length);
        output.Write(bytes);
        if (type == PropertyType.Boolean) output.Write([(byte)0]);
    }
}
