using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>What Contoso's people set up in their mailboxes, read over the wire.</summary>
public sealed class MailboxSettingsTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-settings-").FullName;
    private ExchangeStore store = null!;
    private ContosoOrganisation organisation = null!;
    private MailboxStore mailbox = null!;
    private MailboxLogon logon = null!;

    private Recipient Owner => organisation.Mailboxes.First(one => one is { Type: RecipientType.UserMailbox, Delegates.Count: > 0 });

    public async ValueTask InitializeAsync()
    {
        var options = new LabOptions { WorkDirectory = directory, Mailboxes = 5, ItemsPerMailbox = 5 };
        store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"));
        organisation = ContosoGenerator.Create(options);
        ContosoMail.Fill(store, organisation, options);
        mailbox = store.FindMailbox(Owner.LegacyExchangeDN)!;
        var administrator = organisation.Administrator;
        var rpc = new InProcessRpcClient(new EmsmdbServer(store, new EmsmdbOptions()), administrator);
        var session = await MapiSession.ConnectAsync(rpc, new MapiSessionOptions(administrator.LegacyExchangeDN), default);
        logon = await MailboxLogon.OpenAsync(session, Owner.LegacyExchangeDN, default);
    }

    public async ValueTask DisposeAsync()
    {
        await logon.DisposeAsync();
        store.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Permissions_name_the_member_and_the_rights()
    {
        var calendar = mailbox.FolderOf(FolderRole.Calendar);
        var permissions = await logon.GetPermissionsAsync(ObjectId.Of(MailboxStore.ReplicaId, (ulong)calendar), default);
        Assert.Equal(
            mailbox.Permissions(calendar).Select(one => (one.Member, one.Name, one.Rights)),
            permissions.Select(one => (one.MemberId, one.Name, one.Rights)));
        Assert.Contains(permissions, one => Owner.Delegates.Contains(one.LegacyExchangeDN) && one.Rights.HasFlag(MemberRights.EditAny));
        Assert.All(permissions.Where(one => one.MemberId <= Mapi.Emsmdb.FolderPermission.Default), one => Assert.Null(one.LegacyExchangeDN));
    }

    [Fact]
    public async Task Rules_come_with_their_conditions_and_actions()
    {
        var rule = Assert.Single(await logon.GetRulesAsync(logon.Response.Folder(LogonFolder.Inbox), default));
        Assert.Equal(("Nieuwsbrieven", "RuleOrganizer", 10, RuleState.Enabled), (rule.Name, rule.Provider, rule.Sequence, rule.State));
        Assert.IsType<Restriction.Content>(rule.Condition);
        Assert.Equal([typeof(RuleAction.Move), typeof(RuleAction.MarkAsRead)], rule.Actions!.Actions.Select(action => action.GetType()));
        Assert.Empty(await logon.GetExtendedRulesAsync(logon.Response.Folder(LogonFolder.Inbox), default));
    }

    [Fact]
    public async Task Delegates_come_from_the_delegate_information_message()
    {
        var delegates = await logon.GetDelegatesAsync(default);
        Assert.Equal(Owner.Delegates.Order(), delegates.Delegates.Select(one => one.LegacyExchangeDN!).Order());
        Assert.True(delegates.DelegatorGetsCopies);
        Assert.True(delegates.DelegatesGetMeetingMessages);
    }

    [Fact]
    public async Task The_automatic_reply_comes_with_both_its_texts()
    {
        var outOfOffice = await logon.GetOutOfOfficeAsync(default);
        Assert.Equal(mailbox.StoreProperties[Mapi.Properties.PropertyTags.OutOfOfficeState] is true, outOfOffice.IsOn);
        Assert.Equal($"{Owner.DisplayName} is er tot maandag niet.", outOfOffice.InternalReply!.Text);
        Assert.Equal($"{Owner.DisplayName} is out of office.", outOfOffice.ExternalReply!.Text);
    }

    [Fact]
    public async Task All_of_it_comes_in_the_words_that_every_target_knows()
    {
        var folders = (await new FolderListing(logon).ReadAsync(SourceScope.IpmSubtree, default)).Select(listed => listed.Folder).ToList();
        var calendar = folders.Single(folder => folder.Role == FolderRole.Calendar);

        var settings = await new SettingsReader(logon, new Names(organisation), Owner.PrimarySmtpAddress).ReadAsync(folders, default);

        var rule = Assert.Single(settings.Rules);
        Assert.Equal(("Nieuwsbrieven", true, true), (rule.Name, rule.IsEnabled, rule.Actions.MarkAsRead));
        Assert.Equal(["nieuwsbrief"], rule.Conditions.SubjectContains);
        Assert.Contains(folders, folder => folder.Key == rule.Actions.MoveTo);
        Assert.StartsWith("<p>", settings.Replies.Internal);
        Assert.Equal(organisation.Recipients.Where(one => Owner.Delegates.Contains(one.LegacyExchangeDN)).Select(one => one.PrimarySmtpAddress).Order(),
            settings.Delegates.Select(one => one.Address).Order());
        Assert.All(settings.FolderRights, right => Assert.Equal(calendar.Key, right.Folder));
        Assert.Equal(mailbox.Permissions(mailbox.FolderOf(FolderRole.Calendar)).Count(one => one.Member > 0), settings.FolderRights.Count(right => right.Member.Contains('@')));
        Assert.Equal([new MailboxCategory("Klant", 7), new MailboxCategory("Zonder kleur", null)], settings.Categories);
        Assert.Equal(("nl-NL", "W. Europe Standard Time"), (settings.Region.Language, settings.Region.TimeZone));
        Assert.Equal((new TimeOnly(8, 30), new TimeOnly(17, 0)), (settings.Region.WorkWeek!.Start, settings.Region.WorkWeek.End));
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday], settings.Region.WorkWeek.Days);
        Assert.Empty(settings.NotCarried);
    }

    [Fact]
    public async Task Settings_that_can_not_be_read_are_told_and_cost_nothing_else()
    {
        var calendar = mailbox.FolderOf(FolderRole.Calendar);
        foreach (var itemClass in new[] { "IPM.Configuration.CategoryList", "IPM.Configuration.WorkHours" })
        {
            var message = new Mapi.Messages.MapiMessage();
            message.Properties.Set(Mapi.Properties.PropertyTags.MessageClass, itemClass).Set(Mapi.Properties.PropertyTags.RoamingXmlStream, "<broken"u8.ToArray());
            mailbox.SaveMessage(calendar, message, isRead: true, isAssociated: true);
        }
        mailbox.EditStoreProperties(properties => properties.Set(Mapi.Properties.PropertyTags.LocaleId, 0x7C04));
        var folders = (await new FolderListing(logon).ReadAsync(SourceScope.IpmSubtree, default)).Select(listed => listed.Folder).ToList();

        var settings = await new SettingsReader(logon, new Names(organisation), Owner.PrimarySmtpAddress).ReadAsync(folders, default);

        Assert.Equal(3, settings.NotCarried.Count);
        Assert.Equal(RegionalSettings.Unknown, settings.Region);
        Assert.Empty(settings.Categories);
        Assert.Single(settings.Rules);
    }

    [Fact]
    public async Task Whom_the_address_book_does_not_know_any_more_is_told()
    {
        var folders = (await new FolderListing(logon).ReadAsync(SourceScope.IpmSubtree, default)).Select(listed => listed.Folder).ToList();

        var settings = await new SettingsReader(logon, names: null, Owner.PrimarySmtpAddress).ReadAsync(folders, default);

        Assert.Empty(settings.Delegates);
        Assert.NotEmpty(settings.NotCarried);
        Assert.All(settings.NotCarried, finding => Assert.Equal("S36", finding.Requirement));
    }

    private sealed class Names(ContosoOrganisation organisation) : IAddressNames
    {
        public string? SmtpAddressOf(string legacyExchangeDN) =>
            organisation.Recipients.FirstOrDefault(one => one.LegacyExchangeDN.Equals(legacyExchangeDN, StringComparison.OrdinalIgnoreCase))?.PrimarySmtpAddress;
    }
}
