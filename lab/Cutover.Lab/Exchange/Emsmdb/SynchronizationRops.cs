using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Synchronisation downloads. Source: [MS-OXCFXICS] 3.2.5.9.</summary>
internal static class SynchronizationRops
{
    private const ushort Reserved = 0x1000;

    public static RopResponse Configure(RopContext context, SynchronizationConfigureRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        // The reserved flag breaks the protocol, not this ROP alone. Source: [MS-OXCFXICS] 3.2.5.9.1.1.
        if (((ushort)request.SynchronizationFlags & Reserved) != 0) throw new MapiProtocolException("RopSynchronizationConfigure: reserved flag");
        if (!IsValid(request)) throw new RopException(MapiErrorCode.InvalidParameter);
        if (!request.Restriction.IsEmpty) TableRops.Parse(request.Restriction);
        context.Put(request.OutputHandleIndex, Open(folder, request, context.Behaviour));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse UploadStateStreamBegin(RopContext context, UploadStateStreamBeginRequest request)
    {
        context.Get<ISynchronizationContext>(request.HandleIndex).Upload.BeginUpload(request.StateProperty);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse UploadStateStreamContinue(RopContext context, UploadStateStreamContinueRequest request)
    {
        context.Get<ISynchronizationContext>(request.HandleIndex).Upload.ContinueUpload(request.StreamData.Span);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse UploadStateStreamEnd(RopContext context, UploadStateStreamEndRequest request)
    {
        context.Get<ISynchronizationContext>(request.HandleIndex).Upload.EndUpload();
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>
    /// The state that the client uploaded, whatever came since: Exchange 2010 and later give no checkpoint in the middle. Source: [MS-OXCFXICS]
    /// 3.2.5.3, note 32.
    /// </summary>
    public static RopResponse GetTransferState(RopContext context, GetTransferStateRequest request)
    {
        var synchronization = context.Get<ISynchronizationContext>(request.HandleIndex);
        var reached = context.Behaviour.GivesTrueTransferState && synchronization is SynchronizationObject { Contents: { } contents, Download: var given }
            ? contents.StateAfter(given.StepsSent)
            : null;
        var state = reached ?? synchronization.Upload.Clone();
        var download = new Download(context.Behaviour, output => ProduceState(output, state, synchronization.IsHierarchy));
        context.Put(request.OutputHandleIndex, new DownloadObject(context.Get<ServerObject>(request.HandleIndex).Mailbox, download));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    private static bool IsValid(SynchronizationConfigureRequest request)
    {
        const SynchronizationFlags contentsOnly = SynchronizationFlags.ReadState | SynchronizationFlags.FolderAssociated | SynchronizationFlags.Normal
            | SynchronizationFlags.Progress | SynchronizationFlags.IgnoreSpecifiedOnFolderAssociated;
        if ((request.SendOptions & FastTransferRops.UnknownOptions) != 0) return false;
        return request.SynchronizationType switch
        {
            SynchronizationType.Contents => true,
            SynchronizationType.Hierarchy => (request.SynchronizationFlags & contentsOnly) == 0,
            _ => false,
        };
    }

    private static SynchronizationObject Open(FolderObject folder, SynchronizationConfigureRequest request, ServerBehaviour behaviour)
    {
        var upload = new SynchronizationState();
        SynchronizationObject? opened = null;
        // The stream starts from a copy when the first buffer is fetched: by then the state is uploaded.
        var download = new Download(behaviour, output =>
        {
            if (request.SynchronizationType == SynchronizationType.Hierarchy)
                return new HierarchySynchronization(folder.Mailbox, folder.Folder, request, upload.Clone()).Produce(output);
            opened!.Contents = new ContentsSynchronization(folder.Mailbox, folder.Folder, request, upload.Clone());
            return opened.Contents.Produce(output);
        });
        return opened = new SynchronizationObject(folder.Mailbox, request, upload, download);
    }

    private static IEnumerable<DownloadStep> ProduceState(SegmentWriter output, SynchronizationState state, bool isHierarchy)
    {
        state.Write(output, isHierarchy);
        yield return new DownloadStep(1, 1);
    }
}
