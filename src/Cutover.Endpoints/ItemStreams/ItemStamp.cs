using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>
/// Marks an item with the key and version that it has at the source, as two named string properties, so that it can be found again at the target
/// without any other record. Stamps that the item already has are replaced. docs/formats/item-stream.md
/// </summary>
public sealed class ItemStamp(IFastTransferHandler next, string sourceKey, string sourceVersion) : IFastTransferHandler
{
    /// <summary>The property set of the stamps.</summary>
    public static readonly Guid PropertySet = new("5a8f1c52-9d0e-4b3b-8e51-6c7574636f76");

    public static readonly PropertyName SourceKey = PropertyName.Of(PropertySet, "CutoverSourceKey");

    public static readonly PropertyName SourceVersion = PropertyName.Of(PropertySet, "CutoverSourceVersion");

    /// <summary>The id of the key's property in Microsoft Graph's grammar for extended properties.</summary>
    public const string SourceKeyGraphId = "String {5a8f1c52-9d0e-4b3b-8e51-6c7574636f76} Name CutoverSourceKey";

    /// <summary>The id of the version's property in Microsoft Graph's grammar for extended properties.</summary>
    public const string SourceVersionGraphId = "String {5a8f1c52-9d0e-4b3b-8e51-6c7574636f76} Name CutoverSourceVersion";

    /// <summary>The id, in the same grammar, of what a message says that stands in for an item: what of that did not arrive.</summary>
    public const string LossGraphId = "String {5a8f1c52-9d0e-4b3b-8e51-6c7574636f76} Name CutoverLoss";

    // Ids of named properties have no meaning in a stream, but each must be its own.
    private static readonly PropertyTag SourceKeyTag = new(0xFFF0, PropertyType.String);
    private static readonly PropertyTag SourceVersionTag = new(0xFFF1, PropertyType.String);

    private bool isStamped;
    private bool drops;

    /// <summary>True for a stamp, which is no part of an item's content.</summary>
    public static bool IsStamp(PropertyName? name) => name?.PropertySet == PropertySet;

    /// <summary>Copies an item stream, stamping it on the way.</summary>
    /// <exception cref="Mapi.MapiProtocolException">The stream is broken.</exception>
    public static async Task StampAsync(Stream source, Stream output, string sourceKey, string sourceVersion, CancellationToken ct)
    {
        var writer = new ItemStreamWriter(output);
        var stamp = new ItemStamp(writer, sourceKey, sourceVersion);
        await ItemStreamReader.ReadAsync(source, stamp, ct).ConfigureAwait(false);
        stamp.Complete();
        writer.Complete();
    }

    public void Marker(FastTransferMarker marker)
    {
        Stamp();
        next.Marker(marker);
    }

    public void Property(PropertyValue property)
    {
        Stamp();
        if (!IsStamp(property.Name)) next.Property(property);
    }

    public void BeginProperty(PropertyTag tag, PropertyName? name, long length)
    {
        Stamp();
        drops = IsStamp(name);
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

    /// <summary>Tells that the item has ended; an item without any property is stamped here.</summary>
    public void Complete() => Stamp();

    private void Stamp()
    {
        if (isStamped) return;
        isStamped = true;
        next.Property(new PropertyValue(SourceKeyTag, sourceKey, SourceKey));
        next.Property(new PropertyValue(SourceVersionTag, sourceVersion, SourceVersion));
    }
}
