using Cutover.Core.Mailboxes;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class NotificationTests : IDisposable
{
    private const NotificationTypes All =
        NotificationTypes.NewMail | NotificationTypes.ObjectCreated | NotificationTypes.ObjectModified | NotificationTypes.ObjectDeleted;

    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task What_happens_to_messages_is_told_once_with_the_next_answer()
    {
        var inbox = fixture.Anna.FolderOf(FolderRole.Inbox);
        var old = fixture.Anna.SaveMessage(inbox, StoreFixture.Message("oud"), isRead: true);
        var client = await fixture.LogOnAsync();
        await client.CallAsync([client.Logon, RopBuffer.NoHandle], new RegisterNotificationRequest(0, 1, All, null));

        fixture.Anna.SetReadState(old, isRead: false);
        var id = fixture.Anna.SaveMessage(inbox, StoreFixture.Message("nieuw"), isRead: false);
        var first = await NotificationsAsync(client);
        fixture.Anna.DeleteMessage(old);
        var second = await NotificationsAsync(client);

        Assert.Equal(
            [
                (NotificationTypes.ObjectModified | NotificationTypes.Message, EmsmdbClient.IdOf(old)),
                (NotificationTypes.ObjectCreated | NotificationTypes.Message, EmsmdbClient.IdOf(id)),
                (NotificationTypes.NewMail | NotificationTypes.Message, EmsmdbClient.IdOf(id)),
            ],
            first.Select(notify => (notify.Types, notify.Object.Message!.Value)));
        Assert.Equal("IPM.Note", first[2].MessageClass);
        Assert.Equal((NotificationTypes.ObjectDeleted | NotificationTypes.Message, EmsmdbClient.IdOf(old)), (second[0].Types, second[0].Object.Message!.Value));
        Assert.Single(second);
        Assert.Empty(await NotificationsAsync(client));
    }

    [Fact]
    public async Task A_registration_for_one_folder_hears_of_that_folder_until_it_is_released()
    {
        var drafts = fixture.Anna.FolderOf(FolderRole.Drafts);
        var client = await fixture.LogOnAsync();
        var scope = (EmsmdbClient.IdOf(drafts), default(ObjectId));
        var registered = await client.CallAsync([client.Logon, RopBuffer.NoHandle], new RegisterNotificationRequest(0, 1, All, scope));

        fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("elders"), isRead: true);
        fixture.Anna.SaveMessage(drafts, StoreFixture.Message("hier"), isRead: true);
        Assert.Equal(EmsmdbClient.IdOf(drafts), Assert.Single(await NotificationsAsync(client)).Object.Folder);
        await client.CallAsync([registered.Handles[1]], new ReleaseRequest(0));
        fixture.Anna.SaveMessage(drafts, StoreFixture.Message("weer"), isRead: true);
        Assert.Empty(await NotificationsAsync(client));
    }

    private static async Task<List<NotifyResponse>> NotificationsAsync(EmsmdbClient client)
    {
        var response = await client.CallRawAsync(RopBuffer.Of(Array.Empty<RopRequest>(), []).Serialize(), EmsmdbClient.Plain, 0x8000);
        var reader = new RopReader(RopBuffer.Parse(Assert.Single(ExtendedBuffer.Read(response.Output))).Rops);
        var notifications = new List<NotifyResponse>();
        while (!reader.AtEnd) notifications.Add(Assert.IsType<NotifyResponse>(new GetStoreStateRequest(0).ReadResponse(reader)));
        return notifications;
    }
}
