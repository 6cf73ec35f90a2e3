using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>A damaged item costs itself at most: each rung of the ladder on which it is tried.</summary>
public sealed class DamagedItemTests : IDisposable
{
    private readonly SourceLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(MessageDamage.InSynchronization)]
    [InlineData(MessageDamage.StopsSynchronization)]
    public async Task A_message_that_only_the_synchronisation_can_t_give_comes_whole_by_itself(MessageDamage damage)
    {
        var messages = lab.FillInbox(6);
        lab.Anna.MarkDamaged(messages[3], damage);
        await using var source = await lab.OpenAsync();
        var run = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal(messages.Select(lab.KeyOf).ToHashSet(), run.Items.Select(item => item.Info.Key).ToHashSet());
        Assert.Equal(6, run.Items.Count);
        Assert.Equal(DigestOf(messages[3]), run.Items.Single(item => item.Info.Key == lab.KeyOf(messages[3])).Digest);
        Assert.Empty(run.Others);
        Assert.Empty((await SourceRun.ReadAsync(source, lab.InboxKey, run.State)).Items);
    }

    [Theory]
    [InlineData(MessageDamage.Whole)]
    [InlineData(MessageDamage.WholeAndStopsSynchronization)]
    public async Task A_message_that_can_t_be_read_at_all_is_told_with_its_subject_date_and_size(MessageDamage damage)
    {
        var messages = lab.FillInbox(5);
        lab.Anna.MarkDamaged(messages[2], damage);
        await using var source = await lab.OpenAsync();
        var run = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal(messages.Where((_, i) => i != 2).Select(lab.KeyOf).ToHashSet(), run.Items.Select(item => item.Info.Key).ToHashSet());
        var unreadable = Assert.Single(run.Others.OfType<Unreadable>());
        Assert.Equal((lab.KeyOf(messages[2]), "Message 3"), (unreadable.Item.Key, unreadable.Item.Subject));
        Assert.Equal(new DateTime(2026, 3, 2, 8, 0, 0), unreadable.Item.Received!.Value.UtcDateTime);
        Assert.Equal(lab.Anna.FindMessage(messages[2])!.Size, unreadable.Item.Size);
        Assert.Equal((FaultScope.Item, false), (unreadable.Fault.Scope, unreadable.Fault.IsTransient));
        Assert.Contains("0x8004011B", unreadable.Fault.Message);
    }

    [Fact]
    public async Task A_message_with_one_unreadable_property_is_kept_aside_with_all_the_others()
    {
        var messages = lab.FillInbox(3);
        var bad = lab.Anna.SaveMessage(lab.Inbox, SourceLab.Message("Bad body", attachmentSize: 50_000), isRead: true);
        lab.Anna.MarkDamaged(bad, MessageDamage.OneProperty);
        await using var source = await lab.OpenAsync();
        var kept = new MapiMessageBuilder();
        Unreadable? unreadable = null;
        await foreach (var change in source.GetChangesAsync(lab.InboxKey, null, default))
        {
            if (change is Upserted { Item: var item }) await item.DisposeAsync();
            if (change is not Unreadable { Partial: { } partial } found) continue;
            unreadable = found;
            await using (partial)
            await using (var stream = await partial.OpenAsync(default)) await ItemStreamReader.ReadAsync(stream, kept, default);
        }
        Assert.Equal((lab.KeyOf(bad), "Bad body"), (unreadable!.Item.Key, unreadable.Item.Subject));
        var copy = kept.Build();
        Assert.Equal("Bad body", copy.Properties.GetString(PropertyTags.Subject));
        Assert.Null(copy.Properties[PropertyTags.Body]);
        Assert.Equal("Boris Bakker", Assert.Single(copy.Recipients).GetString(PropertyTags.DisplayName));
        Assert.Equal(50_000, ((byte[])Assert.Single(copy.Attachments).Properties[PropertyTags.AttachDataBinary]!).Length);
        Assert.Equal(3, messages.Count);
    }

    [Fact]
    public async Task A_message_read_part_by_part_is_the_message()
    {
        var message = SourceLab.Message("Outer", attachmentSize: 300_000);
        message.Properties.Set(PropertyTags.Body, string.Concat(Enumerable.Repeat("Zoals besproken. ", 9000)));
        for (var i = 0; i < 300; i++)
            message.Recipients.Add(new PropertyBag().Set(PropertyTags.RecipientType, 2).Set(PropertyTags.DisplayName, $"Guest {i}")
                .Set(PropertyTags.AddressType, "SMTP").Set(PropertyTags.EmailAddress, $"guest{i}@fabrikam.com"));
        message.Attachments.Add(new() { EmbeddedMessage = SourceLab.Message("Inner", attachmentSize: 70_000) });
        message.Attachments[^1].Properties.Set(PropertyTags.AttachMethod, 5);
        var id = lab.Anna.SaveMessage(lab.Inbox, message, isRead: true);
        var session = await MapiSession.ConnectAsync(
            new InProcessRpcClient(lab.Server, SourceLab.Administrator), new MapiSessionOptions(SourceLab.Administrator.LegacyExchangeDN), default);
        await using var logon = await MailboxLogon.OpenAsync(session, SourceLab.AnnaMailbox.LegacyExchangeDN, default);
        var digest = new ItemDigest();
        var missing = await logon.ReadMessagePartsAsync(
            logon.Response.Folder(LogonFolder.Inbox), ObjectId.Of(MailboxStore.ReplicaId, (ulong)id), digest, default);
        Assert.Empty(missing);
        Assert.Equal(DigestOf(id), digest.Complete());
    }

    [Fact]
    public async Task Several_damaged_messages_in_a_row_cost_a_few_calls_each()
    {
        var messages = lab.FillInbox(120);
        foreach (var bad in messages.Skip(40).Take(10)) lab.Anna.MarkDamaged(bad, MessageDamage.WholeAndStopsSynchronization);
        await using var source = await lab.OpenAsync();
        var opened = source.RoundTrips;
        var run = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        Assert.Equal(110, run.Items.Select(item => item.Info.Key).Distinct().Count());
        Assert.Equal(110, run.Items.Count);
        Assert.Equal(10, run.Others.OfType<Unreadable>().Count());
        Assert.InRange(source.RoundTrips - opened, 1, 50);
    }

    [Fact]
    public async Task A_mended_message_comes_when_it_changes()
    {
        var messages = lab.FillInbox(3);
        lab.Anna.MarkDamaged(messages[1], MessageDamage.WholeAndStopsSynchronization);
        await using var source = await lab.OpenAsync();
        var first = await SourceRun.ReadAsync(source, lab.InboxKey, since: null);
        lab.Anna.MarkDamaged(messages[1], MessageDamage.None);
        lab.Anna.UpdateMessage(messages[1], SourceLab.Message("Mended"));
        var second = await SourceRun.ReadAsync(source, lab.InboxKey, first.State);
        Assert.Equal((lab.KeyOf(messages[1]), "Mended"), (Assert.Single(second.Items).Info.Key, second.Items[0].Info.Subject));
    }

    private ContentDigest DigestOf(long message)
    {
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, lab.Anna.ReadMessage(message));
        return digest.Complete();
    }
}
