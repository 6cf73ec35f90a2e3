using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

/// <summary>Keeps markers and short properties as they come, to look at or to play again.</summary>
internal sealed class EventList : IFastTransferHandler
{
    public List<object> List { get; } = [];

    public void Marker(FastTransferMarker marker) => List.Add(marker);

    public void Property(PropertyValue property) => List.Add(property);

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length) => throw new NotSupportedException();

    public void PropertyData(ReadOnlySpan<byte> data) => throw new NotSupportedException();

    public void EndProperty() => throw new NotSupportedException();

    public void Replay(IFastTransferHandler handler)
    {
        foreach (var one in List)
        {
            if (one is FastTransferMarker marker) handler.Marker(marker);
            else handler.Property((PropertyValue)one);
        }
    }
}
