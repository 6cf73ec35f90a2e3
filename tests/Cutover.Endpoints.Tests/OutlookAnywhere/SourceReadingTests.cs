using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>What is read of a mailbox beside the plain items, and what is not read again.</summary>
public sealed class SourceReadingTests : IDisposable
{
    private readonly SourceLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task A_pass_with_nothing_new_costs_a_listing_and_no_call_per_folder()
    {
        var folders = FillFolders(20, itemsEach: 5);
        lab.Age();
        await using var source = await lab.OpenAsync();
        var states = await PassAsync(source, []);
        var before = source.RoundTrips;
        var second = await PassAsync(source, states);
        Assert.InRange(source.RoundTrips - before, 1, 3);
        Assert.Equal(states.Keys, second.Keys);
        Assert.All(folders, folder => Assert.Contains(lab.FolderKeyOf(folder), states.Keys));
    }

    [Fact]
    public async Task A_pass_with_nothing_new_costs_three_round_trips_with_its_connection()
    {
        FillFolders(20, itemsEach: 5);
        lab.Age();
        Dictionary<FolderKey, SyncState> states;
        await using (var first = await lab.OpenAsync()) states = await PassAsync(first, []);

        var again = await lab.OpenAsync();
        await PassAsync(again, states);

        // Connect, log on, list. Disconnect is told afterwards and answers nothing that the pass waits for.
        Assert.Equal(3, again.RoundTrips);
        await again.DisposeAsync();
        Assert.Equal(4, again.RoundTrips);
    }

    [Fact]
    public async Task Only_folders_that_changed_are_asked_whatever_it_was_that_changed()
    {
        var folders = FillFolders(6, itemsEach: 4);
        lab.Age();
        await using var source = await lab.OpenAsync();
        var states = await PassAsync(source, []);
        lab.Anna.SetReadState(lab.Anna.Messages(folders[1])[0].Id, isRead: false);
        lab.Anna.DeleteMessage(lab.Anna.Messages(folders[2])[0].Id);
        lab.Anna.MoveMessage(lab.Anna.Messages(folders[3])[0].Id, folders[4]);
        var before = source.RoundTrips;
        var changes = new List<(FolderKey, FolderChange)>();
        await PassAsync(source, states, (folder, change) => changes.Add((folder.Key, change)));
        Assert.InRange(source.RoundTrips - before, 5, 7);
        Assert.Equal(
            [(1, nameof(ReadStateChanged)), (2, nameof(Deleted)), (3, nameof(Deleted)), (4, nameof(Upserted))],
            changes.Where(change => change.Item2 is not Checkpoint)
                .Select(change => (folders.FindIndex(folder => lab.FolderKeyOf(folder) == change.Item1), change.Item2.GetType().Name)));
    }

    [Fact]
    public async Task A_folder_that_changed_just_before_it_was_listed_is_asked_again()
    {
        lab.FillInbox(3);
        await using var source = await lab.OpenAsync();
        var states = await PassAsync(source, []);
        lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("Late"), isRead: true);
        var subjects = new List<string?>();
        await PassAsync(source, states, (_, change) => subjects.AddRange(change is Upserted { Item.Info.Subject: var subject } ? [subject] : []));
        Assert.Equal(["Late"], subjects);
    }

    [Fact]
    public async Task Folder_associated_items_come_when_they_are_asked_for_and_once()
    {
        lab.FillInbox(2);
        var view = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("View"), isRead: true, isAssociated: true);
        await using (var plain = await lab.OpenAsync())
            Assert.Equal(2, (await SourceRun.ReadAsync(plain, lab.InboxKey, since: null)).Items.Count);
        lab.Reading = new SourceReading { IncludesAssociated = true };
        await using var source = await lab.OpenAsync();
        var first = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal((3, lab.KeyOf(view)), (first.Items.Count, Assert.Single(first.Items, item => item.Info.IsAssociated).Info.Key));
        Assert.Contains(await source.GetItemsAsync(lab.InboxKey, default).ToListAsync(), item => item.IsAssociated && item.Key == lab.KeyOf(view));
        Assert.Empty((await SourceRun.ReadAsync(source, lab.InboxKey, first.State)).Items);
        lab.Anna.UpdateMessage(view, SourceLab.Message("View, changed"));
        Assert.True(Assert.Single((await SourceRun.ReadAsync(source, lab.InboxKey, first.State)).Items).Info.IsAssociated);
    }

    [Fact]
    public async Task Recoverable_items_are_a_scope_of_their_own()
    {
        var deletions = lab.Anna.CreateFolder(lab.Anna.FolderOf(SpecialFolder.RecoverableItems), "Deletions", "IPF.Note");
        lab.Anna.SaveMessage(deletions, SourceLab.Message("Deleted by mistake"), isRead: true);
        lab.Reading = new SourceReading { Scope = SourceScope.RecoverableItems };
        await using var source = await lab.OpenAsync();
        var folders = await source.GetFoldersAsync(default).ToListAsync();
        Assert.Equal(["Recoverable Items", "Deletions"], folders.Select(folder => folder.Name));
        Assert.Equal("Deleted by mistake", Assert.Single((await SourceRun.ReadAsync(source, folders[1].Key, since: null)).Items).Info.Subject);
    }

    [Fact]
    public async Task Common_views_are_a_scope_of_their_own()
    {
        lab.Anna.SaveMessage(lab.Anna.FolderOf(SpecialFolder.CommonViews), SourceLab.Message("Favourites"), isRead: true, isAssociated: true);
        lab.Reading = new SourceReading { Scope = SourceScope.CommonViews, IncludesAssociated = true };
        await using var source = await lab.OpenAsync();
        var folder = Assert.Single(await source.GetFoldersAsync(default).ToListAsync());
        Assert.Equal("Favourites", Assert.Single((await SourceRun.ReadAsync(source, folder.Key, since: null)).Items).Info.Subject);
    }

    [Fact]
    public async Task Messages_pass_through_unparsed_when_that_is_asked_for()
    {
        var messages = lab.FillInbox(4);
        var large = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("Large", attachmentSize: 200_000), isRead: true);
        lab.Anna.MarkDamaged(messages[1], MessageDamage.OneProperty);
        await using var parsed = await lab.OpenAsync();
        lab.Reading = new SourceReading { PassesThrough = true };
        await using var source = await lab.OpenAsync();
        var expected = await SourceRun.ReadAsync(parsed, lab.InboxKey, since: null);
        var run = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal(messages.Append(large).Where(id => id != messages[1]).Select(lab.KeyOf), run.Items.Select(item => item.Info.Key));
        Assert.Equal(lab.KeyOf(messages[1]), Assert.Single(run.Others.OfType<Unreadable>()).Item.Key);
        Assert.Equal(expected.Items.Select(item => item.Digest), run.Items.Select(item => item.Digest));
        Assert.Empty((await SourceRun.ReadAsync(source, lab.InboxKey, run.State)).Items);
    }

    [Fact]
    public async Task Exchange_addresses_get_the_smtp_address_beside_them()
    {
        const string sender = "/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn=boris";
        var message = SourceLab.Message("From Boris");
        message.Properties.Set(PropertyTags.SenderAddressType, "EX").Set(PropertyTags.SenderEmailAddress, sender);
        message.Recipients[0].Set(PropertyTags.AddressType, "EX").Set(PropertyTags.EmailAddress, sender.ToUpperInvariant());
        lab.Anna.SaveMessage(lab.Inbox, message, isRead: true);
        lab.Reading = new SourceReading { Addresses = new Names(new(StringComparer.OrdinalIgnoreCase) { [sender] = "boris@contoso.com" }) };
        await using var source = await lab.OpenAsync();
        await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
        {
            if (change is not Upserted { Item: var item }) continue;
            await using var stream = await item.OpenAsync(default);
            var read = new MapiMessageBuilder();
            await ItemStreamReader.ReadAsync(stream, read, default);
            var copy = read.Build();
            Assert.Equal("boris@contoso.com", copy.Properties.GetString(PropertyTags.SenderSmtpAddress));
            Assert.Equal(sender, copy.Properties.GetString(PropertyTags.SenderEmailAddress));
            Assert.Equal("boris@contoso.com", copy.Recipients[0].GetString(PropertyTags.SmtpAddress));
            await item.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_is_well_formed_by_an_independent_decoder(bool passesThrough)
    {
        var inner = SourceLab.Message("Inner", attachmentSize: 70_000);
        var outer = SourceLab.Message("Outer", attachmentSize: 200_000);
        outer.Attachments.Add(new() { EmbeddedMessage = inner });
        outer.Attachments[^1].Properties.Set(PropertyTags.AttachMethod, 5);
        lab.Anna.SaveMessage(lab.Inbox, outer, isRead: true);
        lab.Reading = new SourceReading { PassesThrough = passesThrough };
        await using var source = await lab.OpenAsync();
        await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
        {
            if (change is not Upserted { Item: var item }) continue;
            await using (item) await ItemStreamOracle.AcceptsAsync(item);
        }
    }

    private List<long> FillFolders(int count, int itemsEach)
    {
        using var bulk = lab.Store.BeginBulk();
        var folders = Enumerable.Range(1, count).Select(number => lab.Anna.CreateFolder(lab.Inbox, $"Folder {number:00}", "IPF.Note")).ToList();
        foreach (var folder in folders)
            for (var item = 0; item < itemsEach; item++) lab.Anna.SaveMessage(folder, SourceLab.Message($"{folder}-{item}"), isRead: true);
        return folders;
    }

    /// <summary>One pass as the engine makes it: the folders, then the changes of each.</summary>
    private static async Task<Dictionary<FolderKey, SyncState>> PassAsync(
        IMailboxSource source, Dictionary<FolderKey, SyncState> since, Action<MailboxFolder, FolderChange>? each = null)
    {
        var states = new Dictionary<FolderKey, SyncState>();
        foreach (var folder in await source.GetFoldersAsync(default).ToListAsync())
        {
            await foreach (var change in source.GetChangesAsync(folder.Key, since.GetValueOrDefault(folder.Key), default))
            {
                each?.Invoke(folder, change);
                if (change is Upserted { Item: var item }) await item.DisposeAsync();
                if (change is Checkpoint { State: var state }) states[folder.Key] = state;
            }
        }
        return states;
    }

    private sealed class Names(Dictionary<string, string> addresses) : IAddressNames
    {
        public string? SmtpAddressOf(string legacyExchangeDN) => addresses.GetValueOrDefault(legacyExchangeDN);
    }
}
