using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>Source: [MS-OXCFOLD] 3.2.5.</summary>
public sealed class FolderChangeTests : IDisposable
{
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private MailboxStore Anna => fixture.Anna;

    private long Inbox => fixture.Anna.FolderOf(FolderRole.Inbox);

    [Fact]
    public async Task A_folder_is_made_once_and_opened_the_second_time()
    {
        var (client, inbox) = await OpenInboxAsync();

        var made = await client.CallAsync([inbox, RopBuffer.NoHandle], Create("Projecten"));
        var refused = await client.CallAsync([inbox, RopBuffer.NoHandle], Create("projecten"));
        var opened = await client.CallAsync([inbox, RopBuffer.NoHandle], Create("projecten") with { OpenExisting = true });

        var first = Assert.IsType<CreateFolderResponse>(made.Responses[0]);
        Assert.Null(first.Existing);
        Assert.Equal(0x80040604, refused.Responses[0].ReturnValue);
        var second = Assert.IsType<CreateFolderResponse>(opened.Responses[0]);
        Assert.Equal(first.FolderId, second.FolderId);
    }

    [Fact]
    public async Task A_folder_with_messages_is_deleted_only_with_them()
    {
        var folder = Anna.CreateFolder(Inbox, "Oud", "IPF.Note");
        Save(folder, "1");
        var (client, inbox) = await OpenInboxAsync();

        var kept = await client.CallAsync([inbox], new DeleteFolderRequest(0, DeleteFolderFlags.DeleteFolders, EmsmdbClient.IdOf(folder)));
        var still = Anna.FindFolder(folder);
        var gone = await client.CallAsync([inbox], new DeleteFolderRequest(0, DeleteFolderFlags.DeleteMessages, EmsmdbClient.IdOf(folder)));

        Assert.Equal(new PartialResponse(RopId.DeleteFolder, 0, PartialCompletion: true), kept.Responses[0]);
        Assert.NotNull(still);
        Assert.Equal(new PartialResponse(RopId.DeleteFolder, 0, PartialCompletion: false), gone.Responses[0]);
        Assert.Null(Anna.FindFolder(folder));
    }

    [Fact]
    public async Task A_folder_is_copied_with_its_messages_and_moved_under_a_new_name()
    {
        var folder = Anna.CreateFolder(Inbox, "A", "IPF.Note");
        Save(Anna.CreateFolder(folder, "B", "IPF.Note"), "1");
        Save(folder, "2");
        var (client, inbox) = await OpenInboxAsync();
        var sent = await client.OpenFolderAsync(Anna.FolderOf(FolderRole.SentItems));

        await client.CallAsync([inbox, sent], new CopyFolderRequest(0, 1, WantRecursive: true, EmsmdbClient.IdOf(folder), "Kopie"));
        await client.CallAsync([inbox, sent], new MoveFolderRequest(0, 1, EmsmdbClient.IdOf(folder), "Verplaatst"));

        var copy = Anna.FindFolder(Anna.FolderOf(FolderRole.SentItems), "Kopie")!.Value;
        Assert.Single(Anna.Messages(copy));
        Assert.Single(Anna.Messages(Anna.FindFolder(copy, "B")!.Value));
        Assert.Equal((Anna.FolderOf(FolderRole.SentItems), "Verplaatst"), (Anna.FindFolder(folder)!.Parent, Anna.FindFolder(folder)!.Name));
    }

    [Fact]
    public async Task A_folder_does_not_go_below_itself()
    {
        var folder = Anna.CreateFolder(Inbox, "A", "IPF.Note");
        var below = Anna.CreateFolder(folder, "B", "IPF.Note");
        var (client, inbox) = await OpenInboxAsync();
        var destination = await client.OpenFolderAsync(below);

        var reply = await client.CallAsync([inbox, destination], new MoveFolderRequest(0, 1, EmsmdbClient.IdOf(folder), ""));

        Assert.Equal(0x8004060B, reply.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task Subfolders_of_one_name_collide_when_a_folder_is_copied_to_another()
    {
        var sent = Anna.FolderOf(FolderRole.SentItems);
        foreach (var parent in (long[])[Inbox, sent]) Anna.CreateFolder(parent, "2026", "IPF.Note");
        var (client, inbox) = await OpenInboxAsync();
        var destination = await client.OpenFolderAsync(sent);

        var reply = await client.CallAsync([inbox, destination], new CopyToRequest(0, 1, false, true, PropertyCopyFlags.Move, []));

        Assert.Equal(0x80040604, reply.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task Messages_are_copied_moved_and_deleted()
    {
        var (one, two) = (Save(Inbox, "1"), Save(Inbox, "2"));
        var sent = Anna.FolderOf(FolderRole.SentItems);
        var (client, inbox) = await OpenInboxAsync();
        var destination = await client.OpenFolderAsync(sent);

        await client.CallAsync([inbox, destination], new MoveCopyMessagesRequest(0, 1, [EmsmdbClient.IdOf(one)], WantCopy: true));
        await client.CallAsync([inbox, destination], new MoveCopyMessagesRequest(0, 1, [EmsmdbClient.IdOf(two)], WantCopy: false));
        await client.CallAsync([inbox], new DeleteMessagesRequest(RopId.HardDeleteMessages, 0, [EmsmdbClient.IdOf(one)]));
        var nowhere = await client.CallAsync([inbox], new MoveCopyMessagesRequest(0, 1, [EmsmdbClient.IdOf(two)], WantCopy: true));

        Assert.Empty(Anna.Messages(Inbox));
        Assert.Equal(["1", "2"], Anna.Messages(sent).Select(message => message.Subject).Order());
        Assert.Equal(new PartialResponse(RopId.MoveCopyMessages, 0, false, MapiErrorCode.NullDestinationObject) { DestinationHandleIndex = 1 }, nowhere.Responses[0]);
    }

    [Fact]
    public async Task A_search_folder_shows_what_matches_wherever_it_lies()
    {
        var deep = Anna.CreateFolder(Inbox, "Diep", "IPF.Note");
        Save(Inbox, "Offerte 1");
        Save(deep, "Offerte 2");
        Save(deep, "Factuur");
        var (client, inbox) = await OpenInboxAsync();
        var finder = await client.OpenFolderAsync(Anna.FolderOf(SpecialFolder.Finder));
        var made = await client.CallAsync([finder, RopBuffer.NoHandle], Create("Offertes") with { FolderType = FolderType.Search });
        var search = made.Handles[1];

        var early = await client.CallAsync([search], new GetSearchCriteriaRequest(0));
        await client.CallAsync([search], new SetSearchCriteriaRequest(0, Subject("Offerte"), [EmsmdbClient.IdOf(Inbox)], SearchRequestFlags.Recursive));
        var criteria = await client.CallAsync([search], new GetSearchCriteriaRequest(0));
        var before = await CountAsync(client, search);
        Save(deep, "Offerte 3");

        Assert.Equal(0x80040605, early.Responses[0].ReturnValue);
        Assert.Equal([EmsmdbClient.IdOf(Inbox)], Assert.IsType<GetSearchCriteriaResponse>(criteria.Responses[0]).FolderIds);
        Assert.Equal((2u, 3u), (before, await CountAsync(client, search)));
        Assert.Equal(0x461u, (await client.CallAsync([inbox], new GetSearchCriteriaRequest(0))).Responses[0].ReturnValue);
    }

    private static CreateFolderRequest Create(string name) => new(0, 1, FolderType.Generic, name, "");

    private static async Task<uint> CountAsync(EmsmdbClient client, uint folder)
    {
        var reply = await client.CallAsync([folder, RopBuffer.NoHandle], new GetContentsTableRequest(0, 1, TableFlags.None));
        return Assert.IsType<TableResponse>(reply.Responses[0]).RowCount;
    }

    private static ReadOnlyMemory<byte> Subject(string text)
    {
        var writer = new RopWriter();
        new Restriction.Content(FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, PropertyTags.Subject, new PropertyValue(PropertyTags.Subject, text)).Write(writer);
        return writer.Written;
    }

    private async Task<(EmsmdbClient Client, uint Inbox)> OpenInboxAsync()
    {
        var client = await fixture.LogOnAsync();
        return (client, await client.OpenFolderAsync(Inbox));
    }

    private long Save(long folder, string subject) =>
        Anna.SaveMessage(folder, new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.Subject, subject) }, isRead: false);
}
