using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class SynchronizationTests : IAsyncLifetime
{
    private const uint CorruptData = 0x8004011B;
    private static readonly PropertyName Named = PropertyName.Of(new Guid("00020329-0000-0000-c000-000000000046"), "x-contoso");
    private readonly EmsmdbFixture fixture = new();
    private EmsmdbClient client = null!;
    private SyncClient inbox = null!;

    private long Inbox => fixture.Anna.FolderOf(FolderRole.Inbox);

    public async ValueTask InitializeAsync()
    {
        client = await fixture.LogOnAsync();
        inbox = new SyncClient(fixture.Anna, client, Inbox);
    }

    public ValueTask DisposeAsync()
    {
        fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_first_synchronisation_brings_every_message_whole()
    {
        var saved = Save("with everything", Rich());
        Save("plain", StoreFixture.Message("plain"));

        var result = await inbox.SynchronizeAsync();

        Assert.Equal(2, result.Changed.Count);
        var message = result.Contents[(ulong)saved];
        Assert.Equal("a very own value", message.Properties[Named]);
        Assert.Equal("Boris Bakker", Assert.Single(message.Recipients).GetString(PropertyTags.DisplayName));
        Assert.Equal(40_000, ((byte[])message.Attachments[0].Properties[PropertyTags.AttachDataBinary]!).Length);
        Assert.Equal("inner", message.Attachments[1].EmbeddedMessage!.Properties.GetString(PropertyTags.Subject));
        Assert.NotNull(message.Properties[PropertyTags.EntryId]);
    }

    [Fact]
    public async Task A_second_synchronisation_brings_nothing_and_the_same_state()
    {
        Save("one", StoreFixture.Message("one"));
        var first = await inbox.SynchronizeAsync();

        var second = await inbox.SynchronizeAsync();

        Assert.Empty(second.Changed);
        Assert.Equal(first.FinalState!.Given, second.FinalState!.Given);
        Assert.Equal(first.FinalState.Seen, second.FinalState.Seen);
    }

    [Fact]
    public async Task Headers_have_what_was_asked_for_in_the_order_of_the_grammar()
    {
        var id = Save("one", StoreFixture.Message("one"));
        var changeNumber = fixture.Anna.FindMessage(id)!.ChangeNumber;

        var full = (await inbox.SynchronizeAsync()).MessageHeaders.Single();
        inbox.State = new ContentsSyncState();
        inbox.ExtraFlags = SynchronizationExtraFlags.None;
        var least = (await inbox.SynchronizeAsync()).MessageHeaders.Single();

        ushort[] fixedPart = [0x65E0, 0x3008, 0x65E2, 0x65E3, 0x67AA];
        Assert.Equal([.. fixedPart, 0x674A, 0x0E08, 0x67A4], full.Select(property => property.Tag.Id));
        Assert.Equal(fixedPart, least.Select(property => property.Tag.Id));
        Assert.Equal(EmsmdbClient.IdOf(id).ToInt64(), full[PropertyTags.Mid]);
        Assert.Equal(IdSet.WriteXid(fixture.Anna.ReplicaGuid, (ulong)changeNumber), full[PropertyTags.ChangeKey]);
        Assert.Equal([22, .. IdSet.WriteXid(fixture.Anna.ReplicaGuid, (ulong)changeNumber)], (byte[])full[PropertyTags.PredecessorChangeList]!);
    }

    [Fact]
    public async Task Only_what_changed_comes_and_moved_messages_are_gone()
    {
        var changed = Save("changes", StoreFixture.Message("changes"));
        var read = Save("is read", StoreFixture.Message("is read"));
        var moved = Save("moves", StoreFixture.Message("moves"));
        Save("stays", StoreFixture.Message("stays"));
        await inbox.SynchronizeAsync();

        fixture.Anna.UpdateMessage(changed, StoreFixture.Message("has changed"));
        fixture.Anna.SetReadState(read, true);
        fixture.Anna.MoveMessage(moved, fixture.Anna.FolderOf(FolderRole.DeletedItems));
        var result = await inbox.SynchronizeAsync();

        Assert.Equal([(ulong)changed], result.Changed.Keys);
        Assert.Equal([(ulong)read], result.Read);
        Assert.Equal([(ulong)moved], result.Deleted);
        Assert.Equal(3, inbox.Messages.Count);
    }

    [Fact]
    public async Task A_message_whose_change_was_seen_never_comes_even_when_it_was_never_given()
    {
        var id = Save("seen elsewhere", StoreFixture.Message("seen elsewhere"));
        inbox.State.Seen.Add(fixture.Anna.ReplicaGuid, (ulong)fixture.Anna.FindMessage(id)!.ChangeNumber);

        var result = await inbox.SynchronizeAsync();

        Assert.Empty(result.Changed);
        Assert.True(result.FinalState!.Given.IsEmpty);
    }

    [Fact]
    public async Task A_given_message_whose_change_is_unknown_comes_again()
    {
        var id = Save("given", StoreFixture.Message("given"));
        inbox.State.Given.Add(fixture.Anna.ReplicaGuid, (ulong)id);

        Assert.Equal([(ulong)id], (await inbox.SynchronizeAsync()).Changed.Keys);
    }

    [Fact]
    public async Task Flags_decide_what_is_told()
    {
        var gone = Save("gone", StoreFixture.Message("gone"));
        var normal = Save("normal", StoreFixture.Message("normal"));
        var associated = fixture.Anna.SaveMessage(Inbox, StoreFixture.Message("view"), isRead: true, isAssociated: true);
        await inbox.SynchronizeAsync();
        fixture.Anna.DeleteMessage(gone);
        fixture.Anna.SetReadState(normal, true);
        var state = inbox.State.Clone();

        inbox.Flags = SyncClient.All & ~SynchronizationFlags.ReadState | SynchronizationFlags.NoDeletions;
        var quiet = await inbox.SynchronizeAsync();
        inbox.State = state;
        inbox.Flags = SyncClient.All & ~SynchronizationFlags.FolderAssociated;
        var withoutAssociated = await inbox.SynchronizeAsync();

        Assert.Empty(quiet.Deleted.Concat(quiet.Read));
        Assert.True(quiet.FinalState!.Given.Contains(fixture.Anna.ReplicaGuid, (ulong)gone));
        Assert.Equal([(ulong)associated], withoutAssociated.NoLongerInScope);
        Assert.Equal([(ulong)normal], withoutAssociated.Read);
    }

    [Fact]
    public async Task The_newest_come_first_when_asked()
    {
        foreach (var day in (int[])[3, 9, 1])
        {
            var message = StoreFixture.Message($"day {day}");
            message.Properties.Set(PropertyTags.MessageDeliveryTime, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
            fixture.Anna.SaveMessage(Inbox, message, isRead: false);
        }
        inbox.ExtraFlags = SyncClient.Headers | SynchronizationExtraFlags.OrderByDeliveryTime;

        var result = await inbox.SynchronizeAsync();

        Assert.Equal(["day 9", "day 3", "day 1"], result.Changed.Values.Select(message => message.Subject));
    }

    [Fact]
    public async Task Properties_can_be_left_out_or_alone_let_in()
    {
        var id = (ulong)Save("rich", Rich());
        inbox.Tags = [PropertyTags.MessageAttachments, PropertyTags.Body];
        var without = (await inbox.SynchronizeAsync()).Contents[id];
        inbox.State = new ContentsSyncState();
        inbox.Tags = [PropertyTags.Subject];
        inbox.Flags = SyncClient.All | SynchronizationFlags.OnlySpecifiedProperties;

        var only = (await inbox.SynchronizeAsync()).Contents[id];

        Assert.Null(without.Properties[PropertyTags.Body]);
        Assert.Equal((1, 0, 2), (without.Recipients.Count, without.Attachments.Count, Rich().Attachments.Count));
        Assert.Equal("rich", Assert.Single(only.Properties).Value);
        Assert.Equal((0, 0), (only.Recipients.Count, only.Attachments.Count));
    }

    [Theory]
    [InlineData(SendOptions.Unicode | SendOptions.ForceUnicode, 0x001Fu)]
    [InlineData(SendOptions.UseCpid | SendOptions.ForceUnicode, 0x84B0u)]
    [InlineData(SendOptions.ForUpload, 0x84B0u)]
    [InlineData(SendOptions.None, 0x001Eu)]
    public async Task Strings_take_the_type_that_was_asked_for(SendOptions options, uint type)
    {
        Save("café", StoreFixture.Message("café"));
        inbox.SendOptions = options;

        var result = await inbox.SynchronizeAsync();

        Assert.Equal("café", Assert.Single(result.Changed.Values).Subject);
        var types = new StreamAtoms(inbox.Streams[0]).Properties.Select(property => property.Tag & 0xFFFF);
        Assert.Equal([type], types.Where(found => found is 0x1E or 0x1F or >= 0x8000).Distinct());
    }

    [Theory]
    [InlineData(0x40000, ushort.MaxValue)]
    [InlineData(0x18008, 0x7BC0)]
    [InlineData(0x8000, 5000)]
    [InlineData(1500, 1024)]
    public async Task A_stream_is_the_same_in_any_buffers_and_cut_only_where_it_may_be(int maximumOutput, ushort bufferSize)
    {
        for (var i = 0; i < 8; i++) Save($"message {i}", Rich());
        var whole = await client.DownloadAsync(await inbox.ConfigureAsync());
        var atoms = new StreamAtoms(whole);
        var download = await inbox.ConfigureAsync();
        var offset = 0;
        for (var status = TransferStatus.Partial; status == TransferStatus.Partial;)
        {
            var get = new FastTransferSourceGetBufferRequest(0, MaximumBufferSize: bufferSize);
            var reply = await client.CallAsync([download], [get], EmsmdbClient.Plain | Mapi.Emsmdb.RpcExt2Flags.Chain, maximumOutput);
            foreach (var part in reply.Responses.Cast<FastTransferSourceGetBufferResponse>())
            {
                Assert.True(part.TransferBuffer.Span.SequenceEqual(whole.AsSpan(offset, part.TransferBuffer.Length)));
                offset += part.TransferBuffer.Length;
                Assert.True(atoms.IsLegalCut(offset), $"cut at {offset}");
                status = part.TransferStatus;
            }
        }
        Assert.Equal(whole.Length, offset);
    }

    [Fact]
    public async Task Buffers_are_chained_as_far_as_the_output_goes()
    {
        Save("big", Attached(2_000_000));
        var download = await inbox.ConfigureAsync();

        var chained = await client.CallAsync([download], new FastTransferSourceGetBufferRequest(0));
        var single = await client.CallAsync([download], [new FastTransferSourceGetBufferRequest(0)], EmsmdbClient.Plain, 0x40000);

        Assert.Equal((8, 1), (chained.Buffers, single.Buffers));
        Assert.True(chained.Responses.Cast<FastTransferSourceGetBufferResponse>().Sum(response => response.TransferBuffer.Length) > 250_000);
    }

    [Fact]
    public async Task A_big_attachment_comes_through()
    {
        var id = Save("30 MB", Attached(30_000_000));

        var result = await inbox.SynchronizeAsync();

        var sent = (byte[])fixture.Anna.ReadMessage(id).Attachments[0].Properties[PropertyTags.AttachDataBinary]!;
        var received = (byte[])result.Contents[(ulong)id].Attachments[0].Properties[PropertyTags.AttachDataBinary]!;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Messages_are_read_when_they_are_fetched()
    {
        for (var i = 0; i < 50; i++) Save($"message {i}", Attached(20_000));
        var ids = fixture.Anna.Messages(Inbox).Select(message => message.Id).ToList();
        var download = await inbox.ConfigureAsync();
        var first = await client.CallAsync([download], [new FastTransferSourceGetBufferRequest(0)], EmsmdbClient.Plain, 0x8000);
        fixture.Anna.DeleteMessage(ids[^1]);
        fixture.Anna.UpdateMessage(ids[^2], StoreFixture.Message("changed meanwhile"));

        var rest = await client.DownloadAsync(download);

        var result = new SyncResult(fixture.Anna);
        var lexer = new FastTransferLexer(new ContentsSyncReader(result));
        lexer.Feed(((FastTransferSourceGetBufferResponse)first.Responses[0]).TransferBuffer.Span);
        lexer.Feed(rest);
        Assert.Equal(49, result.Changed.Count);
        Assert.Equal("changed meanwhile", result.Changed[(ulong)ids[^2]].Subject);
        Assert.False(result.FinalState!.Given.Contains(fixture.Anna.ReplicaGuid, (ulong)ids[^1]));
        inbox.State = result.FinalState;
        Assert.Empty((await inbox.SynchronizeAsync()).Changed);
    }

    [Fact]
    public async Task A_damaged_message_costs_itself_only_in_recover_mode_and_comes_when_mended()
    {
        Save("good", StoreFixture.Message("good"));
        var bad = Save("bad", StoreFixture.Message("bad"));
        Save("good too", StoreFixture.Message("good too"));
        fixture.Anna.MarkDamaged(bad, MessageDamage.Whole);
        inbox.SendOptions |= SendOptions.RecoverMode;

        var damaged = await inbox.SynchronizeAsync();
        fixture.Anna.MarkDamaged(bad, MessageDamage.None);
        var mended = await inbox.SynchronizeAsync();

        Assert.Equal(["good", "good too"], damaged.Changed.Values.Select(message => message.Subject));
        var error = (byte[])Assert.Single(damaged.Errors)[new PropertyTag(0x00000102)]!;
        Assert.Equal(CorruptData, BitConverter.ToUInt32(error, 4));
        Assert.Equal(((ulong)Inbox, (ulong)bad), (IdSet.ReadXid(error.AsSpan(8, 22)).Counter, IdSet.ReadXid(error.AsSpan(32, 22)).Counter));
        Assert.Equal("bad", Assert.Single(mended.Changed.Values).Subject);
    }

    [Fact]
    public async Task A_damaged_message_ends_a_synchronisation_that_does_not_recover()
    {
        Save("good", StoreFixture.Message("good"));
        fixture.Anna.MarkDamaged(Save("bad", StoreFixture.Message("bad")), MessageDamage.Whole);
        var download = await inbox.ConfigureAsync();
        var get = new FastTransferSourceGetBufferRequest(0);

        var reply = await client.CallAsync([download], get);
        var again = await client.CallAsync([download], get);

        Assert.Equal([0u, CorruptData], reply.Responses.Select(response => response.ReturnValue));
        Assert.Equal(CorruptData, again.Responses[0].ReturnValue);
    }

    [Fact]
    public async Task A_busy_server_says_how_long_to_wait_and_loses_nothing()
    {
        Save("one", StoreFixture.Message("one"));
        fixture.Options.Faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "RopFastTransferSourceGetBuffer", Delay: TimeSpan.FromMilliseconds(70)));
        var download = await inbox.ConfigureAsync();

        var busy = await client.CallAsync([download], new FastTransferSourceGetBufferRequest(0));
        var stream = await client.DownloadAsync(download);

        var response = Assert.IsType<FastTransferSourceGetBufferResponse>(Assert.Single(busy.Responses));
        Assert.Equal((MapiErrorCode.ServerBusy, 70u), (response.ReturnValue, response.BackoffTime));
        Assert.Single(new StreamAtoms(stream).Markers, marker => marker == (uint)FastTransferMarker.IncrSyncChg);
    }

    [Fact]
    public async Task Progress_is_told_only_when_asked()
    {
        Save("one", StoreFixture.Message("one"));
        await inbox.SynchronizeAsync();
        inbox.State = new ContentsSyncState();
        inbox.Flags |= SynchronizationFlags.Progress;
        await inbox.SynchronizeAsync();

        uint[] progress = [(uint)FastTransferMarker.IncrSyncProgressMode, (uint)FastTransferMarker.IncrSyncProgressPerMsg];
        Assert.DoesNotContain(new StreamAtoms(inbox.Streams[0]).Markers, marker => progress.Contains(marker));
        Assert.Equal([.. progress, (uint)FastTransferMarker.IncrSyncChg], new StreamAtoms(inbox.Streams[1]).Markers.Take(3));
    }

    [Fact]
    public async Task The_transfer_state_is_what_was_uploaded()
    {
        Save("one", StoreFixture.Message("one"));
        inbox.State.Given.AddRange(fixture.Anna.ReplicaGuid, 5, 9);
        var synchronization = await inbox.ConfigureAsync();
        var reply = await client.CallAsync([synchronization, RopBuffer.NoHandle], new GetTransferStateRequest(0, 1));

        var stream = await client.DownloadAsync(reply.Handles[1]);

        var result = new SyncResult(fixture.Anna);
        new FastTransferLexer(new ContentsSyncReader(result)).Feed(stream);
        Assert.Equal(inbox.State.Given, result.FinalState!.Given);
        Assert.Equal([(uint)FastTransferMarker.IncrSyncStateBegin, (uint)FastTransferMarker.IncrSyncStateEnd], new StreamAtoms(stream).Markers);
    }

    [Theory]
    [InlineData((SynchronizationType)4, SynchronizationFlags.Unicode, 0, MapiErrorCode.InvalidParameter)]
    [InlineData(SynchronizationType.Hierarchy, SynchronizationFlags.Normal, 0, MapiErrorCode.InvalidParameter)]
    [InlineData(SynchronizationType.Contents, SynchronizationFlags.Normal, 1, MapiErrorCode.InvalidParameter)]
    [InlineData(SynchronizationType.Contents, SynchronizationFlags.Normal, 0, MapiErrorCode.InvalidParameter, (SendOptions)0x80)]
    [InlineData(SynchronizationType.Contents, SynchronizationFlags.Normal, 0, MapiErrorCode.Success, (SendOptions)0x20)]
    public async Task A_synchronisation_that_cannot_be_is_refused(
        SynchronizationType type, SynchronizationFlags flags, int restriction, uint expected, SendOptions options = SendOptions.Unicode)
    {
        var folder = await client.OpenFolderAsync(Inbox);
        var request = new SynchronizationConfigureRequest(0, 1, type, options, flags, 0, []) { Restriction = new byte[restriction] };

        Assert.Equal(expected, (await client.CallAsync([folder, RopBuffer.NoHandle], request)).Responses[0].ReturnValue);
    }

    [Fact]
    public async Task The_reserved_flag_breaks_the_protocol()
    {
        var folder = await client.OpenFolderAsync(Inbox);
        var request = new SynchronizationConfigureRequest(0, 1, SynchronizationType.Contents, SendOptions.Unicode, (SynchronizationFlags)0x1000, 0, []);

        Assert.Equal(MapiErrorCode.RpcFormat, (await client.CallAsync([folder, RopBuffer.NoHandle], request)).Result);
    }

    [Fact]
    public async Task A_restriction_lets_in_what_it_matches_and_no_more()
    {
        foreach (var subject in (string[])["Offerte 1", "Factuur", "Offerte 2"])
            fixture.Anna.SaveMessage(Inbox, new MapiMessage { Properties = new PropertyBag().Set(PropertyTags.Subject, subject) }, isRead: false);
        var writer = new RopWriter();
        new Restriction.Content(
            FuzzyLevel.Prefix, FuzzyOptions.None, PropertyTags.Subject, new PropertyValue(PropertyTags.Subject, "Offerte")).Write(writer);
        var folder = await client.OpenFolderAsync(Inbox);
        var configured = await client.CallAsync(
            [folder, RopBuffer.NoHandle],
            new SynchronizationConfigureRequest(0, 1, SynchronizationType.Contents, SendOptions.Unicode, SyncClient.All, SyncClient.Headers, [])
            {
                Restriction = writer.Written,
            });

        var stream = await client.DownloadAsync(configured.Handles[1]);

        Assert.Equal(2, new StreamAtoms(stream).Markers.Count(marker => marker == (uint)FastTransferMarker.IncrSyncMessage));
    }

    [Fact]
    public async Task A_broken_state_is_refused_and_a_boundless_one_harmless()
    {
        var synchronization = await inbox.ConfigureAsync();
        var broken = await client.CallAsync(
            [synchronization],
            new UploadStateStreamEndRequest(0), new UploadStateStreamBeginRequest(0, PropertyTags.Subject, 1),
            new UploadStateStreamBeginRequest(0, PropertyTags.MetaTagCnsetSeen, 3), new UploadStateStreamContinueRequest(0, new byte[] { 1, 2, 3 }),
            new UploadStateStreamEndRequest(0));
        Save("one", StoreFixture.Message("one"));
        inbox.State.Given.AddRange(fixture.Anna.ReplicaGuid, 0, IdSet.MaxCounter);

        var result = await inbox.SynchronizeAsync();

        const uint invalid = MapiErrorCode.InvalidParameter;
        Assert.Equal([invalid, invalid, 0, 0, invalid], broken.Responses.Select(response => response.ReturnValue));
        Assert.Single(result.Changed);
        Assert.DoesNotContain((ulong)Inbox, result.FinalState!.Given.Ranges.Select(range => range.Low));
    }

    [Fact]
    public async Task Messages_can_be_copied_apart_from_a_synchronisation()
    {
        var id = Save("copy me", Rich());
        var view = fixture.Anna.SaveMessage(Inbox, StoreFixture.Message("view"), isRead: true, isAssociated: true);
        var folder = await client.OpenFolderAsync(Inbox);
        var open = new OpenMessageRequest(0, 1, EmsmdbClient.IdOf(Inbox), EmsmdbClient.IdOf(id));
        var reply = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle, RopBuffer.NoHandle, folder, RopBuffer.NoHandle], open,
            new FastTransferSourceCopyToRequest(1, 2, 0, 0, SendOptions.ForUpload, []), new TellVersionRequest(2, 0x0F14, 0x8000, 0),
            new FastTransferSourceCopyMessagesRequest(3, 4, [EmsmdbClient.IdOf(id), EmsmdbClient.IdOf(view), EmsmdbClient.IdOf(77)], 0, SendOptions.Unicode));
        Assert.All(reply.Responses, response => Assert.Equal(0u, response.ReturnValue));

        var builder = new MapiMessageBuilder();
        new FastTransferLexer(builder).Feed(await client.DownloadAsync(reply.Handles[2]));
        var list = new StreamAtoms(await client.DownloadAsync(reply.Handles[4]));

        var copy = builder.Build();
        Assert.Equal((1, 2, "copy me"), (copy.Recipients.Count, copy.Attachments.Count, copy.Properties.GetString(PropertyTags.Subject)));
        Assert.Null(copy.Properties[PropertyTags.EntryId]);
        uint[] outer = [(uint)FastTransferMarker.StartMessage, (uint)FastTransferMarker.EndMessage, (uint)FastTransferMarker.StartFAIMsg];
        Assert.Equal([outer[0], outer[1], outer[2], outer[1]], list.Markers.Where(marker => outer.Contains(marker)));
        Assert.DoesNotContain(PropertyTags.LastModificationTime.Value, list.Properties.Select(property => property.Tag).TakeWhile(tag => tag != PropertyTags.AttachNumber.Value));
    }

    [Fact]
    public async Task The_hierarchy_is_synchronised_with_parents_first()
    {
        var root = fixture.Anna.FolderOf(FolderRole.Root);
        var parent = fixture.Anna.CreateFolder(Inbox, "Projecten", "IPF.Note");
        var child = fixture.Anna.CreateFolder(parent, "2026", "IPF.Note");
        var state = new ContentsSyncState();

        var first = await SynchronizeHierarchyAsync(root, state);
        fixture.Anna.RenameFolder(parent, "Projects");
        fixture.Anna.DeleteFolder(child);
        var second = await SynchronizeHierarchyAsync(root, first.FinalState!);

        Assert.Equal(fixture.Anna.Folders.Count(folder => folder.Parent == root) + 2, first.Folders.Count);
        var known = new HashSet<string> { "" };
        foreach (var folder in first.Folders)
        {
            Assert.Contains(Convert.ToHexString((byte[])folder[PropertyTags.ParentSourceKey]!), known);
            known.Add(Convert.ToHexString((byte[])folder[PropertyTags.SourceKey]!));
        }
        Assert.Equal("Projects", Assert.Single(second.Folders).GetString(PropertyTags.DisplayName));
        Assert.Equal([(ulong)child], second.Deleted);
    }

    private async Task<SyncResult> SynchronizeHierarchyAsync(long root, ContentsSyncState state)
    {
        var folder = await client.OpenFolderAsync(root);
        var requests = new List<RopRequest>
        {
            new SynchronizationConfigureRequest(
                0, 1, SynchronizationType.Hierarchy, SendOptions.Unicode, SynchronizationFlags.Unicode, SynchronizationExtraFlags.Eid, []),
        };
        foreach (var property in state.ToProperties().Take(2))
        {
            var bytes = (byte[])property.Value;
            requests.Add(new UploadStateStreamBeginRequest(1, property.Tag, (uint)bytes.Length));
            requests.Add(new UploadStateStreamContinueRequest(1, bytes));
            requests.Add(new UploadStateStreamEndRequest(1));
        }
        var reply = await client.CallAsync([folder, RopBuffer.NoHandle], [.. requests]);
        var result = new SyncResult(fixture.Anna);
        new FastTransferLexer(new ContentsSyncReader(result)).Feed(await client.DownloadAsync(reply.Handles[1]));
        return result;
    }

    private long Save(string subject, MapiMessage message)
    {
        message.Properties.Set(PropertyTags.Subject, subject);
        return fixture.Anna.SaveMessage(Inbox, message, isRead: false);
    }

    private static MapiMessage Attached(int size) => StoreFixture.Message("attached", size);

    private static MapiMessage Rich()
    {
        var message = StoreFixture.Message("rich", 40_000);
        message.Properties.Set(Named, PropertyType.String, "a very own value");
        message.Properties.Set(new PropertyTag(0x7001101F), new[] { "one", "twee", "" });
        message.Properties.Set(new PropertyTag(0x70021102), new byte[][] { [1], [], [2, 3] });
        message.Properties.Set(new PropertyTag(0x70031003), new[] { 1, 2, 3 });
        message.Attachments.Add(new MapiAttachment { EmbeddedMessage = StoreFixture.Message("inner") });
        return message;
    }
}
