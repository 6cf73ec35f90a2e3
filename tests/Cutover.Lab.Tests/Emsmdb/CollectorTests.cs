using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>Synchronisation uploads. Source: [MS-OXCFXICS] 3.2.5.9.4.</summary>
public sealed class CollectorTests : IDisposable
{
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private long Inbox => fixture.Anna.FolderOf(FolderRole.Inbox);

    [Fact]
    public async Task A_message_made_offline_comes_in_under_the_id_and_the_change_key_that_the_client_gave()
    {
        var (client, collector) = await OpenAsync(isContents: true);
        var id = await ReserveAsync(client);

        var imported = await client.CallAsync([collector, RopBuffer.NoHandle], Import(id));
        await client.CallAsync(
            [imported.Handles[1]],
            new SetPropertiesRequest(0, [new PropertyValue(PropertyTags.Subject, "Onderweg geschreven")]), new SaveChangesMessageRequest(0, 0, SaveFlags.KeepOpenReadWrite));

        var message = Assert.Single(fixture.Anna.Messages(Inbox));
        Assert.Equal((id, "Onderweg geschreven"), (message.Id, message.Subject));
        Assert.Equal(new byte[20], message.Imported!.ChangeKey);
        fixture.Anna.UpdateMessage(id, fixture.Anna.ReadMessage(id));
        Assert.Null(fixture.Anna.FindMessage(id)!.Imported);
    }

    [Fact]
    public async Task A_change_to_a_version_that_is_old_is_refused_when_the_client_wants_so()
    {
        var id = Save("1");
        var (client, collector) = await OpenAsync(isContents: true);

        var reply = await client.CallAsync([collector, RopBuffer.NoHandle], Import(id) with { Flags = ImportFlags.FailOnConflict });

        Assert.Equal(0x80040802, reply.Responses[0].ReturnValue);
    }

    /// <summary>[MS-OXCFXICS] 3.1.5.6.2.</summary>
    [Fact]
    public async Task A_changed_message_has_seen_what_both_versions_have()
    {
        var id = Save("1");
        var server = fixture.Anna.Xid(fixture.Anna.FindMessage(id)!.ChangeNumber);
        var (client, collector) = await OpenAsync(isContents: true);

        var imported = await client.CallAsync([collector, RopBuffer.NoHandle], Import(id));
        await client.CallAsync([imported.Handles[1]], new SaveChangesMessageRequest(0, 0, SaveFlags.KeepOpenReadWrite));

        byte[][] changes = [[20, .. new byte[20]], [22, .. server]];
        Assert.Equal(changes.SelectMany(change => change), fixture.Anna.FindMessage(id)!.Imported!.Predecessors);
    }

    [Theory]
    [InlineData(0, MapiErrorCode.Success)]
    [InlineData(1, 0x00040821u)]
    public async Task A_moved_message_that_the_client_changed_too_is_moved_with_a_warning(int later, uint expected)
    {
        var id = Save("1");
        var from = fixture.Anna.CreateFolder(Inbox, "Oud", "");
        var old = fixture.Anna.MoveMessage(id, from);
        var (client, collector) = await OpenAsync(isContents: true);
        var seen = fixture.Anna.Xid(fixture.Anna.FindMessage(old)!.ChangeNumber + later);
        var moved = await ReserveAsync(client);

        var reply = await client.CallAsync(
            [collector],
            new ImportMessageMoveRequest(0, fixture.Anna.Xid(from), fixture.Anna.Xid(old), (byte[])[22, .. seen], fixture.Anna.Xid(moved), seen));

        Assert.Equal((expected, Inbox), (reply.Responses[0].ReturnValue, fixture.Anna.FindMessage(moved)!.Folder));
    }

    [Fact]
    public async Task Deletions_and_read_states_are_taken()
    {
        var (gone, read) = (Save("1"), Save("2"));
        var (client, collector) = await OpenAsync(isContents: true);

        await client.CallAsync(
            [collector],
            new ImportDeletesRequest(0, ImportDeleteFlags.None, [new PropertyValue(new PropertyTag(0, PropertyType.MultipleBinary), new[] { fixture.Anna.Xid(gone) })]),
            new ImportReadStateChangesRequest(0, [new MessageReadState(fixture.Anna.Xid(read), MarkAsRead: true)]));

        Assert.Equal((read, true), (Assert.Single(fixture.Anna.Messages(Inbox)).Id, fixture.Anna.FindMessage(read)!.IsRead));
    }

    [Fact]
    public async Task A_folder_is_made_below_the_collector_and_renamed_when_it_comes_again()
    {
        var (client, collector) = await OpenAsync(isContents: false);
        var id = await ReserveAsync(client);

        await client.CallAsync([collector], Folder(id, "Nieuw"));
        var again = await client.CallAsync([collector], Folder(id, "Nieuwer"));

        Assert.Equal(0u, again.Responses[0].ReturnValue);
        Assert.Equal(("Nieuwer", Inbox), (fixture.Anna.FindFolder(id)!.Name, fixture.Anna.FindFolder(id)!.Parent));
    }

    private ImportMessageChangeRequest Import(long id) => new(0, 1, ImportFlags.None,
    [
        new PropertyValue(PropertyTags.SourceKey, fixture.Anna.Xid(id)),
        new PropertyValue(PropertyTags.LastModificationTime, new DateTime(2026, 11, 1, 9, 0, 0, DateTimeKind.Utc)),
        new PropertyValue(PropertyTags.ChangeKey, new byte[20]),
        new PropertyValue(PropertyTags.PredecessorChangeList, Array.Empty<byte>()),
    ]);

    private ImportHierarchyChangeRequest Folder(long id, string name) => new(
        0,
        [
            new PropertyValue(PropertyTags.ParentSourceKey, Array.Empty<byte>()),
            new PropertyValue(PropertyTags.SourceKey, fixture.Anna.Xid(id)),
            new PropertyValue(PropertyTags.DisplayName, name),
        ],
        []);

    private long Save(string subject) =>
        fixture.Anna.SaveMessage(Inbox, new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.Subject, subject) }, isRead: false);

    private static async Task<long> ReserveAsync(EmsmdbClient client)
    {
        var reply = await client.CallAsync([client.Logon], new GetLocalReplicaIdsRequest(0, 10));
        return (long)Assert.IsType<GetLocalReplicaIdsResponse>(reply.Responses[0]).FirstCounter;
    }

    private async Task<(EmsmdbClient Client, uint Collector)> OpenAsync(bool isContents)
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(Inbox);
        var reply = await client.CallAsync([inbox, RopBuffer.NoHandle], new OpenCollectorRequest(0, 1, isContents));
        return (client, reply.Handles[1]);
    }
}
