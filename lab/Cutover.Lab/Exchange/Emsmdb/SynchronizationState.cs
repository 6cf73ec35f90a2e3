using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The ICS state that a client uploads and gets back: what it has and what it has seen. Source: [MS-OXCFXICS] 2.2.1.1.</summary>
internal sealed class SynchronizationState
{
    private readonly MemoryStream upload = new();
    private PropertyTag? uploading;

    public IdSet Given { get; private set; } = new();

    public IdSet Seen { get; private set; } = new();

    public IdSet SeenAssociated { get; private set; } = new();

    public IdSet Read { get; private set; } = new();

    public SynchronizationState Clone() =>
        new() { Given = Given.Clone(), Seen = Seen.Clone(), SeenAssociated = SeenAssociated.Clone(), Read = Read.Clone() };

    /// <exception cref="RopException">Another property is being uploaded, or this is none of the state.</exception>
    public void BeginUpload(PropertyTag property)
    {
        if (uploading is not null || !IsState(property)) throw new RopException(MapiErrorCode.InvalidParameter);
        uploading = property;
        upload.SetLength(0);
    }

    public void ContinueUpload(ReadOnlySpan<byte> data)
    {
        if (uploading is null) throw new RopException(MapiErrorCode.InvalidParameter);
        upload.Write(data);
    }

    /// <exception cref="RopException">The bytes are no set of ids.</exception>
    public void EndUpload()
    {
        if (uploading is not { } property) throw new RopException(MapiErrorCode.InvalidParameter);
        uploading = null;
        try
        {
            Set(property, IdSet.Parse(upload.ToArray()));
        }
        catch (MapiProtocolException)
        {
            throw new RopException(MapiErrorCode.InvalidParameter);
        }
    }

    /// <summary>Writes the state element; a hierarchy has two of the four sets. Source: [MS-OXCFXICS] 2.2.4.3.25.</summary>
    public void Write(SegmentWriter output, bool isHierarchy)
    {
        output.Marker(FastTransferMarker.IncrSyncStateBegin);
        output.Property(PropertyTags.MetaTagIdsetGiven, Given.Serialize());
        output.Property(PropertyTags.MetaTagCnsetSeen, Seen.Serialize());
        if (!isHierarchy)
        {
            output.Property(PropertyTags.MetaTagCnsetSeenFAI, SeenAssociated.Serialize());
            output.Property(PropertyTags.MetaTagCnsetRead, Read.Serialize());
        }
        output.Marker(FastTransferMarker.IncrSyncStateEnd);
    }

    /// <summary>The counters of this mailbox in IdsetGiven. A client may claim any range; what the mailbox never gave out is passed over.</summary>
    public IEnumerable<ulong> CountersGiven(MailboxStore mailbox)
    {
        var last = (ulong)mailbox.LastCounter;
        foreach (var range in Given.Ranges.Where(range => range.Replica == mailbox.ReplicaGuid))
        {
            for (var id = Math.Max(range.Low, CounterSpace.First); id <= Math.Min(range.High, last); id++) yield return id;
        }
    }

    public void ReplaceGiven(IdSet given) => Given = given;

    // The tag of MetaTagIdsetGiven may claim Integer32 or Binary. Source: [MS-OXCFXICS] 3.2.5.2.1.
    private static bool IsState(PropertyTag property) =>
        property.Id == PropertyTags.MetaTagIdsetGiven.Id || property.Id == PropertyTags.MetaTagCnsetSeen.Id
        || property.Id == PropertyTags.MetaTagCnsetSeenFAI.Id || property.Id == PropertyTags.MetaTagCnsetRead.Id;

    private void Set(PropertyTag property, IdSet set)
    {
        if (property.Id == PropertyTags.MetaTagIdsetGiven.Id) Given = set;
        else if (property.Id == PropertyTags.MetaTagCnsetSeen.Id) Seen = set;
        else if (property.Id == PropertyTags.MetaTagCnsetSeenFAI.Id) SeenAssociated = set;
        else Read = set;
    }
}
