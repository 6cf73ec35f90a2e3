using System.Text;
using System.Text.Json.Nodes;
using Cutover.Lab.Faults;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Tests.Microsoft365;

public sealed class ImportTests : IAsyncLifetime
{
    private const string Stamp = "String {5a8f1c52-9d0e-4b3b-8e51-6c7574636f76} Name CutoverSourceKey";
    private static readonly PropertyName StampName = PropertyName.Of(new Guid("5a8f1c52-9d0e-4b3b-8e51-6c7574636f76"), "CutoverSourceKey");
    private TenantFixture tenant = null!;
    private string mailbox = "";
    private string inbox = "";

    public async ValueTask InitializeAsync()
    {
        tenant = await TenantFixture.StartAsync();
        await OpenMailboxAsync();
    }

    public ValueTask DisposeAsync() => tenant.DisposeAsync();

    [Fact]
    public async Task An_item_is_stored_with_its_properties_recipients_attachments_and_embedded_messages()
    {
        var reply = await ImportAsync(Create(Stream(Sample("Hello"))));

        reply.Expect(200);
        var (store, item) = Stored();
        Assert.Equal(reply.Body["itemId"]!.GetValue<string>(), item.Id);
        Assert.Equal(reply.Body["changeKey"]!.GetValue<string>(), item.ChangeKey);
        var message = store.ReadMessage(item);
        Assert.Equal("Hello", message.Properties.GetString(PropertyTags.Subject));
        Assert.Equal("key-Hello", message.Properties[StampName]);
        Assert.Equal("Adele", Assert.Single(message.Recipients).GetString(PropertyTags.DisplayName));
        Assert.Equal("inside", Assert.Single(message.Attachments).EmbeddedMessage!.Properties.GetString(PropertyTags.Subject));
        Assert.True((bool)message.Properties[PropertyTags.HasAttachments]!);
    }

    [Fact]
    public async Task An_export_has_the_same_properties_but_not_the_same_bytes()
    {
        var stream = Stream(Sample("Hello"));
        var id = (await ImportAsync(Create(stream))).Expect(200)["itemId"]!.GetValue<string>();

        var exported = (await tenant.PostAsync($"{mailbox}/exportItems", $$"""{"itemIds":["{{id}}","{{id[..^4]}}AAAA"]}""")).Expect(200)["value"]!.AsArray();

        var data = Convert.FromBase64String(exported[0]!["data"]!.GetValue<string>());
        Assert.NotEqual(stream, data);
        var message = Message(data);
        Assert.Equal("Hello", message.Properties.GetString(PropertyTags.Subject));
        Assert.Equal("key-Hello", message.Properties[StampName]);
        Assert.Equal("inside", message.Attachments[0].EmbeddedMessage!.Properties.GetString(PropertyTags.Subject));
        Assert.NotNull(message.Properties[PropertyTags.ChangeKey]);
        Assert.Equal("ErrorItemNotFound", exported[1]!["error"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task At_most_twenty_items_are_exported_at_once()
    {
        var ids = string.Join(',', Enumerable.Repeat("\"a\"", 21));

        Assert.Equal(400, (await tenant.PostAsync($"{mailbox}/exportItems", $$"""{"itemIds":[{{ids}}]}""")).Status);
    }

    [Fact]
    public async Task Every_cut_of_a_stream_is_refused_and_leaves_nothing()
    {
        var stream = Stream(Sample("Hello"));
        for (var length = 0; length < stream.Length; length += 1 + length / 8)
        {
            var reply = await ImportAsync(Create(stream[..length]));
            // A cut between two properties of the message itself leaves a whole, shorter record only if its header says so; the header
            // never does.
            Assert.Equal((400, "ErrorCorruptData"), (reply.Status, reply.ErrorCode));
        }

        Assert.Empty(tenant.Server.Mailboxes.All.Single().Items);
    }

    [Fact]
    public async Task An_old_version_a_wrong_order_and_trailing_bytes_are_refused()
    {
        var stream = Stream(Sample("Hello"));
        // Config 16 bytes, IsInterfaceOk 32 bytes, then TellPartnerVersion: 8 bytes header, version words.
        var old = stream.ToArray();
        (old[56], old[57]) = (0, 8);
        byte[] swapped = [.. stream[16..48], .. stream[..16], .. stream[48..]];

        Assert.Equal("ErrorCorruptData", (await ImportAsync(Create(old))).ErrorCode);
        Assert.Equal("ErrorCorruptData", (await ImportAsync(Create(swapped))).ErrorCode);
        Assert.Equal("ErrorCorruptData", (await ImportAsync(Create([.. stream, 1, 2, 3]))).ErrorCode);
    }

    [Fact]
    public async Task The_bodies_mode_and_ids_are_checked()
    {
        var data = Convert.ToBase64String(Stream(Sample("Hello")));
        string[] wrong =
        [
            "[]", "{", "", $$"""{"Mode":"create","Data":"{{data}}"}""", $$"""{"FolderId":"{{inbox}}","Data":"{{data}}"}""",
            $$"""{"FolderId":"{{inbox}}","Mode":"create"}""", $$"""{"FolderId":"{{inbox}}","Mode":"create","Data":"?"}""",
            $$"""{"FolderId":"{{inbox}}","Mode":"create","ItemId":"x","ChangeKey":"y","Data":"{{data}}"}""",
            $$"""{"FolderId":"{{inbox}}","Mode":"update","Data":"{{data}}"}""", $$"""{"folderId":"{{inbox}}","mode":"create","data":"{{data}}"}""",
            $$"""{"FolderId":"nonsense","Mode":"create","Data":"{{data}}"}""",
        ];

        foreach (var body in wrong) Assert.Equal(400, (await ImportAsync(body)).Status);
        var other = await tenant.CreateMailboxAsync("other");
        var foreign = (await tenant.GetAsync($"/admin/exchange/mailboxes/{other}/folders/inbox")).Body["id"]!.GetValue<string>();
        Assert.Equal(404, (await ImportAsync($$"""{"FolderId":"{{foreign}}","Mode":"create","Data":"{{data}}"}""")).Status);
    }

    [Fact]
    public async Task An_authorization_header_is_refused_and_a_session_ends()
    {
        var url = await SessionAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = Json(Create(Stream(Sample("Hello")))) };
        request.Headers.Authorization = new("Bearer", await tenant.BearerAsync(TenantFixture.GraphScope));
        Assert.Equal(400, (await GraphReply.OfAsync(await tenant.Http.SendAsync(request))).Status);

        tenant.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(401, (await GraphReply.OfAsync(await tenant.Http.PostAsync(url, Json(Create(Stream(Sample("Hello"))))))).Status);
    }

    [Fact]
    public async Task An_update_needs_the_present_change_key_and_keeps_the_id()
    {
        var created = (await ImportAsync(Create(Stream(Sample("One"))))).Expect(200);
        var (id, first) = (created["itemId"]!.GetValue<string>(), created["changeKey"]!.GetValue<string>());

        var second = (await ImportAsync(Update(id, first, Stream(Sample("Two"))))).Expect(200);
        var stale = await ImportAsync(Update(id, first, Stream(Sample("Three"))));

        Assert.Equal(id, second["itemId"]!.GetValue<string>());
        Assert.NotEqual(first, second["changeKey"]!.GetValue<string>());
        Assert.Equal((409, "ErrorIrresolvableConflict"), (stale.Status, stale.ErrorCode));
        var (store, item) = Stored();
        Assert.Equal("Two", store.ReadMessage(item).Properties.GetString(PropertyTags.Subject));
    }

    [Fact]
    public async Task Reading_a_message_changes_its_flag_and_its_change_key_and_nothing_else()
    {
        var created = (await ImportAsync(Create(Stream(Sample("One"))))).Expect(200);
        var id = created["itemId"]!.GetValue<string>();

        var read = (await tenant.GraphAsync(HttpMethod.Patch, $"/users/adele@{TenantFixture.Domain}/messages/{id}", """{"isRead":true}""")).Expect(200);

        Assert.True(read["isRead"]!.GetValue<bool>());
        Assert.NotEqual(created["changeKey"]!.GetValue<string>(), read["changeKey"]!.GetValue<string>());
        var exported = await ExportAsync(id);
        Assert.Equal(1, exported.Properties.GetInteger(PropertyTags.MessageFlags)! & 1);
        Assert.Equal("One", exported.Properties.GetString(PropertyTags.Subject));
    }

    [Fact]
    public async Task Importing_twice_makes_two_items_and_the_stamp_finds_both()
    {
        for (var i = 0; i < 2; i++) (await ImportAsync(Create(Stream(Sample("Hello"))))).Expect(200);
        (await ImportAsync(Create(Stream(Sample("Other"))))).Expect(200);
        var filter = Uri.EscapeDataString($"singleValueExtendedProperties/any(ep: ep/id eq '{Stamp}' and ep/value eq 'key-Hello')");
        var expand = Uri.EscapeDataString($"singleValueExtendedProperties($filter=id eq '{Stamp}' or id eq 'String 0x0037')");

        var found =
            (await tenant.GetAsync($"{mailbox}/folders/inbox/items?$filter={filter}&$expand={expand}")).Expect(200)["value"]!.AsArray();

        Assert.Equal(2, found.Count);
        var properties = found[0]!["singleValueExtendedProperties"]!.AsArray();
        Assert.Equal((Stamp, "key-Hello"), (properties[0]!["id"]!.GetValue<string>(), properties[0]!["value"]!.GetValue<string>()));
        Assert.Equal(("String 0x37", "Hello"), (properties[1]!["id"]!.GetValue<string>(), properties[1]!["value"]!.GetValue<string>()));
        Assert.Equal(["key-Hello"], tenant.Server.Mailboxes.All.Single().DuplicatesBy(Stamp).Keys);
    }

    [Fact]
    public async Task A_lost_response_has_committed()
    {
        var url = await SessionAsync();
        tenant.Server.FaultSwitches.Add(new FaultRule(FaultKind.LoseResponse, "importItem"));

        await Assert.ThrowsAsync<HttpRequestException>(() => tenant.Http.PostAsync(url, Json(Create(Stream(Sample("Hello"))))));

        Assert.Equal("Hello", Stored() is var (store, item) ? store.ReadMessage(item).Properties.GetString(PropertyTags.Subject) : null);
    }

    [Fact]
    public async Task Items_sessions_and_ids_outlive_the_process()
    {
        var id = (await ImportAsync(Create(Stream(Sample("Hello"))))).Expect(200)["itemId"]!.GetValue<string>();
        var session = new Uri(await SessionAsync()).PathAndQuery;

        await tenant.RestartAsync();

        Assert.Equal("Hello", (await ExportAsync(id)).Properties.GetString(PropertyTags.Subject));
        (await GraphReply.OfAsync(await tenant.Http.PostAsync(session, Json(Create(Stream(Sample("Second"))))))).Expect(200);
    }

    private async Task OpenMailboxAsync()
    {
        mailbox = "/admin/exchange/mailboxes/" + Uri.EscapeDataString(await tenant.CreateMailboxAsync("adele"));
        inbox = (await tenant.GetAsync($"{mailbox}/folders/inbox")).Expect(200)["id"]!.GetValue<string>();
    }

    private async Task<string> SessionAsync() =>
        (await tenant.PostAsync($"{mailbox}/createImportSession")).Expect(200)["importUrl"]!.GetValue<string>();

    private async Task<GraphReply> ImportAsync(string body) =>
        await GraphReply.OfAsync(await tenant.Http.PostAsync(await SessionAsync(), Json(body)));

    private async Task<MapiMessage> ExportAsync(string id)
    {
        var exported = (await tenant.PostAsync($"{mailbox}/exportItems", $$"""{"ItemIds":["{{id}}"]}""")).Expect(200);
        return Message(Convert.FromBase64String(exported["value"]![0]!["data"]!.GetValue<string>()));
    }

    private (Lab.Microsoft365.Mailboxes.TenantMailbox Store, Lab.Microsoft365.Mailboxes.TenantItem Item) Stored()
    {
        var store = tenant.Server.Mailboxes.Find($"adele@{TenantFixture.Domain}")!;
        return (store, Assert.Single(store.Items));
    }

    private string Create(byte[] stream) => new JsonObject
    {
        ["FolderId"] = inbox,
        ["Mode"] = "create",
        ["Data"] = Convert.ToBase64String(stream),
    }.ToJsonString();

    private string Update(string id, string changeKey, byte[] stream) => new JsonObject
    {
        ["FolderId"] = inbox,
        ["Mode"] = "update",
        ["ItemId"] = id,
        ["ChangeKey"] = changeKey,
        ["Data"] = Convert.ToBase64String(stream),
    }.ToJsonString();

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static MapiMessage Sample(string subject) => new()
    {
        Properties =
            new PropertyBag().Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, subject).Set(PropertyTags.Body,
                new string('x', 5000))
            .Set(StampName, PropertyType.String, "key-" + subject).Set(PropertyTags.MessageDeliveryTime,
                new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
        Recipients = { new PropertyBag().Set(PropertyTags.DisplayName, "Adele").Set(PropertyTags.RecipientType, 1) },
        Attachments =
        {
            new MapiAttachment
            {
                Properties = new PropertyBag().Set(PropertyTags.AttachMethod, 5),
                EmbeddedMessage = new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.Subject, "inside") },
            },
        },
    };

    private static byte[] Stream(MapiMessage message)
    {
        using var stream = new MemoryStream();
        var writer = new ItemStreamWriter(stream);
        MapiMessageWriter.Write(writer, message);
        writer.Complete();
        return stream.ToArray();
    }

    private static MapiMessage Message(byte[] stream)
    {
        var builder = new MapiMessageBuilder();
        var reader = new ItemStreamReader(builder);
        reader.Feed(stream);
        reader.Complete();
        return builder.Build();
    }
}
