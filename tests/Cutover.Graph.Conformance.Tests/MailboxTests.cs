using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Microsoft.Graph;
using Microsoft.Graph.Admin.Exchange.Mailboxes.Item.ExportItems;
using Microsoft.Graph.Admin.Exchange.Mailboxes.Item.Folders.Item.Items.Delta;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Graph.Users.Item.SendMail;

namespace Cutover.Graph.Conformance.Tests;

/// <summary>Folders, items, import, export and mail through Microsoft's SDK.</summary>
public sealed class MailboxTests(LabTenant tenant) : IClassFixture<LabTenant>
{
    private const string Stamp = "String {5a8f1c52-9d0e-4b3b-8e51-6c7574636f76} Name CutoverSourceKey";
    private static readonly PropertyName StampName = PropertyName.Of(new Guid("5a8f1c52-9d0e-4b3b-8e51-6c7574636f76"), "CutoverSourceKey");
    private static readonly System.Text.Json.JsonSerializerOptions PascalCase = new();
    private static int mailboxes;
    private readonly string alias = $"box{Interlocked.Increment(ref mailboxes)}";

    [Fact]
    public async Task The_default_folders_have_their_roles_and_come_ten_to_a_page()
    {
        var folders = (await MailboxAsync()).Folders;
        var first = (await folders.GetAsync())!;
        var all = new List<MailboxFolder>();
        await PageIterator<MailboxFolder, MailboxFolderCollectionResponse>.CreatePageIterator(tenant.Graph, first, folder =>
        {
            all.Add(folder);
            return true;
        }).IterateAsync();

        Assert.Equal(10, first.Value!.Count);
        Assert.Contains("%24skip", first.OdataNextLink);
        Assert.Equal(13, all.Count);
        Assert.Equal("IPF.Appointment", all.Single(folder => folder.WellKnownName == "calendar").Type);
        Assert.Equal(all[0].ParentFolderId, (await folders["MsgFolderRoot"].GetAsync())!.Id);
        Assert.Equal(all.Single(folder => folder.WellKnownName == "inbox").Id, (await folders["Inbox"].GetAsync())!.Id);
    }

    [Fact]
    public async Task Rules_and_automatic_replies_are_set_and_read_back()
    {
        var inbox = (await (await MailboxAsync()).Folders["inbox"].GetAsync())!;
        var user = tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"];
        var rules = user.MailFolders["inbox"].MessageRules;

        await user.MailboxSettings.PatchAsync(new MailboxSettings
        {
            AutomaticRepliesSetting = new AutomaticRepliesSetting { Status = AutomaticRepliesStatus.AlwaysEnabled, ExternalAudience = ExternalAudienceScope.All, InternalReplyMessage = "<p>away</p>" },
        });
        var made = (await rules.PostAsync(new MessageRule
        {
            DisplayName = "News",
            Sequence = 1,
            IsEnabled = true,
            Conditions = new MessageRulePredicates { SubjectContains = ["news"], SentToMe = true },
            Actions = new MessageRuleActions { MoveToFolder = inbox.Id, MarkAsRead = true },
        }))!;
        await rules[made.Id].PatchAsync(new MessageRule { DisplayName = "Old news", Actions = new MessageRuleActions { Delete = true } });

        var replies = (await user.MailboxSettings.GetAsync())!.AutomaticRepliesSetting!;
        var rule = Assert.Single((await rules.GetAsync())!.Value!);
        Assert.Equal((AutomaticRepliesStatus.AlwaysEnabled, "<p>away</p>"), (replies.Status, replies.InternalReplyMessage));
        Assert.Equal(("Old news", true, "news"), (rule.DisplayName, rule.Actions!.Delete, Assert.Single(rule.Conditions!.SubjectContains!)));
    }

    [Fact]
    public async Task Language_working_hours_and_categories_are_set_and_read_back()
    {
        await MailboxAsync();
        var user = tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"];
        await user.MailboxSettings.PatchAsync(new MailboxSettings { Language = new LocaleInfo { Locale = "nl-NL" }, TimeZone = "W. Europe Standard Time" });
        await user.MailboxSettings.PatchAsync(new MailboxSettings
        {
            WorkingHours = new WorkingHours
            {
                DaysOfWeek = [DayOfWeekObject.Monday, DayOfWeekObject.Friday],
                StartTime = new Microsoft.Kiota.Abstractions.Time(8, 30, 0),
                EndTime = new Microsoft.Kiota.Abstractions.Time(17, 0, 0),
                TimeZone = new TimeZoneBase { Name = "W. Europe Standard Time" },
            },
        });
        var categories = user.Outlook.MasterCategories;
        var made = (await categories.PostAsync(new OutlookCategory { DisplayName = "Klant", Color = CategoryColor.Preset7 }))!;
        await categories[made.Id].PatchAsync(new OutlookCategory { Color = CategoryColor.Preset8 });

        var settings = (await user.MailboxSettings.GetAsync())!;
        Assert.Equal(("nl-NL", "W. Europe Standard Time"), (settings.Language!.Locale, settings.TimeZone));
        Assert.Equal((2, "08:30:00"), (settings.WorkingHours!.DaysOfWeek!.Count, settings.WorkingHours.StartTime!.Value.ToString()));
        Assert.Equal(("Klant", CategoryColor.Preset8), Assert.Single((await categories.GetAsync())!.Value!) is var category ? (category.DisplayName, category.Color) : default);
        Assert.Equal(409, (await Assert.ThrowsAsync<ODataError>(() => categories.PostAsync(new OutlookCategory { DisplayName = "KLANT", Color = CategoryColor.None }))).ResponseStatusCode);
    }

    [Fact]
    public async Task A_message_is_made_that_is_no_draft_and_takes_a_large_file_by_the_SDKs_own_upload()
    {
        await MailboxAsync();
        var user = tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"];
        var made = (await user.MailFolders["inbox"].Messages.PostAsync(new Message
        {
            Subject = "Odd",
            Body = new ItemBody { ContentType = BodyType.Html, Content = "<b>Hello</b>" },
            From = new Recipient { EmailAddress = new EmailAddress { Name = "Bea", Address = "bea@contoso.com" } },
            SingleValueExtendedProperties = [new() { Id = "Integer 0x0E07", Value = "1" }, new() { Id = Stamp, Value = "k" }],
        }))!;
        var content = new byte[7_000_000];
        new Random(7).NextBytes(content);
        var session = await user.Messages[made.Id].Attachments.CreateUploadSession.PostAsync(new()
        {
            AttachmentItem = new AttachmentItem { AttachmentType = AttachmentType.File, Name = "large.bin", Size = content.Length },
        });

        var uploaded = await new LargeFileUploadTask<FileAttachment>(session!, new MemoryStream(content), 10 * 320 * 1024, new BaseGraphRequestAdapter(new Microsoft.Kiota.Abstractions.Authentication.AnonymousAuthenticationProvider(), httpClient: tenant.Http)).UploadAsync();
        await user.Messages[made.Id].Attachments.PostAsync(new FileAttachment { Name = "small.txt", ContentType = "text/plain", ContentBytes = "small"u8.ToArray() });

        var store = tenant.Server.Mailboxes.Find($"{alias}@{LabTenant.Initial}")!;
        var message = store.ReadMessage(store.FindItem(made.Id!)!);
        Assert.True(uploaded.UploadSucceeded);
        Assert.Equal((false, true), (made.IsDraft, made.IsRead));
        Assert.Equal("k", message.Properties[StampName]);
        Assert.Equal([content, "small"u8.ToArray()], message.Attachments.Select(file => (byte[])file.Properties[PropertyTags.AttachDataBinary]!));
    }

    [Fact]
    public async Task A_folder_is_made_renamed_and_deleted()
    {
        var folders = (await MailboxAsync()).Folders;
        var wanted = new MailboxFolder { DisplayName = "Projecten / 2026 🎉", Type = "IPF.Note" };
        var made = (await folders["inbox"].ChildFolders.PostAsync(wanted))!;
        var child = (await folders[made.Id].ChildFolders.PostAsync(new MailboxFolder { DisplayName = "Sub", Type = "IPF.Note" }))!;

        var twice = await Assert.ThrowsAsync<ODataError>(() =>
            folders["inbox"].ChildFolders.PostAsync(new MailboxFolder { DisplayName = "PROJECTEN / 2026 🎉", Type = "IPF.Note" }));
        await folders[made.Id].PatchAsync(new MailboxFolder { DisplayName = "Anders" });

        Assert.Equal((409, "ErrorFolderExists"), (twice.ResponseStatusCode, twice.Error!.Code));
        Assert.Equal(("Anders", 1), await folders[made.Id].GetAsync() is { } read ? (read.DisplayName, read.ChildFolderCount) : default);
        Assert.Null(made.WellKnownName);
        await folders[made.Id].DeleteAsync();
        Assert.Equal("ErrorItemNotFound", (await Assert.ThrowsAsync<ODataError>(() => folders[child.Id].GetAsync())).Error!.Code);
        Assert.Equal("ErrorDeleteDistinguishedFolder",
            (await Assert.ThrowsAsync<ODataError>(() => folders["inbox"].DeleteAsync())).Error!.Code);
    }

    [Fact]
    public async Task A_folder_needs_a_name_and_a_type_and_keeps_what_it_is_stamped_with()
    {
        var folders = (await MailboxAsync()).Folders;
        Assert.Equal(400,
            (await Assert.ThrowsAsync<ODataError>(() => folders.PostAsync(new MailboxFolder { DisplayName = "x" }))).ResponseStatusCode);
        Assert.Equal(400,
            (await Assert.ThrowsAsync<ODataError>(() => folders.PostAsync(new MailboxFolder { Type = "IPF.Note" }))).ResponseStatusCode);

        await folders.PostAsync(new MailboxFolder
        {
            DisplayName = "Stamped",
            Type = "IPF.Note",
            SingleValueExtendedProperties = [new SingleValueLegacyExtendedProperty { Id = Stamp, Value = "key-1" }],
        });

        var found = Assert.Single((await folders["msgfolderroot"].ChildFolders.GetAsync(request =>
        {
            request.QueryParameters.Filter = "displayName eq 'Stamped'";
            request.QueryParameters.Expand = [$"singleValueExtendedProperties($filter=id eq '{Stamp}')"];
        }))!.Value!);
        Assert.Equal("key-1", Assert.Single(found.SingleValueExtendedProperties!).Value);
    }

    [Fact]
    public async Task An_item_is_imported_listed_found_exported_and_deleted()
    {
        var mailbox = await MailboxAsync();
        var folder = (await mailbox.Folders["inbox"].GetAsync())!;
        var session = (await mailbox.CreateImportSession.PostAsync())!;
        var id = await ImportAsync(session.ImportUrl!, folder.Id!, "Hello");
        await ImportAsync(session.ImportUrl!, folder.Id!, "Other");
        var items = mailbox.Folders[folder.Id].Items;

        var found = Assert.Single((await items.GetAsync(request =>
        {
            request.QueryParameters.Filter = $"singleValueExtendedProperties/any(ep:ep/id eq '{Stamp}' and ep/value eq 'key-Hello')";
            request.QueryParameters.Expand =
                [$"singleValueExtendedProperties($filter=id eq '{Stamp}' or id eq 'String 0x0037' or id eq 'SystemTime 0x0E06')"];
        }))!.Value!);
        var exported =
            Assert.Single(
                (await mailbox.ExportItems.PostAsExportItemsPostResponseAsync(new ExportItemsPostRequestBody { ItemIds = [id] }))!.Value!);

        Assert.True(session.ExpirationDateTime > TimeProvider.System.GetUtcNow());
        Assert.Equal((id, "IPM.Note"), (found.Id, found.Type));
        Assert.Equal([(Stamp, "key-Hello"), ("String 0x37", "Hello"), ("SystemTime 0xe06", "2020-01-02T03:04:05Z")],
            found.SingleValueExtendedProperties!.Select(property => (property.Id, property.Value)));
        Assert.Equal((found.ChangeKey, "Hello"), (exported.ChangeKey, Read(exported.Data!).Properties.GetString(PropertyTags.Subject)));
        Assert.Equal(id, (await items[id].GetAsync())!.Id);
        await items[id].DeleteAsync();
        Assert.Equal("ErrorItemNotFound", (await Assert.ThrowsAsync<ODataError>(() => items[id].GetAsync())).Error!.Code);
        var gone = Assert.Single(
            (await mailbox.ExportItems.PostAsExportItemsPostResponseAsync(new ExportItemsPostRequestBody { ItemIds = [id] }))!.Value!);
        Assert.Equal("ErrorItemNotFound", gone.Error!.Code);
    }

    [Fact]
    public async Task A_delta_tells_what_came_and_what_went()
    {
        var mailbox = await MailboxAsync();
        var folder = (await mailbox.Folders["inbox"].GetAsync())!;
        var session = (await mailbox.CreateImportSession.PostAsync())!;
        var first = await ImportAsync(session.ImportUrl!, folder.Id!, "First");
        var delta = mailbox.Folders[folder.Id].Items.Delta;
        var begin = (await delta.GetAsDeltaGetResponseAsync())!;

        var second = await ImportAsync(session.ImportUrl!, folder.Id!, "Second");
        await mailbox.Folders[folder.Id].Items[first].DeleteAsync();
        var next = (await new DeltaRequestBuilder(begin.OdataDeltaLink!, tenant.Graph.RequestAdapter).GetAsDeltaGetResponseAsync())!;
        var quiet = (await new DeltaRequestBuilder(next.OdataDeltaLink!, tenant.Graph.RequestAdapter).GetAsDeltaGetResponseAsync())!;

        Assert.Equal(first, Assert.Single(begin.Value!).Id);
        Assert.Equal([second, first], next.Value!.Select(item => item.Id));
        Assert.True(next.Value![1].AdditionalData.ContainsKey("@removed"));
        Assert.Empty(quiet.Value!);
    }

    [Fact]
    public async Task Folders_have_a_delta_too()
    {
        var mailbox = await MailboxAsync();
        var begin = (await mailbox.Folders["inbox"].ChildFolders.Delta.GetAsDeltaGetResponseAsync())!;
        var made = (await mailbox.Folders["inbox"].ChildFolders.PostAsync(new MailboxFolder { DisplayName = "New", Type = "IPF.Note" }))!;

        var next = (await new Microsoft.Graph.Admin.Exchange.Mailboxes.Item.Folders.Item.ChildFolders.Delta.DeltaRequestBuilder(
            begin.OdataDeltaLink!, tenant.Graph.RequestAdapter).GetAsDeltaGetResponseAsync())!;

        Assert.Empty(begin.Value!);
        Assert.Equal(made.Id, Assert.Single(next.Value!).Id);
        Assert.Equal(10, (await mailbox.Folders.Delta.GetAsDeltaGetResponseAsync())!.Value!.Count);
    }

    [Fact]
    public async Task More_than_twenty_items_are_not_exported_at_once()
    {
        var mailbox = await MailboxAsync();

        var error = await Assert.ThrowsAsync<ODataError>(() =>
            mailbox.ExportItems.PostAsExportItemsPostResponseAsync(
                new ExportItemsPostRequestBody { ItemIds = [.. Enumerable.Repeat("a", 21)] }));

        Assert.Equal(400, error.ResponseStatusCode);
    }

    [Fact]
    public async Task A_message_is_marked_read_through_Outlooks_own_API()
    {
        var mailbox = await MailboxAsync();
        var folder = (await mailbox.Folders["inbox"].GetAsync())!;
        var id = await ImportAsync((await mailbox.CreateImportSession.PostAsync())!.ImportUrl!, folder.Id!, "Unread");

        var read = (await tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"].Messages[id].PatchAsync(new Message { IsRead = true }))!;

        Assert.True(read.IsRead);
        Assert.Equal(folder.Id, read.ParentFolderId);
        Assert.NotEqual(read.ChangeKey,
            (await tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"].Messages[id].PatchAsync(new Message { IsRead = false }))!.ChangeKey);
        await tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"].Messages[id].DeleteAsync();
        Assert.Equal(0, (await mailbox.Folders["inbox"].GetAsync())!.TotalItemCount);
    }

    [Fact]
    public async Task Mail_is_sent_recorded_and_delivered()
    {
        await tenant.CreateMailboxAsync(alias);

        await tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"].SendMail.PostAsync(new SendMailPostRequestBody
        {
            Message = new Message
            {
                Subject = "Welcome",
                Body = new ItemBody { ContentType = BodyType.Html, Content = "<p>Hello</p>" },
                ToRecipients = [new Recipient { EmailAddress = new EmailAddress { Address = $"{alias}@{LabTenant.Initial}" } }],
                InternetMessageHeaders = [new InternetMessageHeader { Name = "x-cutover-message", Value = "1" }],
            },
            SaveToSentItems = false,
        });

        var sent = tenant.Server.SentMail.Last(mail => mail.Sender == $"{alias}@{LabTenant.Initial}");
        Assert.Equal(("Welcome", "1"), (sent.Message.Subject, sent.Message.Headers["x-cutover-message"]));
        var store = tenant.Server.Mailboxes.Find($"{alias}@{LabTenant.Initial}")!;
        var delivered = Assert.Single(store.Items);
        Assert.Equal((store.FindFolder("inbox")!.Number, false), (delivered.Folder, delivered.IsRead));
        Assert.Equal("Welcome", store.ReadMessage(delivered).Properties.GetString(PropertyTags.Subject));
    }

    [Fact]
    public async Task A_batch_answers_each_call_for_itself()
    {
        await tenant.CreateMailboxAsync(alias);
        var batch = new BatchRequestContentCollection(tenant.Graph);
        var good = await batch.AddBatchRequestStepAsync(tenant.Graph.Users[$"{alias}@{LabTenant.Initial}"].ToGetRequestInformation());
        var bad = await batch.AddBatchRequestStepAsync(tenant.Graph.Users["nobody@nowhere.example"].ToGetRequestInformation());

        var answers = await tenant.Graph.Batch.PostAsync(batch);

        Assert.Equal(alias, (await answers.GetResponseByIdAsync<User>(good)).DisplayName);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await answers.GetResponsesStatusCodesAsync())[bad]);
    }

    private async Task<Microsoft.Graph.Admin.Exchange.Mailboxes.Item.MailboxItemRequestBuilder> MailboxAsync() =>
        tenant.Graph.Admin.Exchange.Mailboxes[await tenant.CreateMailboxAsync(alias)];

    private async Task<string> ImportAsync(string url, string folder, string subject)
    {
        var message = new MapiMessage
        {
            Properties = new PropertyBag().Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, subject)
                .Set(PropertyTags.MessageDeliveryTime, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc)).Set(StampName,
                    PropertyType.String, "key-" + subject),
        };
        using var stream = new MemoryStream();
        var writer = new ItemStreamWriter(stream);
        MapiMessageWriter.Write(writer, message);
        writer.Complete();
        using var answer =
            await tenant.Http.PostAsync(url,
                JsonContent.Create(new { FolderId = folder, Mode = "create", Data = Convert.ToBase64String(stream.ToArray()) },
                    options: PascalCase));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["itemId"]!.GetValue<string>();
    }

    private static MapiMessage Read(byte[] stream)
    {
        var builder = new MapiMessageBuilder();
        var reader = new ItemStreamReader(builder);
        reader.Feed(stream);
        reader.Complete();
        return builder.Build();
    }
}
