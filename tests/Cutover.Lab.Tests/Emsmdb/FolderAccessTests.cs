using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>Who logs on to another's mailbox may do what the folders' permissions say. Source: [MS-OXCSTOR] 3.2.5.1.1, [MS-OXCPERM] 2.2.7.</summary>
public sealed class FolderAccessTests : IDisposable
{
    private const MemberRights Reader = MemberRights.FolderVisible | MemberRights.ReadAny;
    private readonly EmsmdbFixture fixture = new();
    private readonly long inbox;
    private readonly long folder;
    private readonly long message;

    public FolderAccessTests()
    {
        inbox = Anna.FolderOf(FolderRole.Inbox);
        folder = Anna.CreateFolder(inbox, "Projecten", "IPF.Note");
        message = Anna.SaveMessage(folder, new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.Subject, "Offerte") }, isRead: false);
        Grant(inbox, Reader);
    }

    private MailboxStore Anna => fixture.Anna;

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData(6, OpenFlags.None, MapiErrorCode.AccessDenied)]
    [InlineData(8, OpenFlags.UseAdminPrivilege, MapiErrorCode.AccessDenied)]
    [InlineData(14, OpenFlags.None, MapiErrorCode.LoginPerm)]
    [InlineData(15, OpenFlags.None, MapiErrorCode.Success)]
    [InlineData(15, OpenFlags.UseAdminPrivilege, MapiErrorCode.Success)]
    public async Task A_stranger_is_refused_before_Exchange_2013_and_let_in_as_no_owner_since(int major, OpenFlags flags, uint expected)
    {
        using var server = new EmsmdbFixture(new EmsmdbOptions { ServerVersion = new MapiVersion((ushort)major, 0, 0, 0) });
        var client = await server.ConnectAsync(StoreFixture.Account("boris"));

        var reply = await client.CallAsync([RopBuffer.NoHandle], new LogonRequest(0, LogonFlags.Private, flags, StoreFixture.AnnaDN));

        var response = Assert.Single(reply.Responses);
        Assert.Equal(expected, response.ReturnValue);
        if (response is LogonResponse logon) Assert.False(logon.ResponseFlags.HasFlag(LogonResponseFlags.OwnerRight));
    }

    [Fact]
    public async Task A_delegate_sees_the_folders_that_are_visible_and_reads_where_reading_is_granted()
    {
        var client = await fixture.LogOnAsync(StoreFixture.Account("boris"));
        var opened = await client.OpenFolderAsync(inbox);
        Assert.Equal(0u, await RowsAsync(client, opened));
        Assert.Equal(MapiErrorCode.AccessDenied, await ResultAsync(client, client.Logon, new OpenFolderRequest(0, 1, EmsmdbClient.IdOf(folder))));

        Grant(folder, MemberRights.FolderVisible);
        Assert.Equal(1u, await RowsAsync(client, opened));
        var visible = await client.OpenFolderAsync(folder);
        RopRequest[] reading =
        [
            new GetContentsTableRequest(0, 1, TableFlags.UseUnicode), Open(OpenModeFlags.ReadOnly),
            new FastTransferSourceCopyFolderRequest(0, 1, default, default),
        ];
        foreach (var read in reading) Assert.Equal(MapiErrorCode.AccessDenied, await ResultAsync(client, visible, read));

        Grant(folder, Reader);
        foreach (var read in reading) Assert.Equal(MapiErrorCode.Success, await ResultAsync(client, visible, read));
    }

    [Fact]
    public async Task A_delegate_changes_what_the_folder_s_rights_cover_and_is_told_of_the_rest()
    {
        Grant(folder, Reader);
        var client = await fixture.LogOnAsync(StoreFixture.Account("boris"));
        var opened = await client.OpenFolderAsync(folder);
        var parent = await client.OpenFolderAsync(inbox);
        RopRequest[] refused =
        [
            new CreateMessageRequest(0, 1, EmsmdbClient.IdOf(folder)), Open(OpenModeFlags.ReadWrite),
            new CreateFolderRequest(0, 1, FolderType.Generic, "Nieuw", ""),
        ];
        foreach (var change in refused) Assert.Equal(MapiErrorCode.AccessDenied, await ResultAsync(client, opened, change));
        Assert.Equal(MapiErrorCode.Success, await ResultAsync(client, opened, Open(OpenModeFlags.BestAccess)));

        Assert.True(await IsPartialAsync(client, [parent], new DeleteFolderRequest(0, DeleteFolderFlags.DeleteMessages, EmsmdbClient.IdOf(folder))));
        Assert.True(await IsPartialAsync(client, [opened], new DeleteMessagesRequest(RopId.DeleteMessages, 0, [EmsmdbClient.IdOf(message)])));
        Assert.True(await IsPartialAsync(client, [opened], new EmptyFolderRequest(RopId.EmptyFolder, 0, WantDeleteAssociated: false)));
        Assert.NotNull(Anna.FindMessage(message));

        Grant(folder, Reader | MemberRights.DeleteAny);
        Assert.False(await IsPartialAsync(client, [opened], new DeleteMessagesRequest(RopId.DeleteMessages, 0, [EmsmdbClient.IdOf(message)])));
        Assert.Null(Anna.FindMessage(message));
        Grant(folder, MemberRights.FolderOwner | MemberRights.FolderVisible);
        Assert.False(await IsPartialAsync(client, [parent], new DeleteFolderRequest(0, DeleteFolderFlags.DeleteMessages, EmsmdbClient.IdOf(folder))));
    }

    private void Grant(long where, MemberRights rights) =>
        Anna.SetPermission(where, AddressEntryId.AddressBook(StoreFixture.Account("boris").LegacyExchangeDN), "Boris", rights);

    private OpenMessageRequest Open(OpenModeFlags mode) =>
        new(0, 1, EmsmdbClient.IdOf(folder), EmsmdbClient.IdOf(message), mode);

    private static async Task<uint> ResultAsync(EmsmdbClient client, uint handle, RopRequest request) =>
        (await client.CallAsync([handle, RopBuffer.NoHandle], request)).Responses[0].ReturnValue;

    private static async Task<uint> RowsAsync(EmsmdbClient client, uint handle)
    {
        var reply = await client.CallAsync([handle, RopBuffer.NoHandle], new GetHierarchyTableRequest(0, 1, TableFlags.UseUnicode));
        return Assert.IsType<TableResponse>(reply.Responses[0]).RowCount;
    }

    private static async Task<bool> IsPartialAsync(EmsmdbClient client, uint[] handles, RopRequest request) =>
        Assert.IsType<PartialResponse>((await client.CallAsync(handles, request)).Responses[0]).PartialCompletion;
}
