using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class MessageWritingTests : IDisposable
{
    private const uint ObjectModified = 0x80040109;
    private const uint GeneralFailure = 0x80004005;
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private ObjectId Inbox => EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox));

    [Fact]
    public async Task A_message_is_in_its_folder_only_once_it_is_saved()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        await client.CallAsync([message], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "Bestelling"), new(PropertyTags.Importance, 2)]));
        Assert.Empty(fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.Inbox)));

        var reply = await client.CallAsync([client.Logon, message], new SaveChangesMessageRequest(0, 1, SaveFlags.KeepOpenReadWrite));

        var saved = Assert.IsType<SaveChangesMessageResponse>(Assert.Single(reply.Responses));
        var stored = Assert.Single(fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.Inbox)));
        Assert.Equal((EmsmdbClient.IdOf(stored.Id), "Bestelling", true), (saved.MessageId, stored.Subject, stored.IsRead));
        Assert.Equal(2, fixture.Anna.ReadMessage(stored.Id).Properties.GetInteger(PropertyTags.Importance));
    }

    [Fact]
    public async Task A_new_message_begins_with_what_the_specification_says()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        PropertyTag[] tags =
        [
            PropertyTags.Importance, PropertyTags.MessageClass, PropertyTags.Sensitivity, PropertyTags.DisplayTo, PropertyTags.MessageFlags,
            PropertyTags.HasAttachments, PropertyTags.Access, PropertyTags.AccessLevel, PropertyTags.HasNamedProperties,
        ];

        var reply = await client.CallAsync([message], new GetPropertiesSpecificRequest(0, tags));

        Assert.Equal(
            [(object)1, "IPM.Note", 0, "", 0x409, false, 7, 1, false],
            Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[0]).Row.Values);
    }

    [Theory]
    [InlineData(8, ObjectModified)]
    [InlineData(15, MapiErrorCode.Success)]
    public async Task Of_two_who_change_a_message_the_second_does_not_win_unless_they_insist(ushort version, uint answer)
    {
        using var server = new EmsmdbFixture(new EmsmdbOptions { ServerVersion = new MapiVersion(version, 0, 1497, 2) });
        var id = server.Anna.SaveMessage(server.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("oud"), isRead: true);
        var client = await server.LogOnAsync();
        var inbox = EmsmdbClient.IdOf(server.Anna.FolderOf(FolderRole.Inbox));
        var (first, second) = (await OpenAsync(client, id, OpenModeFlags.ReadWrite, inbox), await OpenAsync(client, id, OpenModeFlags.ReadWrite, inbox));
        await client.CallAsync([first], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "eerst")]));
        await client.CallAsync([second], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "tweede")]));

        Assert.Equal(MapiErrorCode.Success, await SaveAsync(client, first));
        Assert.Equal(answer, await SaveAsync(client, second));
        Assert.Equal("eerst", server.Anna.FindMessage(id)!.Subject);
        Assert.Equal(MapiErrorCode.Success, await SaveAsync(client, second, SaveFlags.ForceSave));
        Assert.Equal("tweede", server.Anna.FindMessage(id)!.Subject);
    }

    [Fact]
    public async Task A_subject_and_its_parts_keep_in_step()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        await client.CallAsync([message], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "Re: Bestelling")]));
        var split = await ReadAsync(client, message);
        await client.CallAsync([message], new SetPropertiesRequest(0, [new(PropertyTags.SubjectPrefix, "FW: ")]));

        Assert.Equal(("Re: ", "Bestelling"), (split.GetString(PropertyTags.SubjectPrefix), split.GetString(PropertyTags.NormalizedSubject)));
        Assert.Equal("FW: Bestelling", (await ReadAsync(client, message)).GetString(PropertyTags.Subject));
    }

    [Fact]
    public async Task What_was_opened_to_read_cannot_be_saved()
    {
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("oud"), isRead: true);
        var client = await fixture.LogOnAsync();
        var message = await OpenAsync(client, id, OpenModeFlags.ReadOnly);
        await client.CallAsync([message], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "nieuw")]));

        Assert.Equal(GeneralFailure, await SaveAsync(client, message));
        Assert.Equal("oud", fixture.Anna.FindMessage(id)!.Subject);
    }

    [Fact]
    public async Task A_saved_change_comes_with_the_next_synchronisation()
    {
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("oud"), isRead: true);
        var before = fixture.Anna.FindMessage(id)!.ChangeNumber;
        var client = await fixture.LogOnAsync();
        var message = await OpenAsync(client, id, OpenModeFlags.ReadWrite);
        await client.CallAsync([message], new DeletePropertiesRequest(0, [PropertyTags.Body]));
        await SaveAsync(client, message);

        Assert.True(fixture.Anna.FindMessage(id)!.ChangeNumber > before);
        Assert.Null(fixture.Anna.ReadMessage(id).Properties[PropertyTags.Body]);
    }

    [Fact]
    public async Task Recipients_are_set_replaced_and_removed_by_their_rows()
    {
        PropertyTag[] columns = [PropertyTags.ObjectType, PropertyTags.DisplayType];
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        await client.CallAsync([message], new ModifyRecipientsRequest(0, columns, [Row(0, "Anna", 1), Row(1, "Bert", 2), Row(2, "Cor", 1)]));
        await client.CallAsync([message], new ModifyRecipientsRequest(0, columns, [Row(0, "Anneke", 1), new ModifyRecipientRow(1, 0, default)]));

        var reply = await client.CallAsync([message], new ReadRecipientsRequest(0, 0), new ReloadCachedInformationRequest(0));

        var rows = Assert.IsType<ReadRecipientsResponse>(reply.Responses[0]).Rows;
        Assert.Equal([0u, 2u], rows.Select(row => row.RowId));
        var opened = Assert.IsType<OpenMessageResponse>(reply.Responses[1]).Message;
        Assert.Equal((2, 2), (opened.RecipientCount, opened.RecipientRows.Count));
        Assert.Equal(columns, opened.RecipientColumns);
        var anneke = opened.RecipientRows[0].ReadRow(opened.RecipientColumns);
        Assert.Equal((RecipientAddressKind.Smtp, "Anneke", "Anneke@contoso.com"), (anneke.Kind, anneke.DisplayName, anneke.EmailAddress));
        Assert.Equal("Anneke; Cor", (await ReadAsync(client, message))[PropertyTags.DisplayTo]);
        Assert.Equal(MapiErrorCode.NotFound, (await client.CallAsync([message], new ReadRecipientsRequest(0, 1))).Responses[0].ReturnValue);

        ModifyRecipientRow Row(uint number, string name, byte type) => ModifyRecipientRow.Of(
            number, type, new RecipientRow(RecipientAddressKind.Smtp, new PropertyRow([6, 0])) { DisplayName = name, EmailAddress = $"{name}@contoso.com" },
            columns);
    }

    [Fact]
    public async Task An_attachment_comes_with_its_message_and_goes_when_it_is_deleted()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        var content = Enumerable.Range(0, 200_000).Select(n => (byte)n).ToArray();
        await AttachAsync(client, message, content);
        var first = await SaveAndFindAsync(client, message);
        Assert.Equal(content, Assert.Single(fixture.Anna.ReadMessage(first).Attachments).Properties[PropertyTags.AttachDataBinary]);

        var table = await client.CallAsync(
            [message, RopBuffer.NoHandle],
            new GetAttachmentTableRequest(0, 1, TableFlags.UseUnicode), new SetColumnsRequest(1, [PropertyTags.AttachNumber]),
            new QueryRowsRequest(1, 0, true, 10) { Columns = [PropertyTags.AttachNumber] });
        var number = (int)Assert.Single(Assert.IsType<QueryRowsResponse>(table.Responses[2]).Rows).Values[0]!;
        await client.CallAsync([message], new DeleteAttachmentRequest(0, (uint)number));
        Assert.Single(fixture.Anna.ReadMessage(first).Attachments);
        await SaveAsync(client, message);
        Assert.Empty(fixture.Anna.ReadMessage(first).Attachments);
    }

    [Fact]
    public async Task A_message_in_an_attachment_is_made_saved_and_opened_again()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        var reply = await client.CallAsync(
            [message, RopBuffer.NoHandle, RopBuffer.NoHandle],
            new CreateAttachmentRequest(0, 1), new OpenEmbeddedMessageRequest(1, 2, EmbeddedMessageOpenMode.Create),
            new SetPropertiesRequest(2, [new(PropertyTags.Subject, "Binnenin")]), new SaveChangesMessageRequest(1, 2, SaveFlags.KeepOpenReadWrite),
            new SaveChangesAttachmentRequest(0, 1, SaveFlags.KeepOpenReadWrite));
        Assert.All(reply.Responses, response => Assert.True(response.IsSuccess, $"{response}"));
        var id = await SaveAndFindAsync(client, message);

        var again = await OpenAsync(client, id, OpenModeFlags.ReadOnly);
        var opened = await client.CallAsync(
            [again, RopBuffer.NoHandle, RopBuffer.NoHandle], new OpenAttachmentRequest(0, 1, 0), new OpenEmbeddedMessageRequest(1, 2));

        Assert.Equal("Binnenin", Assert.IsType<OpenEmbeddedMessageResponse>(opened.Responses[1]).Message.NormalizedSubject);
        var attachment = Assert.Single(fixture.Anna.ReadMessage(id).Attachments);
        Assert.Equal((5, "Binnenin"), (
            attachment.Properties.GetInteger(PropertyTags.AttachMethod), attachment.EmbeddedMessage!.Properties.GetString(PropertyTags.Subject)));
    }

    [Fact]
    public async Task Read_flags_and_status_are_set_without_opening()
    {
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("x"), isRead: false);
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        var wire = EmsmdbClient.IdOf(id);

        var reply = await client.CallAsync(
            [inbox], new SetReadFlagsRequest(0, false, ReadFlags.SuppressReceipt, [wire]),
            new SetMessageStatusRequest(0, wire, MessageStatusFlags.RemoteDelete | MessageStatusFlags.RemoteDownload, MessageStatusFlags.RemoteDelete),
            new GetMessageStatusRequest(0, wire));

        Assert.True(fixture.Anna.FindMessage(id)!.IsRead);
        Assert.Equal(
            [MessageStatusFlags.None, MessageStatusFlags.RemoteDelete], reply.Responses.OfType<MessageStatusResponse>().Select(status => status.Flags));
    }

    [Fact]
    public async Task A_message_cannot_be_copied_onto_itself()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);

        var reply = await client.CallAsync([message], new CopyPropertiesRequest(0, 0, false, PropertyCopyFlags.None, [PropertyTags.Subject]));

        Assert.Equal(MapiErrorCode.AccessDenied, reply.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task A_message_submitted_to_a_colleague_lies_in_their_inbox_and_in_one_s_own_sent_items()
    {
        var client = await fixture.LogOnAsync();
        var message = await CreateAsync(client);
        var row = new RecipientRow(RecipientAddressKind.X500DN, new PropertyRow([])) { X500DN = fixture.Anna.LegacyExchangeDN, DisplayName = "Anna" };

        var reply = await client.CallAsync(
            [message], new ModifyRecipientsRequest(0, [], [ModifyRecipientRow.Of(0, 1, row, [])]),
            new SetPropertiesRequest(0, [new(PropertyTags.Subject, "Aan jou")]), new SubmitMessageRequest(0, SubmitFlags.None));

        Assert.All(reply.Responses, response => Assert.True(response.IsSuccess, $"{response}"));
        Assert.False(Assert.Single(fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.Inbox))).IsRead);
        Assert.Equal("Aan jou", Assert.Single(fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.SentItems))).Subject);
    }

    private async Task<uint> CreateAsync(EmsmdbClient client)
    {
        var reply = await client.CallAsync([client.Logon, RopBuffer.NoHandle], new CreateMessageRequest(0, 1, Inbox));
        Assert.IsType<CreateMessageResponse>(Assert.Single(reply.Responses));
        return reply.Handles[1];
    }

    private async Task<uint> OpenAsync(EmsmdbClient client, long id, OpenModeFlags flags, ObjectId? inbox = null)
    {
        var reply = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle], new OpenMessageRequest(0, 1, inbox ?? Inbox, EmsmdbClient.IdOf(id), flags));
        Assert.IsType<OpenMessageResponse>(Assert.Single(reply.Responses));
        return reply.Handles[1];
    }

    private static async Task<uint> SaveAsync(EmsmdbClient client, uint message, SaveFlags flags = SaveFlags.KeepOpenReadWrite) =>
        Assert.Single((await client.CallAsync([client.Logon, message], new SaveChangesMessageRequest(0, 1, flags))).Responses).ReturnValue;

    private async Task<long> SaveAndFindAsync(EmsmdbClient client, uint message)
    {
        Assert.Equal(MapiErrorCode.Success, await SaveAsync(client, message));
        return Assert.Single(fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.Inbox))).Id;
    }

    private static async Task AttachAsync(EmsmdbClient client, uint message, byte[] content)
    {
        var reply = await client.CallAsync(
            [message, RopBuffer.NoHandle, RopBuffer.NoHandle],
            new CreateAttachmentRequest(0, 1), new SetPropertiesRequest(1, [new(PropertyTags.AttachMethod, 1)]),
            new OpenStreamRequest(1, 2, PropertyTags.AttachDataBinary, StreamOpenMode.Create));
        foreach (var part in content.Chunk(30_000)) await client.CallAsync([reply.Handles[2]], new WriteStreamRequest(0, part));
        await client.CallAsync(
            [message, reply.Handles[1], reply.Handles[2]],
            new CommitStreamRequest(2), new ReleaseRequest(2), new SaveChangesAttachmentRequest(0, 1, SaveFlags.KeepOpenReadWrite));
    }

    private static async Task<PropertyBag> ReadAsync(EmsmdbClient client, uint handle) =>
        new(Assert.IsType<GetPropertiesAllResponse>((await client.CallAsync([handle], new GetPropertiesAllRequest(0))).Responses[0]).Values);
}
