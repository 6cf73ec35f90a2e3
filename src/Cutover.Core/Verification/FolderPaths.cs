using Cutover.Core.Mailboxes;

namespace Cutover.Core.Verification;

/// <summary>
/// Folder paths as lists and receipts write them: names from below the root, joined by <c>/</c>; a <c>/</c> in a name is written <c>\/</c>, a
/// <c>\</c> as <c>\\</c>.
/// </summary>
public sealed class FolderPaths
{
    private readonly Dictionary<FolderKey, string> paths = [];

    /// <summary>The path of each of these folders, given in any order.</summary>
    public static IReadOnlyDictionary<FolderKey, string> OfAll(IEnumerable<MailboxFolder> folders)
    {
        var (found, paths) = (folders.ToDictionary(folder => folder.Key), new FolderPaths());
        foreach (var folder in found.Values) Walk(folder);
        return paths.paths;

        void Walk(MailboxFolder folder)
        {
            if (folder.Parent is { } parent && found.TryGetValue(parent, out var above) && !paths.paths.ContainsKey(parent)) Walk(above);
            paths.Of(folder);
        }
    }

    /// <summary>The folder's path. Parents must be asked for before their children.</summary>
    public string Of(MailboxFolder folder)
    {
        var name = folder.Name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("/", @"\/", StringComparison.Ordinal);
        var above = folder.Parent is { } parent ? paths.GetValueOrDefault(parent) : null;
        return paths[folder.Key] = folder.Role == FolderRole.Root ? "" : string.IsNullOrEmpty(above) ? name : $"{above}/{name}";
    }
}
