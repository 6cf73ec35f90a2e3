using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>A folder of 100,000 items over connections that break.</summary>
public sealed class LargeFolderTests : IDisposable
{
    private const int Items = 100_000;
    private readonly SourceLab lab = new() { MaximumOutput = EmsmdbInterface.MaximumOutput };

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task A_folder_of_100_000_items_comes_once_though_the_connection_is_cut_again_and_again()
    {
        Fill();
        var cuts = new Random(20261125);
        var connections = 0;
        await using var source = await lab.OpenAsync(() =>
        {
            connections++;
            return new InProcessRpcClient(lab.Server, SourceLab.Administrator, callsUntilCut: connections > 8 ? int.MaxValue : cuts.Next(3, 9));
        });
        var (copied, since) = (new HashSet<ItemKey>(), default(SyncState));
        for (var isDone = false; !isDone;) (isDone, since) = await ReadAsync(source, since, copied);
        Assert.Equal(Items, copied.Count);
        Assert.True(connections > 8);
        var again = await SourceRun.ReadAsync(source, lab.InboxKey, since);
        Assert.Empty(again.Items);
        Assert.Empty(again.Others);
    }

    /// <summary>One attempt, as the engine makes it: what comes after the last checkpoint is forgotten, and must come again.</summary>
    private async Task<(bool IsDone, SyncState? State)> ReadAsync(IMailboxSource source, SyncState? since, HashSet<ItemKey> copied)
    {
        var pending = new List<ItemKey>();
        try
        {
            await foreach (var change in source.GetChangesAsync(lab.InboxKey, since, default))
            {
                if (change is Upserted { Item: var item })
                {
                    pending.Add(item.Info.Key);
                    await item.DisposeAsync();
                }
                else if (change is Checkpoint { State: var reached })
                {
                    since = reached;
                    Assert.All(pending, key => Assert.True(copied.Add(key), $"{key} came twice"));
                    pending.Clear();
                }
            }
            return (true, since);
        }
        catch (MigrationFault fault) when (fault.IsTransient)
        {
            return (false, since);
        }
    }

    private void Fill()
    {
        using var bulk = lab.Store.BeginBulk();
        for (var number = 0; number < Items; number++)
        {
            var message = new MapiMessage();
            message.Properties.Set(PropertyTags.Subject, $"Message {number}").Set(PropertyTags.Body, "Short.");
            lab.Anna.SaveMessage(lab.Inbox, message, isRead: true);
        }
    }
}
