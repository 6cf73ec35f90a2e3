using Cutover.Core.Mailboxes;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class PropertyTests : IDisposable
{
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_folder_s_properties_are_kept_at_once_and_computed_ones_are_refused()
    {
        var folder = fixture.Anna.CreateFolder(fixture.Anna.FolderOf(FolderRole.Inbox), "Oud", "IPF.Note");
        var client = await fixture.LogOnAsync();
        var handle = await client.OpenFolderAsync(folder);

        var reply = await client.CallAsync([handle], new SetPropertiesRequest(0,
        [
            new(PropertyTags.DisplayName, "Nieuw"), new(PropertyTags.Comment, "Uitleg"), new(PropertyTags.ContentCount, 5),
        ]));

        var problem = Assert.Single(Assert.IsType<PropertyProblemsResponse>(reply.Responses[0]).Problems);
        Assert.Equal(new PropertyProblem(2, PropertyTags.ContentCount, MapiErrorCode.AccessDenied), problem);
        Assert.Equal("Nieuw", fixture.Anna.FindFolder(folder)!.Name);
        await client.CallAsync([handle], new DeletePropertiesRequest(0, [PropertyTags.Comment]));
        Assert.Null(fixture.Anna.FolderPropertiesOf(folder)[PropertyTags.Comment]);
    }

    [Fact]
    public async Task The_store_keeps_that_its_owner_is_out_of_office()
    {
        var client = await fixture.LogOnAsync();
        await client.CallAsync([client.Logon], new SetPropertiesRequest(0, [new(PropertyTags.OutOfOfficeState, true)]));

        var again = await fixture.LogOnAsync();
        var reply = await again.CallAsync([again.Logon], new GetPropertiesSpecificRequest(0, [PropertyTags.OutOfOfficeState]));

        Assert.Equal(true, Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[0]).Row.Values[0]);
    }

    [Fact]
    public async Task Named_properties_are_set_by_their_ids_and_found_by_their_names()
    {
        var message = StoreFixture.Message("x");
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), message, isRead: true);
        var client = await fixture.LogOnAsync();
        var ids = await client.CallAsync(
            [client.Logon], new GetPropertyIdsFromNamesRequest(0, true, [PropertyNames.Keywords, PropertyNames.ReminderSet]));
        var keywords = Assert.IsType<GetPropertyIdsFromNamesResponse>(ids.Responses[0]).PropertyIds[0];
        var tag = new PropertyTag(keywords, PropertyType.MultipleString);
        var handle = await OpenAsync(client, id);

        var reply = await client.CallAsync(
            [handle, client.Logon],
            new SetPropertiesRequest(0, [new(tag, new[] { "Rood" })]), new GetPropertiesSpecificRequest(0, [tag]),
            new QueryNamedPropertiesRequest(0, NamedPropertiesQueryFlags.None, PropertyNames.Keywords.PropertySet),
            new QueryNamedPropertiesRequest(1, NamedPropertiesQueryFlags.NoStrings, null), new SaveChangesMessageRequest(1, 0, SaveFlags.None));

        Assert.Equal(["Rood"], Assert.IsType<string[]>(Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[1]).Row.Values[0]));
        var queried = Assert.IsType<QueryNamedPropertiesResponse>(reply.Responses[2]);
        Assert.Equal((keywords, PropertyNames.Keywords), (Assert.Single(queried.PropertyIds), Assert.Single(queried.Names)));
        Assert.All(fixture.Anna.PropertyNames.Keys, known => Assert.InRange(known, 0x8001, 0xFFFE));
        Assert.All(Assert.IsType<QueryNamedPropertiesResponse>(reply.Responses[3]).Names, name => Assert.NotNull(name.Lid));
        Assert.Equal(["Rood"], (string[])fixture.Anna.ReadMessage(id).Properties[PropertyNames.Keywords]!);
    }

    [Fact]
    public async Task Strings_without_an_asked_type_come_as_wide_as_the_client_wants()
    {
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), StoreFixture.Message("Ja"), isRead: true);
        var client = await fixture.LogOnAsync();
        var handle = await OpenAsync(client, id);

        var reply = await client.CallAsync([handle], new GetPropertiesAllRequest(0, WantUnicode: false), new GetPropertiesAllRequest(0));
        var rows = await client.CallRawAsync(
            RopBuffer.Of([new GetPropertiesSpecificRequest(0, [new PropertyTag(0x00370000)], WantUnicode: false)], [handle]).Serialize(),
            EmsmdbClient.Plain, 0x8000);

        Assert.Equal(PropertyType.String8, TypeOfSubject(reply.Responses[0]));
        Assert.Equal(PropertyType.String, TypeOfSubject(reply.Responses[1]));
        Assert.Contains("001e004a6100", Convert.ToHexStringLower(rows.Output.Span), StringComparison.Ordinal);

        static PropertyType TypeOfSubject(RopResponse response) =>
            Assert.IsType<GetPropertiesAllResponse>(response).Values.Single(value => value.Tag.Id == PropertyTags.Subject.Id).Tag.Type;
    }

    [Fact]
    public async Task All_properties_are_listed_and_too_big_ones_told_as_errors()
    {
        var message = StoreFixture.Message("x");
        message.Properties.Set(PropertyTags.Html, new byte[100_000]);
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), message, isRead: true);
        var client = await fixture.LogOnAsync();
        var handle = await OpenAsync(client, id);

        var reply = await client.CallAsync([handle], new GetPropertiesListRequest(0), new GetPropertiesAllRequest(0));

        var listed = Assert.IsType<GetPropertiesListResponse>(reply.Responses[0]).Tags;
        var all = Assert.IsType<GetPropertiesAllResponse>(reply.Responses[1]).Values;
        Assert.Equal(listed.Select(tag => tag.Id), all.Select(value => value.Tag.Id));
        var html = all.Single(value => value.Tag.Id == PropertyTags.Html.Id);
        Assert.Equal((PropertyType.ErrorCode, unchecked((int)MapiErrorCode.NotEnoughMemory)), (html.Tag.Type, html.Value));
    }

    [Fact]
    public async Task Properties_recipients_and_attachments_are_copied_but_nothing_that_is_there_when_asked()
    {
        var source = StoreFixture.Message("bron");
        source.Attachments.Add(new MapiAttachment { Properties = new PropertyBag().Set(PropertyTags.AttachDataBinary, new byte[] { 1 }) });
        var id = fixture.Anna.SaveMessage(fixture.Anna.FolderOf(FolderRole.Inbox), source, isRead: true);
        var client = await fixture.LogOnAsync();
        var from = await OpenAsync(client, id);
        var inbox = EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox));
        var created = await client.CallAsync([client.Logon, RopBuffer.NoHandle], new CreateMessageRequest(0, 1, inbox));
        var to = created.Handles[1];
        await client.CallAsync([to], new SetPropertiesRequest(0, [new(PropertyTags.Subject, "doel")]));

        var reply = await client.CallAsync(
            [from, to, client.Logon],
            new CopyToRequest(0, 1, false, true, PropertyCopyFlags.NoOverwrite, []), new SaveChangesMessageRequest(2, 1, SaveFlags.KeepOpenReadWrite),
            new CopyPropertiesRequest(0, 1, false, PropertyCopyFlags.None, [PropertyTags.Subject, PropertyTags.ReplyTime]),
            new CopyToRequest(0, 9, false, true, PropertyCopyFlags.None, []), new CopyToRequest(0, 2, false, true, PropertyCopyFlags.None, []),
            new CopyToRequest(0, 1, false, true, (PropertyCopyFlags)0x08, []));

        var saved = Assert.IsType<SaveChangesMessageResponse>(reply.Responses[1]).MessageId;
        var copy = fixture.Anna.ReadMessage((long)saved.Counter);
        Assert.Equal(("doel", 1, source.Recipients.Count), (copy.Properties.GetString(PropertyTags.Subject), copy.Attachments.Count, copy.Recipients.Count));
        Assert.Equal(source.Properties[PropertyTags.Body], copy.Properties[PropertyTags.Body]);
        Assert.Equal(
            new PropertyProblem(1, PropertyTags.ReplyTime, MapiErrorCode.NotFound),
            Assert.Single(Assert.IsType<PropertyProblemsResponse>(reply.Responses[2]).Problems));
        Assert.Equal(
            [MapiErrorCode.NullDestinationObject, MapiErrorCode.NotSupported, MapiErrorCode.InvalidParameter],
            reply.Responses.Skip(3).Select(response => response.ReturnValue));
    }

    private async Task<uint> OpenAsync(EmsmdbClient client, long id)
    {
        var inbox = EmsmdbClient.IdOf(fixture.Anna.FolderOf(FolderRole.Inbox));
        var reply = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle], new OpenMessageRequest(0, 1, inbox, EmsmdbClient.IdOf(id), OpenModeFlags.ReadWrite));
        return reply.Handles[1];
    }
}
