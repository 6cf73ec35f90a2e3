using Cutover.Lab.Exchange.Store;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Folders in the order in which a client can make them.</summary>
internal static class FolderTree
{
    /// <summary>All folders below a folder, it left out, parents before children.</summary>
    public static IReadOnlyList<StoredFolder> Below(IReadOnlyList<StoredFolder> all, long root)
    {
        var children = all.ToLookup(folder => folder.Parent);
        var found = new List<StoredFolder>(children[root]);
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i].Id]);
        return found;
    }
}
