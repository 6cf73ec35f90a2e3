using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Receives the markers and properties of a FastTransfer stream in their order. Handlers chain: a filter is one that passes on to the next.
/// </summary>
public interface IFastTransferHandler
{
    void Marker(FastTransferMarker marker);

    /// <summary>A property with its whole value, meta-properties among them.</summary>
    void Property(PropertyValue property);

    /// <summary>
    /// A property whose value follows as raw bytes in one or more <see cref="PropertyData"/>, then <see cref="EndProperty"/>: longer than
    /// <see cref="FastTransferLexer.InlineLimit"/>, or not to be had as a value without loss.
    /// </summary>
    /// <param name="length">Bytes of the value in all. For a multiple-value property they hold its count and lengths as in the stream.</param>
    void BeginProperty(PropertyTag tag, PropertyName? name, long length);

    void PropertyData(ReadOnlySpan<byte> data);

    void EndProperty();
}
