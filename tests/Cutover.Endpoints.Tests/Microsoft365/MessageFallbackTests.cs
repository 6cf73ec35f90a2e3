using System.Text;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>Items that import refuses become messages of Graph where they are mail.</summary>
public sealed class MessageFallbackTests : IAsyncLifetime
{
    private static readonly DateTime Delivered = new(2019, 5, 1, 10, 0, 0, DateTimeKind.Utc);

    private TenantLab lab = null!;
    private IMailboxTarget target = null!;
    private TargetFolderId inbox;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TenantMailbox Mailbox => lab.Server.Mailboxes.Find($"anna@{TenantLab.Domain}")!;

    public async ValueTask InitializeAsync()
    {
        lab = await TenantLab.StartAsync(options => options with { RefusesImport = subject => subject?.StartsWith("Odd", StringComparison.Ordinal) == true, RefusesAttachment = name => name == "virus.exe" });
        target = await lab.OpenMailboxAsync("anna");
        inbox = await target.EnsureFolderAsync(new MailboxFolder(new FolderKey("inbox"), null, "Inbox", FolderRole.Inbox, "IPF.Note", 0), null, null, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        await lab.DisposeAsync();
    }

    [Fact]
    public async Task A_refused_mail_arrives_as_a_message_with_text_people_times_and_attachments()
    {
        var item = new TestItem(Mail(), "k");

        var uploaded = await target.UploadAsync(item, inbox, null, Ct);

        Assert.Contains("ErrorCorruptData", uploaded.Loss, StringComparison.Ordinal);
        Assert.Equal(new TargetItemInfo(uploaded.Item, item.Info.Key, "1", uploaded.Loss), await target.FindAsync(inbox, item.Info.Key, Ct));
        var arrived = Arrived();
        var properties = arrived.Properties;
        Assert.Equal("Odd mail", properties.GetString(PropertyTags.Subject));
        Assert.Contains("<b>Hello</b>", Encoding.UTF8.GetString((byte[])properties[PropertyTags.Html]!), StringComparison.Ordinal);
        Assert.Equal(Delivered, properties[PropertyTags.MessageDeliveryTime]);
        Assert.Equal(0, properties.GetInteger(PropertyTags.MessageFlags) & 0x9);
        Assert.Equal("<odd@contoso.com>", properties.GetString(PropertyTags.InternetMessageId));
        Assert.Equal(["Blue"], (string[])properties[PropertyNames.Keywords]!);
        Assert.Equal((2, 2), (properties.GetInteger(PropertyTags.FlagStatus), properties.GetInteger(PropertyTags.Importance)));
        Assert.Equal("Bea <bea@contoso.com>", Words(MessagePeople.SentRepresenting(properties)));
        Assert.Equal(["1 Carl <carl@contoso.com>", "2 Dora <dora@contoso.com>"],
            arrived.Recipients.Select(row => $"{row.GetInteger(PropertyTags.RecipientType)} {Words(MessagePeople.Recipient(row))}"));
        Assert.Equal([("small.txt", 9), ("large.bin", 4_000_000), ("Within.eml", -1)],
            arrived.Attachments.Select(file => (file.Properties.GetString(PropertyTags.AttachLongFilename)!, file.Properties.GetString(PropertyTags.AttachLongFilename) == "Within.eml" ? -1 : Content(file).Length)));
        Assert.Equal(Noise(4_000_000), Content(arrived.Attachments[1]));
        Assert.Contains("Subject: Within", Encoding.UTF8.GetString(Content(arrived.Attachments[2])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_version_takes_the_place_of_the_one_before()
    {
        var whole = await target.UploadAsync(TestItem.Note("k", "Even"), inbox, null, Ct);

        var uploaded = await target.UploadAsync(TestItem.Note("k", "Odd", version: "2"), inbox, whole.Item, Ct);
        var again = await target.UploadAsync(TestItem.Note("k", "Odd", version: "3"), inbox, uploaded.Item, Ct);

        Assert.Equal(new TargetItemInfo(again.Item, new ItemKey("k"), "3", again.Loss), Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync()));
    }

    [Theory]
    [InlineData("POST /v1.0/users/")]
    [InlineData("attachments")]
    [InlineData("attachmentsessions")]
    [InlineData("PATCH /v1.0/users/")]
    public async Task A_message_that_was_cut_off_counts_as_not_there_and_is_written_anew_once(string lost)
    {
        var item = new TestItem(Mail(), "k");
        lab.Faults.Add(new FaultRule(FaultKind.LoseResponse, lost, Times: lost.StartsWith("PATCH", StringComparison.Ordinal) ? 3 : 1));

        var fault = await Record.ExceptionAsync(() => target.UploadAsync(item, inbox, null, Ct));
        var found = await target.FindAsync(inbox, item.Info.Key, Ct);
        lab.Faults.Clear();
        if (found?.Version != "1")
        {
            Assert.True(Assert.IsType<MigrationFault>(fault) is { IsTransient: true, Scope: FaultScope.Mailbox });
            await target.UploadAsync(item, inbox, found?.Item, Ct);
        }

        Assert.Equal("1", Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync()).Version);
        Assert.Equal(3, Arrived().Attachments.Count);
        // An uploadUrl carries a token.
        Assert.DoesNotContain("authtoken", string.Join('\n', lab.Logs.Lines) + fault, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("IPM.Appointment")]
    [InlineData("IPM.Contact")]
    [InlineData("IPM.Note.SMIME")]
    public async Task What_a_message_can_not_hold_stays_refused(string itemClass)
    {
        var message = Mail();
        message.Properties.Set(PropertyTags.MessageClass, itemClass);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(new TestItem(message, "k"), inbox, null, Ct));

        Assert.Equal((FaultScope.Item, false), (fault.Scope, fault.IsTransient));
        Assert.Empty(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_version_that_import_takes_leaves_nothing_of_the_loss_before()
    {
        var lossy = await target.UploadAsync(TestItem.Note("k", "Odd"), inbox, null, Ct);

        var whole = await target.UploadAsync(TestItem.Note("k", "Even", version: "2"), inbox, lossy.Item, Ct);

        Assert.Null(whole.Loss);
        Assert.Equal(new TargetItemInfo(whole.Item, new ItemKey("k"), "2"), Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync()));
    }

    [Fact]
    public async Task An_item_whose_bytes_are_no_message_costs_itself_and_not_its_mailbox()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(new CutItem(TestItem.Note("k")), inbox, null, Ct));

        Assert.Equal((FaultScope.Item, false), (fault.Scope, fault.IsTransient));
        Assert.Contains("It can't be written as a message either", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_with_more_beside_its_attachments_than_may_be_held_in_memory_stays_refused()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(TestItem.Note("k", "Odd", attachmentSize: 17 * 1024 * 1024), inbox, null, Ct));

        Assert.Equal(FaultScope.Item, fault.Scope);
        Assert.Contains("beside the content of its attachments", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await target.GetItemsAsync(inbox, Ct).ToListAsync());
    }

    [Fact]
    public async Task A_message_whose_attachment_is_refused_leaves_the_older_version_and_nothing_by_half()
    {
        var whole = await target.UploadAsync(TestItem.Note("k", "Even"), inbox, null, Ct);
        var message = Mail();
        message.Attachments.Add(File("virus.exe", [1]));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => target.UploadAsync(new TestItem(message, "k", "2"), inbox, whole.Item, Ct));

        Assert.Equal(FaultScope.Item, fault.Scope);
        Assert.Contains("It can't be written as a message either", fault.Message, StringComparison.Ordinal);
        Assert.Equal(new TargetItemInfo(whole.Item, new ItemKey("k"), "1"), Assert.Single(await target.GetItemsAsync(inbox, Ct).ToListAsync()));
    }

    [Fact]
    public async Task A_busy_service_is_waited_for_between_ranges()
    {
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "attachmentsessions", Times: 2));

        await target.UploadAsync(new TestItem(Mail(), "k"), inbox, null, Ct);

        Assert.Equal(Noise(4_000_000), Content(Arrived().Attachments[1]));
    }

    private MapiMessage Arrived()
    {
        var folder = Mailbox.FindFolder(inbox.Value)!;
        return Mailbox.ReadMessage(Assert.Single(Mailbox.ItemsOf(folder)));
    }

    private static MapiMessage Mail()
    {
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, "Odd mail")
            .Set(PropertyTags.Html, "<html><body><b>Hello</b></body></html>"u8.ToArray()).Set(PropertyTags.InternetCodepage, 65001)
            .Set(PropertyTags.MessageFlags, 0).Set(PropertyTags.MessageDeliveryTime, Delivered).Set(PropertyTags.InternetMessageId, "<odd@contoso.com>")
            .Set(PropertyTags.FlagStatus, 2).Set(PropertyTags.Importance, 2).Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Blue" });
        MessageAddress.Smtp("Bea", "bea@contoso.com").SetSentRepresenting(message.Properties);
        message.Recipients.Add(MessageAddress.Smtp("Carl", "carl@contoso.com").ToRecipient(1, 0));
        message.Recipients.Add(MessageAddress.Smtp("Dora", "dora@contoso.com").ToRecipient(2, 1));
        message.Attachments.Add(File("small.txt", "Some text"u8.ToArray()));
        message.Attachments.Add(File("large.bin", Noise(4_000_000)));
        message.Attachments.Add(Embedded("Within"));
        return message;
    }

    private static MapiAttachment File(string name, byte[] content)
    {
        var attachment = new MapiAttachment();
        attachment.Properties.Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachLongFilename, name).Set(PropertyTags.AttachDataBinary, content);
        return attachment;
    }

    private static MapiAttachment Embedded(string subject)
    {
        var embedded = new MapiMessage();
        embedded.Properties.Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, subject).Set(PropertyTags.Body, "Within");
        var attachment = new MapiAttachment { EmbeddedMessage = embedded };
        attachment.Properties.Set(PropertyTags.AttachMethod, 5);
        return attachment;
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static byte[] Content(MapiAttachment file) => (byte[])file.Properties[PropertyTags.AttachDataBinary]!;

    private static string Words(MessageAddress? person) => $"{person?.Name} <{person?.SmtpAddress}>";

    /// <summary>An item whose stream ends in the middle.</summary>
    private sealed class CutItem(TestItem whole) : MailboxItem
    {
        public override ItemInfo Info => whole.Info;

        public override FolderKey Folder => whole.Folder;

        public override ContentDigest Digest => whole.Digest;

        public override long StreamLength => whole.StreamLength / 2;

        public override async ValueTask<Stream> OpenAsync(CancellationToken ct)
        {
            var half = new byte[StreamLength];
            await using var stream = await whole.OpenAsync(ct);
            await stream.ReadExactlyAsync(half, ct);
            return new MemoryStream(half, writable: false);
        }

        public override ValueTask DisposeAsync() => whole.DisposeAsync();
    }
}
