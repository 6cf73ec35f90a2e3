using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Making, moving, copying and deleting folders. What is asked to be done asynchronously is done at once; what is deleted is gone for good.
/// Source: [MS-OXCFOLD] 3.2.5.
/// </summary>
internal static class FolderChangeRops
{
    public static RopResponse CreateFolder(RopContext context, CreateFolderRequest request)
    {
        var parent = context.Get<FolderObject>(request.HandleIndex);
        var mailbox = parent.Mailbox;
        if (!Enum.IsDefined(request.FolderType) || request.DisplayName.Length == 0) throw new RopException(MapiErrorCode.InvalidParameter);
        if (Require(parent).IsSearch || (mailbox.IsPublic && request.FolderType == FolderType.Search)) throw new RopException(MapiErrorCode.NotSupported);
        if (mailbox.FindFolder(parent.Folder, request.DisplayName) is { } existing) return OpenExisting(context, request, mailbox, existing);
        var made = mailbox.CreateFolder(parent.Folder, request.DisplayName, "", isSearch: request.FolderType == FolderType.Search);
        mailbox.SetFolderProperty(made, PropertyTags.Comment, request.Comment);
        context.Put(request.OutputHandleIndex, new FolderObject(mailbox, made));
        return new CreateFolderResponse(request.OutputHandleIndex, mailbox.WireId(made), Existing: null);
    }

    public static RopResponse DeleteFolder(RopContext context, DeleteFolderRequest request)
    {
        var parent = context.Get<FolderObject>(request.HandleIndex);
        var folder = Child(parent, request.FolderId);
        if (folder.Special != SpecialFolder.None) throw new RopException(MapiErrorCode.AccessDenied);
        if (!context.May(parent.Mailbox, folder.Id, MemberRights.FolderOwner))
        {
            return context.Behaviour.KeepsFoldersInSilence
                ? new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: true)
                : throw new RopException(MapiErrorCode.AccessDenied);
        }
        var keepsMessages = !request.Flags.HasFlag(DeleteFolderFlags.DeleteMessages) && folder.ItemCount + folder.AssociatedCount > 0 && !folder.IsSearch;
        var keepsFolders = !request.Flags.HasFlag(DeleteFolderFlags.DeleteFolders) && folder.HasSubfolders;
        if (keepsMessages || keepsFolders) return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: true);
        parent.Mailbox.DeleteFolder(folder.Id);
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: false);
    }

    /// <summary>Associated messages stay unless the client wants them gone; subfolders always go.</summary>
    public static RopResponse EmptyFolder(RopContext context, EmptyFolderRequest request)
    {
        var opened = context.Get<FolderObject>(request.HandleIndex);
        var (mailbox, folder) = (opened.Mailbox, Require(opened));
        if (folder.IsSearch || folder.Special == SpecialFolder.MailboxRoot) throw new RopException(MapiErrorCode.NotSupported);
        var messages = mailbox.Messages(folder.Id).Where(message => request.WantDeleteAssociated || !message.IsAssociated).ToList();
        var mayDelete = context.May(mailbox, folder.Id, MemberRights.DeleteAny);
        if (mayDelete) foreach (var message in messages) mailbox.DeleteMessage(message.Id);
        var children = mailbox.Folders.Where(child => child.Parent == folder.Id)
            .ToLookup(child => child.Special == SpecialFolder.None && context.May(mailbox, child.Id, MemberRights.FolderOwner));
        foreach (var child in children[true]) mailbox.DeleteFolder(child.Id);
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: children.Contains(false) || (!mayDelete && messages.Count > 0));
    }

    public static RopResponse MoveFolder(RopContext context, MoveFolderRequest request)
    {
        var (folder, destination) = Ends(context, request.HandleIndex, request.DestinationHandleIndex, request.FolderId);
        var mailbox = destination.Mailbox;
        if (folder.Special != SpecialFolder.None) throw new RopException(MapiErrorCode.AccessDenied);
        context.Require(mailbox, destination.Folder, MemberRights.CreateSubfolder);
        if (!context.May(mailbox, folder.Id, MemberRights.FolderOwner)) return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: true);
        RequireFreeName(destination, request.NewFolderName);
        if (Within(mailbox, destination.Folder, folder.Id)) throw new RopException(LabErrorCode.FolderCycle);
        mailbox.MoveFolder(folder.Id, destination.Folder);
        if (request.NewFolderName.Length > 0) mailbox.RenameFolder(folder.Id, request.NewFolderName);
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: false);
    }

    public static RopResponse CopyFolder(RopContext context, CopyFolderRequest request)
    {
        var (folder, destination) = Ends(context, request.HandleIndex, request.DestinationHandleIndex, request.FolderId);
        context.Require(destination.Mailbox, destination.Folder, MemberRights.CreateSubfolder);
        foreach (var copied in FolderTree.Below(destination.Mailbox.Folders, folder.Id).Prepend(folder))
            context.Require(destination.Mailbox, copied.Id, MemberRights.ReadAny);
        RequireFreeName(destination, request.NewFolderName);
        if (Within(destination.Mailbox, destination.Folder, folder.Id)) throw new RopException(LabErrorCode.FolderCycle);
        var name = request.NewFolderName.Length > 0 ? request.NewFolderName : folder.Name;
        Copy(destination.Mailbox, folder, destination.Folder, name, request.WantRecursive);
        return new PartialResponse(request.Id, request.HandleIndex, PartialCompletion: false);
    }

    /// <summary>The folder of a handle as it is now.</summary>
    /// <exception cref="RopException">It was removed meanwhile.</exception>
    internal static StoredFolder Require(FolderObject folder) =>
        folder.Mailbox.FindFolder(folder.Folder) ?? throw new RopException(MapiErrorCode.NotFound);

    private static CreateFolderResponse OpenExisting(RopContext context, CreateFolderRequest request, MailboxStore mailbox, long folder)
    {
        if (!request.OpenExisting) throw new RopException(LabErrorCode.DuplicateName);
        context.Put(request.OutputHandleIndex, new FolderObject(mailbox, folder));
        // Since Exchange 2010 the answer does not tell that the folder was there before (note 3).
        return new CreateFolderResponse(request.OutputHandleIndex, mailbox.WireId(folder), Existing: null);
    }

    private static StoredFolder Child(FolderObject parent, ObjectId id)
    {
        var found = parent.Mailbox.FindFolder(parent.Mailbox.CounterOf(id)) ?? throw new RopException(MapiErrorCode.NotFound);
        if (found.Special == SpecialFolder.MailboxRoot) throw new RopException(MapiErrorCode.NotSupported);
        return found;
    }

    private static (StoredFolder Folder, FolderObject Destination) Ends(RopContext context, byte source, byte destination, ObjectId id)
    {
        var parent = context.Get<FolderObject>(source);
        var target = context.GetDestination<FolderObject>(destination);
        if (target.Mailbox != parent.Mailbox || Require(target).IsSearch) throw new RopException(MapiErrorCode.NotSupported);
        return (Child(parent, id), target);
    }

    private static void RequireFreeName(FolderObject parent, string name)
    {
        if (name.Length > 0 && parent.Mailbox.FindFolder(parent.Folder, name) is not null) throw new RopException(LabErrorCode.DuplicateName);
    }

    private static bool Within(MailboxStore mailbox, long folder, long ancestor)
    {
        for (var id = folder; id != 0; id = mailbox.FindFolder(id)?.Parent ?? 0)
        {
            if (id == ancestor) return true;
        }
        return false;
    }

    private static void Copy(MailboxStore mailbox, StoredFolder folder, long parent, string name, bool isRecursive)
    {
        var copy = mailbox.CreateFolder(parent, name, folder.ContainerClass, folder.IsSearch);
        foreach (var property in mailbox.FolderPropertiesOf(folder.Id)) mailbox.SetFolderProperty(copy, property.Tag, property.Value);
        foreach (var message in mailbox.Messages(folder.Id)) mailbox.CopyMessage(message.Id, copy);
        if (!isRecursive) return;
        foreach (var child in mailbox.Folders.Where(child => child.Parent == folder.Id)) Copy(mailbox, child, copy, child.Name, isRecursive);
    }
}
