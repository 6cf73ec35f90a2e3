using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>Passes every event on to two handlers, in this order.</summary>
public sealed class FastTransferTee(IFastTransferHandler first, IFastTransferHandler second) : IFastTransferHandler
{
    public void Marker(FastTransferMarker marker)
    {
        first.Marker(marker);
        second.Marker(marker);
    }

    public void Property(PropertyValue property)
    {
        first.Property(property);
        second.Property(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        first.BeginProperty(tag, name, length);
        second.BeginProperty(tag, name, length);
    }

    public void PropertyData(ReadOnlySpan<byte> data)
    {
        first.PropertyData(data);
        second.PropertyData(data);
    }

    public void EndProperty()
    {
        first.EndProperty();
        second.EndProperty();
    }
}
