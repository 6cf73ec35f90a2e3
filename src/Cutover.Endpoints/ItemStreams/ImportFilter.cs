using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Passes a messageContent on without meta-properties and without what only a server sets (ids, sizes, access, change keys), so that another
/// server can import it. Everything else passes as it is. docs/formats/item-stream.md
/// </summary>
public sealed class ImportFilter(IFastTransferHandler next) : IFastTransferHandler
{
    private bool inRecipient;
    private bool drops;

    public void Marker(FastTransferMarker marker)
    {
        if (marker == FastTransferMarker.StartRecip) inRecipient = true;
        else if (marker == FastTransferMarker.EndToRecip) inRecipient = false;
        next.Marker(marker);
    }

    public void Property(PropertyValue property)
    {
        if (!IsDropped(property.Tag, property.Name)) next.Property(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        drops = IsDropped(tag, name);
        if (!drops) next.BeginProperty(tag, name, length);
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        if (!drops) next.PropertyData(data);
    }

    public void EndProperty()
    {
        if (!drops) next.EndProperty();
    }

    private bool IsDropped(PropertyTag tag, PropertyName? name) => ServerSetProperties.IsServerSet(tag, name, inRecipient);
}
