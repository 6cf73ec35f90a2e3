using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>The same reading of servers that behave like each version of Exchange.</summary>
public sealed class ServerVersionTests
{
    public static TheoryData<string> Versions => ["2003", "2007", "2010", "2013", "2016", "2019"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_mailbox_is_read_whole_and_then_by_increments(string exchange)
    {
        using var lab = new SourceLab(VersionOf(exchange));
        var messages = lab.FillInbox(200);
        var longBody = lab.Anna.SaveMessage(lab.Inbox, LongBody(), isRead: false);
        await using var source = await lab.OpenAsync();
        Assert.Contains(await source.GetFoldersAsync(default).ToListAsync(), folder => folder.Role == FolderRole.Inbox);
        var first = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal(messages.Append(longBody).Select(lab.KeyOf), first.Items.Select(item => item.Info.Key));
        Assert.Equal(DigestOf(lab, longBody), first.Items[^1].Digest);
        lab.Anna.DeleteMessage(messages[0]);
        lab.Anna.SetReadState(messages[1], isRead: false);
        var second = await SourceRun.ReadAsync(source, lab.InboxKey, first.State);
        Assert.Empty(second.Items);
        Assert.True(Assert.Single(second.Others.OfType<Deleted>()).Items.Contains(lab.KeyOf(messages[0])));
        Assert.True(Assert.Single(second.Others.OfType<ReadStateChanged>()).Items.Contains(lab.KeyOf(messages[1])));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Another_s_mailbox_opens_with_the_rights_of_an_owner(string exchange)
    {
        using var lab = new SourceLab(VersionOf(exchange));
        var account = new LabAccount("helper", "helper@contoso.com", "", lab.Helper.LegacyExchangeDN, HasFullAccessToAll: false);
        lab.Anna.GrantFullAccess(account.LegacyExchangeDN);
        await using var logon = await OpenAsync(lab, account, account.LegacyExchangeDN);
        Assert.True(logon.Response.ResponseFlags.HasFlag(LogonResponseFlags.OwnerRight));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Who_has_no_right_is_told_what_to_grant(string exchange)
    {
        using var lab = new SourceLab(VersionOf(exchange));
        var account = new LabAccount("helper", "helper@contoso.com", "", lab.Helper.LegacyExchangeDN, HasFullAccessToAll: false);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => lab.OpenAsync(account));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("no right to open", fault.Message);
    }

    [Theory]
    [InlineData("2003", true)]
    [InlineData("2007", true)]
    [InlineData("2010", false)]
    [InlineData("2013", false)]
    public async Task An_account_without_a_mailbox_connects_by_the_mailbox_s_name_where_the_server_allows(string exchange, bool allows)
    {
        using var lab = new SourceLab(VersionOf(exchange));
        var account = new LabAccount("service", "service@contoso.com", "", "/o=Contoso/cn=nobody", HasFullAccessToAll: true);
        Task<MailboxLogon> Open() => OpenAsync(lab, account, SourceLab.AnnaMailbox.LegacyExchangeDN);
        if (allows) await (await Open()).DisposeAsync();
        else await Assert.ThrowsAnyAsync<MapiException>(Open);
    }

    [Theory]
    [InlineData("2003", true)]
    [InlineData("2007", true)]
    [InlineData("2010", false)]
    [InlineData("2019", false)]
    public async Task The_state_that_we_work_out_in_mid_download_is_the_one_that_a_server_gives_which_can(string exchange, bool gives)
    {
        using var lab = new SourceLab(VersionOf(exchange)) { MaximumOutput = EmsmdbInterface.MaximumOutput };
        lab.FillInbox(150);
        await using var logon = await OpenAsync(lab, SourceLab.Administrator, SourceLab.Administrator.LegacyExchangeDN);
        var (computed, fromServer) = await MidDownload.StatesAsync(logon, lab);
        Assert.NotEmpty(computed.Given.Ranges);
        if (gives) Assert.Equal((computed.Given, computed.Seen), (fromServer.Given, fromServer.Seen));
        else Assert.Empty(fromServer.Given.Ranges);
    }

    [Fact]
    public async Task A_mailbox_on_another_server_names_it()
    {
        using var lab = new SourceLab();
        const string server = "/o=Contoso/ou=Exchange Administrative Group/cn=Configuration/cn=Servers/cn=EX02";
        var options = new EmsmdbOptions
        {
            MailboxesElsewhere = new Dictionary<string, string> { [SourceLab.AnnaMailbox.LegacyExchangeDN] = server },
        };
        var rpc = new InProcessRpcClient(new EmsmdbServer(lab.Store, options), SourceLab.Administrator);
        var session = await MapiSession.ConnectAsync(rpc, new MapiSessionOptions(SourceLab.Administrator.LegacyExchangeDN), default);
        var redirect = await Assert.ThrowsAsync<WrongServerException>(() =>
            MailboxLogon.OpenAsync(session, SourceLab.AnnaMailbox.LegacyExchangeDN, default));
        Assert.Equal("EX02", redirect.ServerName);
    }

    [Theory]
    [InlineData("2003", 0x40000)]
    [InlineData("2010", 0x40000)]
    [InlineData("2013", 0x100000)]
    public async Task A_call_asks_for_as_much_as_the_server_says_it_can_answer(string exchange, int most)
    {
        using var lab = new SourceLab(VersionOf(exchange));
        var session = await MapiSession.ConnectAsync(
            new InProcessRpcClient(lab.Server, SourceLab.Administrator), new MapiSessionOptions(SourceLab.Administrator.LegacyExchangeDN), default);
        Assert.Equal((uint)most, session.MaximumOutput);
    }

    private static MapiVersion VersionOf(string exchange) => exchange switch
    {
        "2003" => ServerBehaviour.Exchange2003,
        "2007" => ServerBehaviour.Exchange2007,
        "2010" => ServerBehaviour.Exchange2010,
        "2013" => ServerBehaviour.Exchange2013,
        "2016" => ServerBehaviour.Exchange2016,
        _ => ServerBehaviour.Exchange2019,
    };

    private static async Task<MailboxLogon> OpenAsync(SourceLab lab, LabAccount account, string userDN)
    {
        var options = new MapiSessionOptions(userDN) { MaximumOutput = lab.MaximumOutput };
        var session = await MapiSession.ConnectAsync(new InProcessRpcClient(lab.Server, account), options, default);
        return await MailboxLogon.OpenAsync(session, SourceLab.AnnaMailbox.LegacyExchangeDN, default);
    }

    /// <summary>A body beyond the 32 KiB from which on Exchange 2003 and 2007 leave the NUL away.</summary>
    private static MapiMessage LongBody()
    {
        var message = SourceLab.Message("Long");
        message.Properties.Set(PropertyTags.Body, string.Concat(Enumerable.Repeat("Zoals besproken, nogmaals. ", 4000)));
        return message;
    }

    private static ContentDigest DigestOf(SourceLab lab, long message)
    {
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, lab.Anna.ReadMessage(message));
        return digest.Complete();
    }
}
