using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The criteria of search folders; a search is always finished when its ROP is answered. Source: [MS-OXCFOLD] 3.2.5.4, 3.2.5.5.</summary>
internal static class SearchRops
{
    private const SearchRequestFlags KnownFlags = SearchRequestFlags.Stop | SearchRequestFlags.Restart | SearchRequestFlags.Recursive
        | SearchRequestFlags.Shallow | SearchRequestFlags.Foreground | SearchRequestFlags.Background | SearchRequestFlags.ContentIndexed
        | SearchRequestFlags.NonContentIndexed | SearchRequestFlags.Static;

    /// <summary>Where the client says nothing, what it said last holds.</summary>
    public static RopResponse SetSearchCriteria(RopContext context, SetSearchCriteriaRequest request)
    {
        var (mailbox, folder) = Open(context, request.HandleIndex);
        if ((request.Flags & ~KnownFlags) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        var last = mailbox.FindSearch(folder);
        var restriction = request.RestrictionData.IsEmpty ? last?.Restriction : request.RestrictionData.ToArray();
        var scope = request.FolderIds.Count == 0 ? last?.Scope : request.FolderIds.Select(mailbox.CounterOf).ToList();
        if (restriction is null || scope is null) throw new RopException(LabErrorCode.NotInitialized);
        if (scope.Contains(folder)) throw new RopException(LabErrorCode.SearchScopeViolation);
        if (scope.Any(id => mailbox.FindFolder(id) is null)) throw new RopException(MapiErrorCode.NotFound);
        Check(restriction);
        var criteria = new SearchCriteria(restriction, scope, request.Flags.HasFlag(SearchRequestFlags.Recursive), Found: null);
        mailbox.SetSearch(folder, request.Flags.HasFlag(SearchRequestFlags.Static)
            ? criteria with { Found = [.. SearchFolders.Find(mailbox, criteria).Select(message => message.Id)] }
            : criteria);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse GetSearchCriteria(RopContext context, GetSearchCriteriaRequest request)
    {
        var (mailbox, folder) = Open(context, request.HandleIndex);
        var criteria = mailbox.FindSearch(folder) ?? throw new RopException(LabErrorCode.NotInitialized);
        return new GetSearchCriteriaResponse(
            request.HandleIndex, request.IncludeRestriction ? criteria.Restriction : default, request.LogonId,
            request.IncludeFolders ? [.. criteria.Scope.Select(mailbox.WireId)] : [], StateOf(criteria));
    }

    private static SearchStateFlags StateOf(SearchCriteria criteria) => SearchStateFlags.Complete | SearchStateFlags.NotContentIndexed
        | (criteria.IsRecursive ? SearchStateFlags.Recursive : 0) | (criteria.Found is null ? 0 : SearchStateFlags.Static);

    private static (MailboxStore Mailbox, long Folder) Open(RopContext context, byte index)
    {
        var folder = context.Get<FolderObject>(index);
        return FolderChangeRops.Require(folder).IsSearch ? (folder.Mailbox, folder.Folder) : throw new RopException(LabErrorCode.NotSearchFolder);
    }

    private static void Check(byte[] restriction)
    {
        try
        {
            Restriction.Read(new RopReader(restriction));
        }
        catch (MapiProtocolException)
        {
            throw new RopException(MapiErrorCode.InvalidParameter);
        }
    }
}
