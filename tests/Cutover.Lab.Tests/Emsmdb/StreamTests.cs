using Cutover.Core.Mailboxes;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

public sealed class StreamTests : IDisposable
{
    private readonly EmsmdbFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_big_value_is_an_error_in_a_row_and_whole_in_a_chained_stream()
    {
        var html = Enumerable.Range(0, 500_000).Select(n => (byte)(n * 7)).ToArray();
        var (client, message) = await OpenAsync(html);
        var row = await client.CallAsync([message], new GetPropertiesSpecificRequest(0, [PropertyTags.Html, PropertyTags.Subject]));
        Assert.Equal(
            [new PropertyError(MapiErrorCode.NotEnoughMemory), "groot"], Assert.IsType<GetPropertiesSpecificResponse>(row.Responses[0]).Row.Values);
        var opened = await client.CallAsync([message, RopBuffer.NoHandle], new OpenStreamRequest(0, 1, PropertyTags.Html));
        Assert.Equal((uint)html.Length, Assert.IsType<StreamSizeResponse>(opened.Responses[0]).StreamSize);

        var read = new List<byte>();
        var calls = 0;
        for (RopReply reply; ; calls++)
        {
            reply = await client.CallAsync([opened.Handles[1]], new ReadStreamRequest(0, MaximumByteCount: 1 << 30));
            var parts = reply.Responses.Cast<ReadStreamResponse>().ToList();
            foreach (var part in parts) read.AddRange(part.Data.Span);
            if (parts.Sum(part => part.Data.Length) == 0) break;
        }

        Assert.Equal(html, read);
        Assert.True(calls <= 3, $"{calls} calls");
    }

    [Fact]
    public async Task No_more_is_read_than_was_asked_for()
    {
        var (client, message) = await OpenAsync(new byte[100_000]);
        var reply = await client.CallAsync(
            [message, RopBuffer.NoHandle],
            new OpenStreamRequest(0, 1, PropertyTags.Html), new SeekStreamRequest(1, StreamOrigin.End, -10), new ReadStreamRequest(1, 100),
            new SeekStreamRequest(1, StreamOrigin.Beginning, 0), new ReadStreamRequest(1, MaximumByteCount: 70_000));

        Assert.Equal(99_990UL, Assert.IsType<SeekStreamResponse>(reply.Responses[1]).NewPosition);
        Assert.Equal(10, Assert.IsType<ReadStreamResponse>(reply.Responses[2]).Data.Length);
        Assert.Equal(70_000, reply.Responses.Skip(4).Cast<ReadStreamResponse>().Sum(part => part.Data.Length));
    }

    [Fact]
    public async Task What_is_written_shows_in_its_message_at_once_and_in_the_store_when_that_is_saved()
    {
        var (client, message) = await OpenAsync([1, 2, 3], OpenModeFlags.ReadWrite);
        var reply = await client.CallAsync(
            [message, RopBuffer.NoHandle],
            new OpenStreamRequest(0, 1, PropertyTags.Html, StreamOpenMode.ReadWrite), new SeekStreamRequest(1, StreamOrigin.Beginning, 2),
            new WriteStreamRequest(1, new byte[] { 9, 9 }), new SetStreamSizeRequest(1, 6), new GetPropertiesSpecificRequest(0, [PropertyTags.Html]));

        Assert.Equal([(byte)1, 2, 9, 9, 0, 0], Assert.IsType<byte[]>(Assert.IsType<GetPropertiesSpecificResponse>(reply.Responses[4]).Row.Values[0]));
        var id = fixture.Anna.Messages(fixture.Anna.FolderOf(FolderRole.Inbox))[0].Id;
        Assert.Equal([(byte)1, 2, 3], (byte[])fixture.Anna.ReadMessage(id).Properties[PropertyTags.Html]!);
        await client.CallAsync([client.Logon, message], new SaveChangesMessageRequest(0, 1, SaveFlags.KeepOpenReadWrite));
        Assert.Equal([(byte)1, 2, 9, 9, 0, 0], (byte[])fixture.Anna.ReadMessage(id).Properties[PropertyTags.Html]!);
    }

    [Fact]
    public async Task Text_is_streamed_in_UTF_16_without_a_NUL()
    {
        var (client, message) = await OpenAsync([1]);
        var reply = await client.CallAsync(
            [message, RopBuffer.NoHandle], new OpenStreamRequest(0, 1, PropertyTags.Subject), new ReadStreamRequest(1, 100));

        Assert.Equal("g\0r\0o\0o\0t\0"u8.ToArray(), Assert.IsType<ReadStreamResponse>(reply.Responses[1]).Data.ToArray());
    }

    [Fact]
    public async Task What_can_t_be_streamed_is_refused_in_the_specification_s_words()
    {
        var (client, message) = await OpenAsync([1, 2, 3]);
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        var reply = await client.CallAsync(
            [message, inbox, RopBuffer.NoHandle, RopBuffer.NoHandle],
            new OpenStreamRequest(0, 2, PropertyTags.RtfCompressed), new OpenStreamRequest(0, 2, PropertyTags.Importance),
            new OpenStreamRequest(1, 2, new PropertyTag(0x0E6A001F)), new OpenStreamRequest(0, 3, PropertyTags.Html),
            new WriteStreamRequest(3, new byte[1]), new SeekStreamRequest(3, StreamOrigin.Beginning, -1), new SeekStreamRequest(3, (StreamOrigin)9, 0),
            new SeekStreamRequest(3, StreamOrigin.Beginning, int.MaxValue), new SeekStreamRequest(3, StreamOrigin.Current, 1),
            new CopyToStreamRequest(3, 9, 5), new CloneStreamRequest(3, 2));

        Assert.Equal(
            [
                MapiErrorCode.NotFound, MapiErrorCode.NotSupported, MapiErrorCode.NotSupported, 0, 0x80030005, 0x80030019, 0x80030057,
                0, 0x80030019,
                MapiErrorCode.NullDestinationObject, MapiErrorCode.NotSupported,
            ],
            reply.Responses.Select(response => response.ReturnValue));
    }

    [Fact]
    public async Task A_read_of_more_than_two_gigabytes_fails_the_call()
    {
        var (client, message) = await OpenAsync([1]);
        var opened = await client.CallAsync([message, RopBuffer.NoHandle], new OpenStreamRequest(0, 1, PropertyTags.Html));
        var payload = RopBuffer.Of([new ReadStreamRequest(0, MaximumByteCount: 0x80000001)], [opened.Handles[1]]).Serialize();

        var response = await client.CallRawAsync(payload, EmsmdbClient.Plain, EmsmdbInterface.MaximumOutput);

        Assert.Equal(MapiErrorCode.RpcFormat, response.Result);
    }

    [Fact]
    public async Task A_folder_s_property_is_kept_when_its_stream_is_released()
    {
        var client = await fixture.LogOnAsync();
        var inbox = await client.OpenFolderAsync(fixture.Anna.FolderOf(FolderRole.Inbox));
        PropertyTag settings = new(0x36DA0102);
        await client.CallAsync(
            [inbox, RopBuffer.NoHandle],
            new OpenStreamRequest(0, 1, settings, StreamOpenMode.Create), new WriteStreamRequest(1, new byte[] { 4, 5 }), new ReleaseRequest(1));

        Assert.Equal([(byte)4, 5], (byte[])fixture.Anna.FolderPropertiesOf(fixture.Anna.FolderOf(FolderRole.Inbox))[settings]!);
    }

    private async Task<(EmsmdbClient Client, uint Message)> OpenAsync(byte[] html, OpenModeFlags flags = OpenModeFlags.ReadOnly)
    {
        var content = StoreFixture.Message("groot");
        content.Properties.Set(PropertyTags.Html, html);
        var inbox = fixture.Anna.FolderOf(FolderRole.Inbox);
        var id = fixture.Anna.SaveMessage(inbox, content, isRead: true);
        var client = await fixture.LogOnAsync();
        var reply = await client.CallAsync(
            [client.Logon, RopBuffer.NoHandle], new OpenMessageRequest(0, 1, EmsmdbClient.IdOf(inbox), EmsmdbClient.IdOf(id), flags));
        return (client, reply.Handles[1]);
    }
}
