using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Tests.Store;

public sealed class MailboxStoreTests : IDisposable
{
    private static readonly PropertyTag Subject = new(0x0037001F);
    private static readonly PropertyName ReminderSet = PropertyName.Of(new Guid("00062008-0000-0000-c000-000000000046"), 0x8503);
    private static readonly PropertyName MadeUp = PropertyName.Of(new Guid("00020329-0000-0000-c000-000000000046"), "x-made-up");
    private readonly StoreFixture fixture = new();

    private MailboxStore Anna => fixture.Anna;

    private long Inbox => Anna.FolderOf(FolderRole.Inbox);

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("nl-NL", "Postvak IN", "Agenda", "Ongewenste e-mail")]
    [InlineData("en-US", "Inbox", "Calendar", "Junk Email")]
    [InlineData("fr-FR", "Inbox", "Calendar", "Junk Email")]
    public void A_mailbox_has_its_default_folders_in_its_language(string language, string inbox, string calendar, string junk)
    {
        var mailbox = fixture.Store.CreateMailbox($"/o=Contoso/cn={language}", "Someone", language);

        var names = mailbox.Folders.Where(folder => folder.Role != FolderRole.None).ToDictionary(folder => folder.Role, folder => folder.Name);

        Assert.Equal((inbox, calendar, junk), (names[FolderRole.Inbox], names[FolderRole.Calendar], names[FolderRole.JunkEmail]));
        Assert.Equal(12, names.Count);
    }

    [Fact]
    public void What_was_saved_is_there_after_the_store_is_opened_again()
    {
        var saved = StoreFixture.Message("Kwartaalcijfers \ud83d\ude00 \ud800", attachmentSize: 100_000);
        saved.Properties.Set(ReminderSet, PropertyType.Boolean, true).Set(MadeUp, PropertyType.MultipleString, new[] { "één", "twee" });
        saved.Attachments.Add(new MapiAttachment { EmbeddedMessage = StoreFixture.Message("Bijgevoegd") });
        var id = Anna.SaveMessage(Inbox, saved, isRead: true);
        var before = Anna.Messages(Inbox);

        fixture.Reopen();

        Assert.Equal(before, Anna.Messages(Inbox));
        var read = Anna.ReadMessage(id);
        Assert.Equal(saved.Properties.GetString(Subject), read.Properties.GetString(Subject));
        Assert.Equal(true, read.Properties[ReminderSet]);
        Assert.Equal(new[] { "één", "twee" }, read.Properties[MadeUp]);
        Assert.Equal(saved.Attachments[0].Properties[new PropertyTag(0x37010102)], read.Attachments[0].Properties[new PropertyTag(0x37010102)]);
        Assert.Equal("Bijgevoegd", read.Attachments[1].EmbeddedMessage!.Properties.GetString(Subject));
        Assert.Equal("Boris Bakker", read.Properties.GetString(new PropertyTag(0x0E04001F)));
    }

    [Fact]
    public void Counters_grow_and_are_never_used_twice_even_across_a_restart()
    {
        var used = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var id = Anna.SaveMessage(Inbox, StoreFixture.Message("one"), isRead: false);
            used.AddRange([id, Anna.FindMessage(id)!.ChangeNumber]);
            Anna.DeleteMessage(id);
            fixture.Reopen();
        }

        Assert.Equal(used.Order().Distinct(), used);
    }

    [Fact]
    public void What_was_done_is_on_disk_although_the_store_was_never_closed()
    {
        var id = Anna.SaveMessage(Inbox, StoreFixture.Message("done"), isRead: false);
        var bulk = fixture.Store.BeginBulk();
        Anna.SaveMessage(Inbox, StoreFixture.Message("not done"), isRead: false);

        // What a killed process leaves: the files as they are now, in another place.
        using var left = ExchangeStore.Open(fixture.CopyFiles());

        Assert.Equal([id], left.FindMailbox(StoreFixture.AnnaDN)!.Messages(Inbox).Select(message => message.Id));
        bulk.Dispose();
    }

    [Fact]
    public void A_moved_message_is_another_message_and_leaves_a_tombstone()
    {
        var id = Anna.SaveMessage(Inbox, StoreFixture.Message("move me"), isRead: false);
        var archive = Anna.CreateFolder(Anna.FolderOf(FolderRole.Root), "A/B \ud83d\udce6", "IPF.Note");

        var moved = Anna.MoveMessage(id, archive);

        Assert.True(moved > id);
        Assert.Null(Anna.FindMessage(id));
        Assert.Equal("move me", Anna.ReadMessage(moved).Properties.GetString(Subject));
        Assert.Equal(id, Assert.Single(Anna.DeletedMessages(Inbox)).Id);
        Assert.True(Anna.FindMessage(moved)!.ChangeNumber > moved);
    }

    [Fact]
    public void A_new_content_raises_the_change_number_and_a_new_read_state_only_its_own()
    {
        var id = Anna.SaveMessage(Inbox, StoreFixture.Message("first"), isRead: false);
        var saved = Anna.FindMessage(id)!;

        Anna.SetReadState(id, true);
        var read = Anna.FindMessage(id)!;
        Anna.UpdateMessage(id, StoreFixture.Message("second"));
        var updated = Anna.FindMessage(id)!;

        Assert.Equal(saved.ChangeNumber, read.ChangeNumber);
        Assert.True(read.ReadChangeNumber > saved.ChangeNumber && read.IsRead);
        Assert.True(updated.ChangeNumber > read.ReadChangeNumber && updated.IsRead);
        Assert.Equal("second", updated.Subject);
    }

    [Fact]
    public void Setting_the_read_state_that_is_there_changes_nothing()
    {
        var id = Anna.SaveMessage(Inbox, StoreFixture.Message("one"), isRead: true);
        var before = Anna.FindMessage(id);

        Anna.SetReadState(id, true);

        Assert.Equal(before, Anna.FindMessage(id));
    }

    [Fact]
    public void A_bulk_is_one_transaction_that_others_can_read_in()
    {
        using (fixture.Store.BeginBulk())
        {
            for (var i = 0; i < 500; i++) Anna.SaveMessage(Inbox, StoreFixture.Message($"message {i}"), isRead: i % 2 == 0);
            Assert.Equal(500, Anna.FindFolder(Inbox)!.ItemCount);
        }
        fixture.Reopen();

        var inbox = Anna.FindFolder(Inbox)!;
        Assert.Equal((500, 250), (inbox.ItemCount, inbox.UnreadCount));
    }

    [Fact]
    public void A_change_that_fails_leaves_nothing_behind()
    {
        var names = Anna.PropertyNames;
        var tooManyNames = new MapiMessage();
        for (var i = 0; i < 0x8000; i++)
            tooManyNames.Properties.Add(new PropertyValue(new PropertyTag(0x80000003), 1, PropertyName.Of(Guid.Empty, $"n{i}")));

        Assert.Throws<InvalidOperationException>(() => Anna.SaveMessage(Inbox, tooManyNames, isRead: false));

        Assert.Equal(names, Anna.PropertyNames);
        Assert.Empty(Anna.Messages(Inbox));
        Assert.Equal((ushort)(names.Keys.Max() + 1), Anna.PropertyIdOf(MadeUp, register: true));
    }

    [Fact]
    public void Two_siblings_cannot_bear_one_name()
    {
        Anna.CreateFolder(Inbox, "Projecten", "IPF.Note");

        Assert.Throws<ArgumentException>(() => Anna.CreateFolder(Inbox, "PROJECTEN", "IPF.Note"));
    }

    [Fact]
    public void A_deleted_folder_takes_its_subfolders_and_messages_along()
    {
        var folder = Anna.CreateFolder(Inbox, "Old", "IPF.Note");
        var child = Anna.CreateFolder(folder, "Older", "IPF.Note");
        var id = Anna.SaveMessage(child, StoreFixture.Message("gone"), isRead: false);

        Anna.DeleteFolder(folder);

        Assert.Null(Anna.FindMessage(id));
        Assert.Null(Anna.FindFolder(child));
        Assert.Equal([folder, child], Anna.DeletedFolders.Select(deleted => deleted.Id).Order());
    }

    [Fact]
    public void Only_the_owner_and_those_with_full_access_may_log_on()
    {
        Assert.True(Anna.AllowsLogon(StoreFixture.Account("ANNA")));
        Assert.False(Anna.AllowsLogon(StoreFixture.Account("boris")));
        Assert.True(Anna.AllowsLogon(StoreFixture.Account("migration", hasFullAccessToAll: true)));

        Anna.GrantFullAccess(StoreFixture.Account("boris").LegacyExchangeDN);
        Anna.DenyFullAccess(StoreFixture.Account("migration").LegacyExchangeDN);

        Assert.True(Anna.AllowsLogon(StoreFixture.Account("boris")));
        Assert.False(Anna.AllowsLogon(StoreFixture.Account("migration", hasFullAccessToAll: true)));
    }

    [Fact]
    public void Many_callers_at_once_lose_nothing()
    {
        Parallel.For(0, 200, i => Anna.SaveMessage(Inbox, StoreFixture.Message($"message {i}"), isRead: false));

        Assert.Equal(200, Anna.Messages(Inbox).Select(message => message.ChangeNumber).Distinct().Count());
    }
}
