using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Deleting, moving and copying the messages of a folder. Source: [MS-OXCFOLD] 3.2.5.6, 3.2.5.11, 3.2.5.12.</summary>
internal static class FolderMessageRops
{
    /// <summary>What is not there, Exchange 2010 and later pass over without a word (note on R2715).</summary>
    public static RopResponse DeleteMessages(RopContext context, DeleteMessagesRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        var messages = Messages(folder, request.MessageIds).ToLookup(message => context.May(folder.Mailbox, message.Folder, MemberRights.DeleteAny));
        foreach (var message in messages[true]) folder.Mailbox.DeleteMessage(message.Id);
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: messages.Contains(false));
    }

    public static RopResponse MoveCopyMessages(RopContext context, MoveCopyMessagesRequest request)
    {
        var source = context.Get<FolderObject>(request.HandleIndex);
        var destination = context.GetDestination<FolderObject>(request.DestinationHandleIndex);
        if (destination.Mailbox != source.Mailbox) throw new RopException(MapiErrorCode.NotSupported);
        if (FolderChangeRops.Require(destination).IsSearch) throw new RopException(LabErrorCode.SearchFolder);
        var mayCreate = context.May(destination.Mailbox, destination.Folder, MemberRights.Create);
        var messages = Messages(source, request.MessageIds).ToLookup(message =>
            mayCreate && (request.WantCopy || context.May(source.Mailbox, message.Folder, MemberRights.DeleteAny)));
        foreach (var message in messages[true])
        {
            if (request.WantCopy) source.Mailbox.CopyMessage(message.Id, destination.Folder);
            else source.Mailbox.MoveMessage(message.Id, destination.Folder);
        }
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: messages.Contains(false));
    }

    // A search folder shows messages of other folders: there any message will do.
    private static IEnumerable<StoredMessage> Messages(FolderObject folder, IReadOnlyList<ObjectId> ids)
    {
        var isSearch = FolderChangeRops.Require(folder).IsSearch;
        return ids.Select(id => folder.Mailbox.FindMessage(folder.Mailbox.CounterOf(id))).OfType<StoredMessage>()
            .Where(message => isSearch || message.Folder == folder.Folder);
    }
}
