using CsCheck;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Tests.FastTransfer;

namespace Cutover.Endpoints.Tests.ItemStreams;

public sealed class ItemDigestTests
{
    private static readonly PropertyType Utf16CodePage = (PropertyType)0x84B0;
    private static readonly PropertyType Windows1252CodePage = (PropertyType)0x84E4;

    // Worked out from docs/formats/content-digest.md by a Python script that shares nothing with the product.
    [Fact]
    public void The_digest_is_the_one_that_its_page_defines() =>
        Assert.Equal("2a829332593ac219cc84208ff474bf3d3f94c01b6fc89459fd5f09b714858ea3", Digest(Example()).Value);

    [Fact]
    public void It_tells_what_lists_need()
    {
        var message = Example();
        message.Properties.Set(PropertyTags.MessageFlags, 0x1);
        message.Properties.Set(PropertyTags.MessageDeliveryTime, new DateTime(2010, 4, 1, 0, 0, 0, DateTimeKind.Utc));
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, message);
        Assert.True(digest.IsRead);
        Assert.Equal("IPM.Note", digest.ItemClass);
        Assert.Equal("Café", digest.Subject);
        Assert.Equal(new DateTimeOffset(2010, 4, 1, 0, 0, 0, TimeSpan.Zero), digest.Received);
        Assert.InRange(digest.Size, 28_000, 29_000);
        Assert.Null(digest.SourceKey);
    }

    [Fact]
    public void It_does_not_change_with_the_type_that_a_string_travels_in()
    {
        foreach (var length in new[] { 0, 1, 2047, 2048, 4096, 9000, 100_000 })
        {
            var text = string.Concat(Enumerable.Repeat("é", length));
            PropertyType[] types = [PropertyType.String, PropertyType.String8, Utf16CodePage, Windows1252CodePage, (PropertyType)0xFDE9];
            Assert.Single(types.Select(type => Digest(With(PropertyTags.Body.WithType(type), text))).Distinct());
        }
    }

    [Fact]
    public void It_does_not_change_with_a_missing_NUL_however_the_stream_is_cut()
    {
        var text = new string('x', 9000);
        var expected = Digest(With(PropertyTags.Body, text));
        foreach (var ending in new[] { "", "\0" })
        {
            var bytes = System.Text.Encoding.Unicode.GetBytes(text + ending);
            foreach (var piece in new[] { 1, 2, 3, 7, 8192, 20_000 }) Assert.Equal(expected, DigestInPieces(PropertyTags.Body, bytes, piece));
        }
    }

    [Fact]
    public void It_does_not_change_with_the_order_of_anything() => PropertyGenerators.Message.Sample(message =>
        Digest(Reversed(message)) == Digest(message));

    [Fact]
    public void It_does_not_change_with_what_a_server_sets_or_with_reading()
    {
        var message = Example();
        message.Properties.Set(PropertyTags.MessageFlags, 0x8 | 0x1 | 0x2 | 0x400);
        message.Properties.Set(PropertyTags.Mid, 12345L);
        message.Properties.Set(PropertyTags.ChangeKey, new byte[22]);
        message.Properties.Set(PropertyTags.EntryId, new byte[9000]);
        message.Properties.Set(PropertyTags.MessageSize, 99);
        message.Properties.Set(PropertyTags.LastModificationTime, DateTime.UnixEpoch);
        message.Properties.Add(new PropertyValue(PropertyTags.MetaTagDnPrefix, "/o=Contoso"));
        message.Properties.Set(ItemStamp.SourceKey, PropertyType.String, "k");
        message.Recipients[0].Set(PropertyTags.Rowid, 7);
        message.Attachments[0].Properties.Set(PropertyTags.AttachNumber, 9);
        Assert.Equal(Digest(Example()), Digest(message));
    }

    [Fact]
    public void A_flag_or_a_recipients_entry_id_counts()
    {
        var unsent = Example();
        unsent.Properties.Set(PropertyTags.MessageFlags, 0);
        var another = Example();
        another.Recipients[0].Set(PropertyTags.EntryId, new byte[] { 1 });
        Assert.Equal(3, new[] { Example(), unsent, another }.Select(Digest).Distinct().Count());
    }

    [Fact]
    public void It_changes_with_any_value() => Gen.Select(PropertyGenerators.Message, Gen.Int[0, 1000], PropertyGenerators.Property)
        .Sample((message, place, other) =>
        {
            var before = Digest(message);
            return !Change(message, place, other) || Digest(message) != before;
        });

    [Fact]
    public void It_changes_with_any_value_taken_away() => Gen.Select(PropertyGenerators.Message, Gen.Int[0, 1000]).Sample((message, place) =>
    {
        var before = Digest(message);
        var bags = Bags(message).Where(bag => bag.Exists(Counts)).ToList();
        if (bags.Count == 0) return true;
        var bag = bags[place % bags.Count];
        bag.RemoveAt(bag.FindIndex(Counts));
        return Digest(message) != before;
    });

    [Fact]
    public void It_changes_when_an_item_moves_into_an_attachment()
    {
        var inner = With(PropertyTags.Subject, "Inner");
        var outer = new MapiMessage { Attachments = [new MapiAttachment { EmbeddedMessage = inner }] };
        var flat = new MapiMessage { Properties = [.. inner.Properties], Attachments = [new MapiAttachment()] };
        var attached = new MapiMessage { Attachments = [new MapiAttachment { Properties = [.. inner.Properties] }] };
        Assert.Equal(3, new[] { outer, flat, attached }.Select(Digest).Distinct().Count());
    }

    [Fact]
    public async Task It_survives_the_way_through_filter_stamp_and_item_stream()
    {
        await PropertyGenerators.Message.SampleAsync(async message =>
        {
            using var exported = new MemoryStream();
            var writer = new ItemStreamWriter(exported);
            MapiMessageWriter.Write(new ImportFilter(writer), message);
            writer.Complete();
            if (message.Properties.Count + message.Recipients.Count + message.Attachments.Count == 0) return;

            using var stamped = new MemoryStream();
            exported.Position = 0;
            await ItemStamp.StampAsync(exported, stamped, "key", "version", CancellationToken.None);
            stamped.Position = 0;
            var digest = await ItemDigest.ReadAsync(stamped, CancellationToken.None);
            Assert.Equal(Digest(message), digest.Complete());
            Assert.Equal(("key", "version"), (digest.SourceKey, digest.SourceVersion));
        }, iter: 200);
    }

    [Theory]
    [InlineData(FastTransferMarker.EndToRecip)]
    [InlineData(FastTransferMarker.EndEmbed)]
    [InlineData(FastTransferMarker.StartEmbed)]
    [InlineData(FastTransferMarker.StartMessage)]
    [InlineData(FastTransferMarker.IncrSyncEnd)]
    public void A_marker_where_it_can_not_be_is_refused(FastTransferMarker marker) =>
        Assert.Throws<MapiProtocolException>(() => new ItemDigest().Marker(marker));

    [Fact]
    public void An_item_that_ends_inside_a_recipient_is_refused()
    {
        var digest = new ItemDigest();
        digest.Marker(FastTransferMarker.StartRecip);
        Assert.Throws<MapiProtocolException>(() => digest.Complete());
    }

    private static ContentDigest Digest(MapiMessage message)
    {
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, message);
        return digest.Complete();
    }

    private static ContentDigest DigestInPieces(PropertyTag tag, byte[] value, int piece)
    {
        var digest = new ItemDigest();
        digest.BeginProperty(tag, null, value.Length);
        for (var i = 0; i < value.Length; i += piece) digest.PropertyData(value.AsSpan(i, Math.Min(piece, value.Length - i)));
        digest.EndProperty();
        return digest.Complete();
    }

    private static MapiMessage With(PropertyTag tag, object value) => new() { Properties = [new PropertyValue(tag, value)] };

    private static MapiMessage Example() => new()
    {
        Properties = new PropertyBag
            {
                new PropertyValue(PropertyTags.MessageClass.WithType(Utf16CodePage), "IPM.Note"),
                new PropertyValue(PropertyTags.Subject.WithType(Windows1252CodePage), "Café"),
                new PropertyValue(PropertyTags.Body, new string('é', 9000)),
                new PropertyValue(PropertyTags.MessageFlags, 0x8),
                new PropertyValue(PropertyTags.ClientSubmitTime, new DateTime(2010, 3, 31, 14, 0, 0, DateTimeKind.Utc)),
            }
            .Set(PropertyNames.ReminderSet, PropertyType.Boolean, true)
            .Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "" })
            .Set(PropertyName.Of(PropertySets.InternetHeaders, "X-Test"), PropertyType.String, "1"),
        Recipients = [[new(PropertyTags.Rowid, 0), new(PropertyTags.DisplayName, "Ann"), new(PropertyTags.RecipientType, 1)]],
        Attachments =
        [
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 5)], EmbeddedMessage = With(PropertyTags.Subject, "Inner") },
            new MapiAttachment { Properties = [new(PropertyTags.AttachDataBinary, Enumerable.Range(0, 10_240).Select(i => (byte)i).ToArray())] },
        ],
    };

    private static MapiMessage Reversed(MapiMessage message) => new()
    {
        Properties = new(message.Properties.AsEnumerable().Reverse()),
        Recipients = message.Recipients.AsEnumerable().Reverse().Select(recipient => new PropertyBag(recipient.AsEnumerable().Reverse())).ToList(),
        Attachments = message.Attachments.AsEnumerable().Reverse().Select(Reversed).ToList(),
    };

    private static MapiAttachment Reversed(MapiAttachment attachment) => new()
    {
        Properties = new(attachment.Properties.AsEnumerable().Reverse()),
        EmbeddedMessage = attachment.EmbeddedMessage is { } embedded ? Reversed(embedded) : null,
    };

    private static IEnumerable<PropertyBag> Bags(MapiMessage message) =>
        message.Recipients.Prepend(message.Properties).Concat(message.Attachments.SelectMany(attachment =>
            attachment.EmbeddedMessage is { } embedded ? Bags(embedded).Append(attachment.Properties) : [attachment.Properties]));

    private static bool Counts(PropertyValue property) => property.Tag.Id != PropertyTags.AttachNumber.Id;

    private static bool Change(MapiMessage message, int place, PropertyValue other)
    {
        var bags = Bags(message).Where(bag => bag.Exists(Counts)).ToList();
        if (bags.Count == 0) return false;
        var bag = bags[place % bags.Count];
        var index = bag.FindIndex(Counts);
        var changed = bag[index] with { Tag = bag[index].Tag.WithType(other.Tag.Type), Value = other.Value };
        if (Canonical(changed) == Canonical(bag[index])) return false;
        bag[index] = changed;
        return true;
    }

    private static string Canonical(PropertyValue property)
    {
        var type = PropertyCodec.IsString(property.Tag.Type) ? PropertyType.String
            : property.Tag.Type == PropertyType.Object ? PropertyType.Binary : property.Tag.Type;
        var value = property.Value is Array array ? string.Join('|', array.Cast<object>().Select(One)) + array.Length : One(property.Value);
        return $"{type} {value}";
    }

    private static string One(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.Ticks.ToString(),
        double number => BitConverter.DoubleToInt64Bits(number).ToString(),
        float number => BitConverter.SingleToInt32Bits(number).ToString(),
        _ => value.ToString()!,
    };
}
