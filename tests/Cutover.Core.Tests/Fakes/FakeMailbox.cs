using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Tests.Fakes;

/// <summary>A mailbox at the source, for tests to fill and change.</summary>
public sealed class FakeMailbox
{
    private readonly Lock sync = new();
    private int next;

    public FakeMailbox()
    {
        Root = AddFolder("Top of Information Store", null, FolderRole.Root);
        Inbox = AddFolder("Postvak IN", Root, FolderRole.Inbox);
    }

    public FolderKey Root { get; }

    public FolderKey Inbox { get; }

    public Dictionary<FolderKey, MailboxFolder> Folders { get; } = [];

    public Dictionary<ItemKey, Mail> Items { get; } = [];

    /// <summary>Items handed out and not disposed yet.</summary>
    public int OpenItems { get; set; }

    public FolderKey AddFolder(string name, FolderKey? parent, FolderRole role = FolderRole.None)
    {
        var key = new FolderKey($"folder-{++next}");
        Folders[key] = new MailboxFolder(key, parent, name, role, "IPF.Note", 0);
        return key;
    }

    /// <summary>Removes the folder, all below it and their items.</summary>
    public void RemoveFolder(FolderKey folder)
    {
        foreach (var child in Folders.Values.Where(candidate => candidate.Parent == folder).ToList())
            RemoveFolder(child.Key);
        foreach (var mail in Items.Values.Where(item => item.Folder == folder).ToList())
            Items.Remove(mail.Key);
        Folders.Remove(folder);
    }

    public ItemKey Add(FolderKey folder, string content = "Hello", bool isRead = false)
    {
        var key = new ItemKey($"item-{++next:D5}");
        Items[key] = new Mail(key, folder, 1, content, isRead);
        return key;
    }

    public void Change(ItemKey key, string content) =>
        Items[key] = Items[key] with { Version = Items[key].Version + 1, Content = content };

    public void SetRead(ItemKey key, bool isRead) => Items[key] = Items[key] with { IsRead = isRead };

    public void Delete(ItemKey key) => Items.Remove(key);

    /// <summary>Moving gives another key, as Exchange does.</summary>
    public ItemKey Move(ItemKey key, FolderKey folder)
    {
        var mail = Items[key];
        Items.Remove(key);
        return Add(folder, mail.Content, mail.IsRead);
    }

    public string PathOf(FolderKey folder)
    {
        var found = Folders[folder];
        var name = found.Role == FolderRole.None ? found.Name : found.Role.ToString();
        return found.Parent is { } parent ? $"{PathOf(parent)}/{name}" : name;
    }

    internal void CountOpen(int by)
    {
        lock (sync)
            OpenItems += by;
    }

    public sealed record Mail(ItemKey Key, FolderKey Folder, int Version, string Content, bool IsRead)
    {
        public ItemInfo Info => new(
            Key, Version.ToString(System.Globalization.CultureInfo.InvariantCulture), IsRead, "IPM.Note", $"About {Key}", DateTimeOffset.UnixEpoch, Content.Length);

        public ContentDigest Digest => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content))));
    }
}
