using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

public sealed class PropertyStreamTests : IDisposable
{
    private readonly SourceLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task A_big_attachment_comes_in_pieces_and_in_few_calls()
    {
        var content = Enumerable.Range(0, 3_000_000).Select(n => (byte)(n * 13)).ToArray();
        var id = Save(new MapiMessage { Attachments = [File(content)] });
        await using var logon = await OpenAsync();
        var before = logon.Session.Calls;

        var read = new MemoryStream();
        await foreach (var piece in logon.ReadPropertyAsync(Inbox, id, [0], PropertyTags.AttachDataBinary, default))
        {
            Assert.InRange(piece.Length, 1, 0x7FFF);
            read.Write(piece.Span);
        }

        Assert.Equal(content, read.ToArray());
        Assert.InRange(logon.Session.Calls - before, 1, 13);
    }

    [Fact]
    public async Task An_attachment_of_a_message_in_an_attachment_is_listed_and_read_in_one_call_each()
    {
        var inner = new MapiMessage { Properties = [new(PropertyTags.Subject, "binnen")], Attachments = [File([1]), File([2, 3])] };
        var id = Save(new MapiMessage { Attachments = [File([9]), new MapiAttachment { EmbeddedMessage = inner }] });
        await using var logon = await OpenAsync();
        var before = logon.Session.Calls;

        var attachments = await logon.GetAttachmentsAsync(Inbox, id, [1], [PropertyTags.AttachNumber, PropertyTags.AttachSize], default);
        var data = await ReadAsync(logon.ReadPropertyAsync(Inbox, id, [1, 1], PropertyTags.AttachDataBinary, default));
        var subject = await ReadAsync(logon.ReadPropertyAsync(Inbox, id, [], PropertyTags.Subject, default));

        Assert.Equal([0, 1], attachments.Select(attachment => attachment.GetInteger(PropertyTags.AttachNumber)));
        Assert.Equal([(byte)2, 3], data);
        Assert.Equal("x\0"u8.ToArray(), subject);
        Assert.Equal(3, logon.Session.Calls - before);
    }

    [Fact]
    public async Task What_is_not_there_is_told_and_the_session_goes_on()
    {
        var id = Save(new MapiMessage { Attachments = [File([9])] });
        await using var logon = await OpenAsync();

        var error = await Assert.ThrowsAsync<MapiException>(() => ReadAsync(logon.ReadPropertyAsync(Inbox, id, [7], PropertyTags.AttachDataBinary, default)));
        Assert.Equal(("RopOpenAttachment", MapiErrorCode.NotFound), (error.Operation, error.ErrorCode));
        error = await Assert.ThrowsAsync<MapiException>(() => ReadAsync(logon.ReadPropertyAsync(Inbox, id, [0], PropertyTags.RtfCompressed, default)));
        Assert.Equal(("RopOpenStream", MapiErrorCode.NotFound), (error.Operation, error.ErrorCode));
        var data = await ReadAsync(logon.ReadPropertyAsync(Inbox, id, [0], PropertyTags.AttachDataBinary, default));
        Assert.Equal([(byte)9], data);
    }

    private ObjectId Inbox => ObjectId.Of(MailboxStore.ReplicaId, (ulong)lab.Inbox);

    private ObjectId Save(MapiMessage message)
    {
        message.Properties.Set(PropertyTags.Subject, "x");
        return ObjectId.Of(MailboxStore.ReplicaId, (ulong)lab.Anna.SaveMessage(lab.Inbox, message, isRead: true));
    }

    private static MapiAttachment File(byte[] content) =>
        new() { Properties = new PropertyBag().Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachDataBinary, content) };

    private async Task<MailboxLogon> OpenAsync()
    {
        var rpc = new InProcessRpcClient(lab.Server, SourceLab.Administrator);
        var session = await MapiSession.ConnectAsync(rpc, new MapiSessionOptions(SourceLab.Administrator.LegacyExchangeDN), default);
        return await MailboxLogon.OpenAsync(session, lab.Anna.LegacyExchangeDN, default);
    }

    private static async Task<byte[]> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var read = new MemoryStream();
        await foreach (var piece in pieces) read.Write(piece.Span);
        return read.ToArray();
    }
}
