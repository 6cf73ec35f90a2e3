using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Faults;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class SessionTests : IDisposable
{
    private const uint BadStubData = 0x6F7;
    private readonly EmsmdbFixture fixture = new(new EmsmdbOptions { MaximumSessionsPerAccount = 2 });

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Connecting_gives_a_context_and_the_version()
    {
        var response = await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount);

        Assert.Equal((0u, "Anna de Vries", "15.0.1497.2"), (response.Result, response.DisplayName, response.ServerVersion.ToString()));
        Assert.False(response.Context.IsNull);
    }

    [Theory]
    [InlineData("/o=Contoso/cn=nobody", 0u, MapiErrorCode.UnknownUser)]
    [InlineData(StoreFixture.AnnaDN, 0u, MapiErrorCode.AccessDenied)]
    public async Task Only_the_account_s_own_name_connects(string userDN, uint flags, uint expected)
    {
        var response = await fixture.ConnectRawAsync(StoreFixture.Account("boris"), userDN, flags);

        Assert.Equal(expected, response.Result);
        Assert.True(response.Context.IsNull);
    }

    [Fact]
    public async Task Administrator_behaviour_is_for_administrators()
    {
        Assert.Equal(MapiErrorCode.LoginPerm, (await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount, flags: 1)).Result);
        Assert.Equal(0u, (await fixture.ConnectRawAsync(EmsmdbFixture.Administrator, flags: 1)).Result);
    }

    [Fact]
    public async Task An_account_has_so_many_sessions_and_no_more()
    {
        var first = await fixture.ConnectAsync(EmsmdbFixture.AnnaAccount);
        await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount);
        Assert.Equal(MapiErrorCode.MaxConnectionsExceeded, (await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount)).Result);
        Assert.Equal(0u, (await fixture.ConnectRawAsync(EmsmdbFixture.Administrator)).Result);

        var disconnect = new EcDoDisconnectRequest(first.Context).Write();
        await fixture.Server.CallAsync(EmsmdbFixture.AnnaAccount, EmsmdbInterface.EcDoDisconnect, disconnect, default);

        Assert.Equal(0u, (await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount)).Result);
    }

    [Fact]
    public async Task A_lost_session_and_another_account_s_are_a_context_mismatch()
    {
        var client = await fixture.LogOnAsync();
        var stolen = new EmsmdbClient(fixture.Server, EmsmdbFixture.AnnaAccount, new EcDoConnectExResponse(client.Context, 0));
        var theft = await Assert.ThrowsAsync<RpcFaultException>(() => stolen.OpenFolderAsync(1));
        fixture.Server.DropSessions();

        var fault = await Assert.ThrowsAsync<RpcFaultException>(() => client.OpenFolderAsync(1));

        Assert.Equal((MapiErrorCode.RpcContextMismatch, MapiErrorCode.RpcContextMismatch), (theft.Status, fault.Status));
    }

    [Fact]
    public async Task Sessions_end_with_the_connection_they_were_opened_on()
    {
        var request = new EcDoConnectExRequest(EmsmdbFixture.AnnaAccount.LegacyExchangeDN, new MapiVersion(15, 0, 4551, 1000)).Write();
        var connection = fixture.Server.ForConnection();
        await connection.CallAsync(EmsmdbFixture.AnnaAccount, EmsmdbInterface.EcDoConnectEx, request, default);
        await fixture.ConnectRawAsync(EmsmdbFixture.AnnaAccount);
        Assert.Equal(2, fixture.Server.Sessions);

        ((IDisposable)connection).Dispose();

        Assert.Equal(1, fixture.Server.Sessions);
    }

    [Fact]
    public async Task A_request_beyond_the_limits_is_bad_stub_data()
    {
        var client = await fixture.LogOnAsync();

        var tooMuchOutput = await Assert.ThrowsAsync<RpcFaultException>(() => client.CallRawAsync([2, 0], EmsmdbClient.Plain, 0x100001));
        var broken = await Assert.ThrowsAsync<RpcFaultException>(
            () => fixture.Server.CallAsync(EmsmdbFixture.Administrator, EmsmdbInterface.EcDoRpcExt2, new byte[7], default));

        Assert.Equal((BadStubData, BadStubData), (tooMuchOutput.Status, broken.Status));
    }

    [Theory]
    [InlineData(new byte[] { 5, 0, 0xEE, 0, 0 })]
    [InlineData(new byte[] { 3, 0, 0xFE })]
    [InlineData(new byte[] { 200, 0 })]
    [InlineData(new byte[] { })]
    public async Task Rops_that_cannot_be_parsed_fail_the_call(byte[] payload)
    {
        var client = await fixture.LogOnAsync();

        Assert.Equal(MapiErrorCode.RpcFormat, (await client.CallRawAsync(payload, EmsmdbClient.Plain, 0x8000)).Result);
    }

    [Theory]
    [InlineData("anna", false, OpenFlags.None, 0u)]
    [InlineData("migration", true, OpenFlags.None, 0u)]
    [InlineData("migration", true, (OpenFlags)0x10, 0x80004005u)]
    public async Task Who_may_open_the_mailbox_may(string account, bool hasFullAccessToAll, OpenFlags flags, uint expected)
    {
        var client = await fixture.ConnectAsync(StoreFixture.Account(account, hasFullAccessToAll));

        var reply = await client.CallAsync([RopBuffer.NoHandle], new LogonRequest(0, LogonFlags.Private, flags, StoreFixture.AnnaDN));

        Assert.Equal(expected, Assert.Single(reply.Responses).ReturnValue);
    }

    [Fact]
    public async Task A_logon_tells_the_thirteen_folders_and_the_replica()
    {
        var client = await fixture.LogOnAsync(EmsmdbFixture.AnnaAccount);

        var response = client.LogonResponse!;

        Assert.Equal((fixture.Anna.MailboxGuid, fixture.Anna.ReplicaGuid, (ushort)1), (response.MailboxGuid, response.ReplGuid, response.ReplId));
        Assert.Equal(EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox)), response.Folder(LogonFolder.Inbox));
        Assert.Equal(EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Root)), response.Folder(LogonFolder.IpmSubtree));
        Assert.Equal(13, response.FolderIds.Distinct().Count());
    }

    [Fact]
    public async Task A_second_mailbox_in_a_session_needs_its_own_replica_ids()
    {
        fixture.Store.CreateMailbox("/o=Contoso/cn=carla", "Carla", "en-US");
        var client = await fixture.LogOnAsync();

        var without = await client.CallAsync([RopBuffer.NoHandle], new LogonRequest(0, LogonFlags.Private, 0, "/o=Contoso/cn=carla"));
        var with = await client.CallAsync(
            [RopBuffer.NoHandle], new LogonRequest(0, LogonFlags.Private, OpenFlags.UsePerMdbReplIdMapping, "/o=Contoso/cn=carla"));

        Assert.Equal(MapiErrorCode.InvalidParameter, without.Responses[0].ReturnValue);
        Assert.Equal(0u, with.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task Handles_tell_never_given_from_released()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));

        var reply = await client.CallAsync(
            [inbox, 999, client.Logon, RopBuffer.NoHandle],
            new ReleaseRequest(0), new GetHierarchyTableRequest(1, 3, TableFlags.None), new GetHierarchyTableRequest(2, 3, TableFlags.None),
            new GetHierarchyTableRequest(9, 3, TableFlags.None));
        var released = await client.CallAsync([inbox, RopBuffer.NoHandle], new GetHierarchyTableRequest(0, 1, TableFlags.None));

        Assert.Equal(
            [MapiErrorCode.NullObject, MapiErrorCode.NotSupported, MapiErrorCode.NullObject],
            reply.Responses.Select(response => response.ReturnValue));
        Assert.Equal(MapiErrorCode.NullObject, released.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task An_object_has_no_place_beyond_the_handle_table()
    {
        var client = await fixture.LogOnAsync();
        var open = new OpenFolderRequest(0, 2, EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox)));

        Assert.Equal(MapiErrorCode.RpcFormat, (await client.CallAsync([client.Logon, RopBuffer.NoHandle], open)).Result);
    }

    [Fact]
    public async Task A_failed_open_answers_at_its_output_index()
    {
        var client = await fixture.LogOnAsync();

        var reply = await client.CallAsync([client.Logon, RopBuffer.NoHandle], new OpenFolderRequest(0, 1, EmsmdbClient.IdOf(1)));

        Assert.Equal(new RopFailure(RopId.OpenFolder, 1, MapiErrorCode.NotFound), reply.Responses[0]);
    }

    [Fact]
    public async Task What_does_not_fit_is_echoed_to_be_sent_again()
    {
        var client = await fixture.LogOnAsync();
        var names = Enumerable.Repeat<RopRequest>(new LongTermIdFromIdRequest(0, EmsmdbClient.IdOf(5)), 20).ToArray();

        var reply = await client.CallAsync([client.Logon], names, EmsmdbClient.Plain, 400);

        var tooSmall = Assert.IsType<BufferTooSmallResponse>(reply.Responses[^1]);
        var unprocessed = new RopBuffer(tooSmall.RequestBuffers, []).ReadRequests().Count;
        Assert.Equal((20, true), (reply.Responses.Count - 1 + unprocessed, unprocessed > 0));
    }

    [Fact]
    public async Task A_busy_server_says_so_in_both_ways()
    {
        fixture.Options.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "RopOpenFolder", Every: 2, Delay: TimeSpan.FromMilliseconds(250)));
        fixture.Options.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "EcDoRpcExt2", Every: 3));
        var client = await fixture.LogOnAsync();
        var open = new OpenFolderRequest(0, 1, EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox)));

        var backedOff = await client.CallAsync([client.Logon, RopBuffer.NoHandle], open, open, open);
        var busy = await client.CallAsync([client.Logon, RopBuffer.NoHandle], open);
        var again = await client.CallAsync([client.Logon, RopBuffer.NoHandle], open);

        Assert.Equal([RopId.OpenFolder, RopId.Backoff], backedOff.Responses.Select(response => response.Id));
        Assert.Equal(250u, Assert.IsType<BackoffResponse>(backedOff.Responses[1]).Duration);
        Assert.Equal((MapiErrorCode.ServerBusy, 0u), (busy.Result, again.Result));
    }
}
