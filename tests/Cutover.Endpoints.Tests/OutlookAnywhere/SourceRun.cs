using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>What one reading of a folder gave.</summary>
internal sealed class SourceRun
{
    public List<(ItemInfo Info, ContentDigest Digest)> Items { get; } = [];

    /// <summary>What is neither an item nor a checkpoint.</summary>
    public List<FolderChange> Others { get; } = [];

    public SyncState? State { get; private set; }

    public int Checkpoints { get; private set; }

    /// <summary>Reads a folder to its end. Every item's stream must digest to what the item says.</summary>
    public static async Task<SourceRun> ReadAsync(IMailboxSource source, FolderKey folder, SyncState? since, bool verifiesStreams = true)
    {
        var run = new SourceRun();
        await foreach (var change in source.GetChangesAsync(folder, since, default)) await run.TakeAsync(change, verifiesStreams);
        return run;
    }

    private async Task TakeAsync(FolderChange change, bool verifiesStreams)
    {
        switch (change)
        {
            case Upserted { Item: var item }:
                Items.Add((item.Info, item.Digest));
                if (verifiesStreams) await VerifyAsync(item);
                await item.DisposeAsync();
                break;
            case Checkpoint { State: var state }:
                State = state;
                Checkpoints++;
                break;
            default:
                Others.Add(change);
                if (change is Unreadable { Partial: { } partial }) await partial.DisposeAsync();
                break;
        }
    }

    private static async Task VerifyAsync(MailboxItem item)
    {
        await using var stream = await item.OpenAsync(default);
        Assert.Equal(item.Digest, (await ItemDigest.ReadAsync(stream, default)).Complete());
    }
}
