using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>A property of a message, its recipient or its attachment that the server could not give.</summary>
public sealed record MissingPart(PropertyTag Tag, uint ErrorCode);

/// <summary>
/// Reads an open message part by part, for a message that no copy gives: each property by itself where need be, long ones as streams, then recipients, then
/// attachments with the messages in them. What can't be read is left out and told. Source: [MS-OXCPRPT] 3.1.4, [MS-OXCMSG] 3.1.4.
/// </summary>
internal sealed class MessageParts(MapiSession session, uint logon, string dnPrefix, IFastTransferHandler content)
{
    private const int AttachEmbeddedMessage = 5;

    private readonly List<MissingPart> missing = [];

    public IReadOnlyList<MissingPart> Missing => missing;

    /// <summary>Reads what a message object holds and lets go of it.</summary>
    public async Task ReadMessageAsync(uint message, OpenedMessage opened, CancellationToken ct)
    {
        await ReadPropertiesAsync(message, _ => true, ct);
        await ReadRecipientsAsync(message, opened, ct);
        foreach (var number in await AttachmentNumbersAsync(message, ct)) await ReadAttachmentAsync(message, number, ct);
        session.ReleaseLater(message);
    }

    private async Task<PropertyBag> ReadPropertiesAsync(uint owner, Func<PropertyTag, bool> isWanted, CancellationToken ct)
    {
        var batch = new RopBatch();
        var list = await session.ExecuteAsync(batch.Add(new GetPropertiesListRequest(batch.Use(owner))), ct);
        var tags = list.ThrowIfFailed().Get<GetPropertiesListResponse>().Tags.Where(isWanted).ToList();
        var names = await NamesAsync(tags, ct);
        var read = new PropertyBag();
        foreach (var (tag, value) in tags.Zip(await ValuesAsync(owner, tags, ct)))
        {
            var name = names.GetValueOrDefault(tag.Id);
            if (value is PropertyError { Code: var code }) await ReadLongAsync(owner, tag, name, code, ct);
            else if (value is not null) read.Add(new PropertyValue(tag, value, name));
        }
        foreach (var property in read) content.Property(property);
        return read;
    }

    /// <summary>The values in one call; where one of them fails the call, each in a call of its own.</summary>
    private async Task<IReadOnlyList<object?>> ValuesAsync(uint owner, IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        if (tags.Count == 0) return [];
        var answer = await AskAsync(owner, tags, ct);
        if (answer.IsSuccess) return ((GetPropertiesSpecificResponse)answer).Row.Values;
        if (tags.Count == 1) return [new PropertyError(answer.ReturnValue)];
        var values = new List<object?>();
        foreach (var tag in tags) values.AddRange(await ValuesAsync(owner, [tag], ct));
        return values;
    }

    private async Task<RopResponse> AskAsync(uint owner, IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        var batch = new RopBatch();
        return (await session.ExecuteAsync(batch.Add(new GetPropertiesSpecificRequest(batch.Use(owner), tags)), ct)).Responses[0];
    }

    /// <summary>The names of the named properties among these, by id.</summary>
    private async Task<IReadOnlyDictionary<ushort, PropertyName>> NamesAsync(IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        var ids = tags.Where(tag => tag.IsNamed).Select(tag => tag.Id).Distinct().ToList();
        if (ids.Count == 0) return new Dictionary<ushort, PropertyName>();
        var batch = new RopBatch();
        var answer = await session.ExecuteAsync(batch.Add(new GetNamesFromPropertyIdsRequest(batch.Use(logon), ids)), ct);
        return ids.Zip(answer.ThrowIfFailed().Get<GetNamesFromPropertyIdsResponse>().Names).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>A value that is too long for a row, as a stream; any other error makes it missing.</summary>
    private async Task ReadLongAsync(uint owner, PropertyTag tag, PropertyName? name, uint code, CancellationToken ct)
    {
        var isStream = PropertyCodec.IsString(tag.Type) || PropertyCodec.IsBinary(tag.Type);
        if (code == MapiErrorCode.NotFound) return;
        if (code != MapiErrorCode.NotEnoughMemory || !isStream)
        {
            missing.Add(new MissingPart(tag, code));
            return;
        }
        try
        {
            var batch = new RopBatch();
            await ReadStreamAsync(tag, name, await PropertyStream.OpenAsync(session, batch, batch.Use(owner), [], tag, ct), ct);
        }
        catch (MapiException e)
        {
            missing.Add(new MissingPart(tag, e.ErrorCode));
        }
    }

    /// <summary>
    /// Passes a stream on. One that breaks off is filled up with zeros, since its length is told already. A string's stream has no NUL. Source:
    /// [MS-OXCPRPT] 3.2.5.12.
    /// </summary>
    /// <exception cref="MapiException">It broke off.</exception>
    private async Task ReadStreamAsync(PropertyTag tag, PropertyName? name, PropertyStream stream, CancellationToken ct)
    {
        var nul = !PropertyCodec.IsString(tag.Type) ? 0 : tag.Type == PropertyType.String8 ? 1 : 2;
        content.BeginProperty(tag, name, stream.Size + nul);
        var left = (long)stream.Size;
        MapiException? end = null;
        try
        {
            await foreach (var piece in stream.ReadAsync(ct))
            {
                content.PropertyData(piece.Span);
                left -= piece.Length;
            }
        }
        catch (MapiException e)
        {
            end = e;
        }
        Fill(left + nul);
        content.EndProperty();
        if (end is not null) throw end;
    }

    private void Fill(long count)
    {
        var zeros = new byte[Math.Min(count, 4096)];
        for (; count > 0; count -= zeros.Length) content.PropertyData(zeros.AsSpan(0, (int)Math.Min(count, zeros.Length)));
    }

    private async Task ReadRecipientsAsync(uint message, OpenedMessage opened, CancellationToken ct)
    {
        var rows = opened.RecipientRows.ToList();
        while (rows.Count < opened.RecipientCount)
        {
            var batch = new RopBatch();
            var answer = await session.ExecuteAsync(batch.Add(new ReadRecipientsRequest(batch.Use(message), (uint)rows.Count)), ct);
            if (answer.Responses[0] is not ReadRecipientsResponse { IsSuccess: true, Rows: [_, ..] more })
            {
                missing.Add(new MissingPart(PropertyTags.MessageRecipients, answer.Responses[0].ReturnValue));
                break;
            }
            rows.AddRange(more.Select(row => row.Recipient));
        }
        for (var i = 0; i < rows.Count; i++) WriteRecipient(i, rows[i], opened.RecipientColumns);
    }

    private void WriteRecipient(int number, OpenRecipientRow row, IReadOnlyList<PropertyTag> columns)
    {
        content.Marker(FastTransferMarker.StartRecip);
        content.Property(new PropertyValue(PropertyTags.Rowid, number));
        foreach (var property in RecipientProperties.Of(row, columns, dnPrefix)) content.Property(property);
        content.Marker(FastTransferMarker.EndToRecip);
    }

    private async Task<IReadOnlyList<uint>> AttachmentNumbersAsync(uint message, CancellationToken ct)
    {
        PropertyTag[] columns = [PropertyTags.AttachNumber];
        var batch = new RopBatch();
        var table = batch.Receive();
        batch.Add(new GetAttachmentTableRequest(batch.Use(message), table, TableFlags.None)).Add(new SetColumnsRequest(table, columns))
            .Add(new QueryRowsRequest(table, QueryRowsFlags.Advance, ForwardRead: true, RowCount: 4096) { Columns = columns });
        var answer = await session.ExecuteAsync(batch, ct);
        session.ReleaseLater(answer.Handles[table]);
        if (answer.Responses.FirstOrDefault(response => !response.IsSuccess) is { } failed)
        {
            missing.Add(new MissingPart(PropertyTags.MessageAttachments, failed.ReturnValue));
            return [];
        }
        return [.. answer.All<QueryRowsResponse>().SelectMany(page => page.Rows).Select(row => row.Values[0]).OfType<int>().Select(number => (uint)number)];
    }

    private async Task ReadAttachmentAsync(uint message, uint number, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = batch.Receive();
        var answer = await session.ExecuteAsync(batch.Add(new OpenAttachmentRequest(batch.Use(message), opened, number)), ct);
        if (answer.Responses[0] is { IsSuccess: false, ReturnValue: var code })
        {
            missing.Add(new MissingPart(PropertyTags.MessageAttachments, code));
            return;
        }
        content.Marker(FastTransferMarker.NewAttach);
        content.Property(new PropertyValue(PropertyTags.AttachNumber, (int)number));
        var properties = await ReadPropertiesAsync(answer.Handles[opened], IsOfAttachment, ct);
        if (properties.GetInteger(PropertyTags.AttachMethod) == AttachEmbeddedMessage) await ReadEmbeddedAsync(answer.Handles[opened], ct);
        content.Marker(FastTransferMarker.EndAttach);
        session.ReleaseLater(answer.Handles[opened]);
    }

    // The number came already; an object's value is the embedded message, which comes by itself.
    private static bool IsOfAttachment(PropertyTag tag) => tag.Id != PropertyTags.AttachNumber.Id && tag.Type != PropertyType.Object;

    private async Task ReadEmbeddedAsync(uint attachment, CancellationToken ct)
    {
        var batch = new RopBatch();
        var embedded = batch.Receive();
        var answer = await session.ExecuteAsync(batch.Add(new OpenEmbeddedMessageRequest(batch.Use(attachment), embedded)), ct);
        if (answer.Responses[0] is not OpenEmbeddedMessageResponse { Message: var opened })
        {
            missing.Add(new MissingPart(PropertyTags.AttachDataBinary, answer.Responses[0].ReturnValue));
            return;
        }
        content.Marker(FastTransferMarker.StartEmbed);
        await ReadMessageAsync(answer.Handles[embedded], opened, ct);
        content.Marker(FastTransferMarker.EndEmbed);
    }
}
