using Cutover.Core.Mailboxes;

namespace Cutover.Core.Ledger;

/// <summary>Where items are kept that the target would not take: as they came, so that nothing is lost in silence.</summary>
public interface IKeptAside
{
    /// <summary>Saves the item's stream and returns its file, relative to the work folder. Keeping it again replaces the file.</summary>
    Task<string> KeepAsync(MailboxItem item, CancellationToken ct);
}

/// <summary>Keeps items of one mailbox as <c>kept-aside/MAILBOX/KEY.item</c> in the work folder, readable by the owner only.</summary>
/// <param name="mailbox">The mailbox's primary SMTP address.</param>
public sealed class KeptAsideFolder(string workDirectory, string mailbox) : IKeptAside
{
    public async Task<string> KeepAsync(MailboxItem item, CancellationToken ct)
    {
        var relative = Path.Combine("kept-aside", FileNames.Safe(mailbox), FileNames.OfKey(item.Info.Key) + ".item");
        var path = Path.Combine(workDirectory, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = AtomicFile.Create(path);
        await using (var content = await item.OpenAsync(ct))
            await content.CopyToAsync(file.Stream, ct);
        await file.CommitAsync(ct);
        return relative;
    }
}
