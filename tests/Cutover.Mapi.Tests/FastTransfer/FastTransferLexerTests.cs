using System.Buffers;
using CsCheck;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

public sealed class FastTransferLexerTests
{
    public static TheoryData<string> Streams => Captures.FastTransferStreams;

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_captured_stream_is_read_to_the_last_byte_with_the_counts_of_the_oracle(string name)
    {
        var stream = Captures.Read(name);
        var recorder = EventRecorder.Of(stream);

        var oracle = await Oracle.RunAsync("fasttransfer.py", stream);
        Assert.Equal(Oracle.Counts(oracle, "OK"), recorder.Markers);
        Assert.Equal(Oracle.Counts(oracle, "types"), recorder.Types);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_captured_stream_written_again_from_its_events_is_the_same(string name)
    {
        var stream = Captures.Read(name);
        var output = new ArrayBufferWriter<byte>();
        var lexer = new FastTransferLexer(new FastTransferWriter(output));
        lexer.Feed(stream);
        lexer.Complete();
        Assert.True(output.WrittenSpan.SequenceEqual(stream), $"differs at {output.WrittenSpan.CommonPrefixLength(stream)}");
    }

    /// <summary>The beginning of a hierarchy that Microsoft publishes and explains byte by byte.</summary>
    /// <remarks>Source: Microsoft Open Specifications blog, "MS-OXCFXICS - How to parse the FastTransfer Stream", 16 September 2015.</remarks>
    [Fact]
    public void The_stream_that_Microsoft_explains_is_read_as_explained()
    {
        const string replica = "52F685EC7D432E4AA96034508853D90A";
        var stream = Convert.FromHexString(
            "030012400201E165000000000201E06516000000" + replica + "0000000003F540000830" + "00D09EA88185D001" + "0201E26516000000" + replica + "00000000207C"
            + "0201E3651700000016" + replica + "00000000207C" + "1F0001300C00000049004E0042004F0058000000" + "1400496701000000000003F4" + "03003966FB030000"
            + "40000730803906A88185D001" + "0B00F4100000");
        Assert.Equal(0xAD, stream.Length);
        var events = new EventList();
        var lexer = new FastTransferLexer(events);
        lexer.Feed(stream);
        lexer.Complete();

        Assert.Equal(FastTransferMarker.IncrSyncChg, events.List[0]);
        var expected = new PropertyBag()
            .Set(PropertyTags.ParentSourceKey, Array.Empty<byte>())
            .Set(PropertyTags.SourceKey, Convert.FromHexString(replica + "0000000003F5"))
            .Set(PropertyTags.LastModificationTime, DateTime.FromFileTimeUtc(0x01D08581A89ED000))
            .Set(PropertyTags.ChangeKey, Convert.FromHexString(replica + "00000000207C"))
            .Set(PropertyTags.PredecessorChangeList, Convert.FromHexString("16" + replica + "00000000207C"))
            .Set(PropertyTags.DisplayName, "INBOX")
            .Set(PropertyTags.ParentFolderId, unchecked((long)0xF403000000000001))
            .Set(new PropertyTag(0x66390003), 0x3FB) // PidTagRights
            .Set(PropertyTags.CreationTime, DateTime.FromFileTimeUtc(0x01D08581A8063980))
            .Set(PropertyTags.AttributeHidden, false);
        Assert.Equal(expected.Select(property => (property.Tag, property.Value)), events.List.Skip(1).Cast<PropertyValue>().Select(property => (property.Tag, property.Value)));
        var output = new ArrayBufferWriter<byte>();
        events.Replay(new FastTransferWriter(output));
        Assert.Equal(stream, output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_stream_cut_at_any_place_gives_the_same_events()
    {
        var stream = EveryKindOfValue();
        var whole = EventRecorder.Of(stream).Events;
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var recorder = new EventRecorder();
            var lexer = new FastTransferLexer(recorder);
            lexer.Feed(stream.AsSpan(0, cut));
            lexer.Feed(stream.AsSpan(cut));
            lexer.Complete();
            Assert.Equal(whole, recorder.Events);
        }
    }

    [Fact]
    public void A_stream_fed_byte_by_byte_gives_the_same_events()
    {
        var stream = Captures.Read("CopyTo_message.fts.gz");
        Assert.Equal(EventRecorder.Of(stream).Events, EventRecorder.Of(stream, pieceSize: 1).Events);
    }

    [Fact]
    public void A_stream_that_ends_inside_a_property_is_refused()
    {
        var stream = EveryKindOfValue();
        var ends = AtomEnds(stream);
        for (var length = 0; length <= stream.Length; length++)
        {
            var lexer = new FastTransferLexer(new EventRecorder());
            lexer.Feed(stream.AsSpan(0, length));
            if (ends.Contains(length)) lexer.Complete();
            else Assert.Throws<MapiProtocolException>(lexer.Complete);
        }
    }

    [Fact]
    public void Values_longer_than_the_limit_stream_through()
    {
        var output = new ArrayBufferWriter<byte>();
        new FastTransferWriter(output).Property(new PropertyValue(PropertyTags.AttachDataBinary, new byte[FastTransferLexer.InlineLimit + 1]));
        new FastTransferWriter(output).Property(new PropertyValue(PropertyTags.AttachDataBinary, new byte[FastTransferLexer.InlineLimit]));
        var recorder = EventRecorder.Of(output.WrittenSpan);
        Assert.StartsWith($"0x37010102  {FastTransferLexer.InlineLimit + 1}:", recorder.Events[0]);
        Assert.StartsWith("0x37010102  00", recorder.Events[1]);
    }

    [Fact]
    public void IdsetGiven_is_binary_although_its_tag_says_Integer32()
    {
        byte[] stream = [0x03, 0x00, 0x17, 0x40, 2, 0, 0, 0, 0xAB, 0xCD, 0x02, 0x01, 0x17, 0x40, 1, 0, 0, 0, 0xEF];
        Assert.Equal(["0x40170102  ABCD", "0x40170102  EF"], EventRecorder.Of(stream).Events);
    }

    [Fact]
    public void Strings_may_lack_their_NUL()
    {
        byte[] stream = [0x1F, 0x00, 0x37, 0x00, 4, 0, 0, 0, (byte)'H', 0, (byte)'i', 0, 0x1E, 0x00, 0x37, 0x00, 2, 0, 0, 0, (byte)'H', (byte)'i'];
        Assert.Equal(["0x0037001F  Hi", "0x0037001E  Hi"], EventRecorder.Of(stream).Events);
    }

    [Theory]
    [InlineData("4000390001000000000000 80")] // a time before 1601
    [InlineData("1F0037000300000041 0042")] // half a UTF-16 character
    [InlineData("E9FD370002000000 FF00")] // no UTF-8
    [InlineData("FFFF370001000000 41")] // no code page
    public void A_value_that_can_not_be_had_without_loss_passes_through_raw(string hex)
    {
        var stream = Convert.FromHexString(hex.Replace(" ", ""));
        var output = new ArrayBufferWriter<byte>();
        var lexer = new FastTransferLexer(new FastTransferWriter(output));
        lexer.Feed(stream);
        lexer.Complete();
        Assert.Equal(stream, output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("FF003700")] // no property type
    [InlineData("03000080 00112233445566778899AABBCCDDEEFF 02")] // a named property of an unknown kind
    [InlineData("03100037 FFFFFFFF")] // more values than can be
    [InlineData("1F100037 01000000 FFFFFF7F")] // a longer value than can be
    public void Broken_bytes_are_refused(string hex)
    {
        var lexer = new FastTransferLexer(new EventRecorder());
        Assert.Throws<MapiProtocolException>(() => lexer.Feed(Convert.FromHexString(hex.Replace(" ", ""))));
    }

    [Fact]
    public void Random_bytes_only_break_the_protocol()
    {
        var type = Gen.OneOf<byte>(0x02, 0x03, 0x0B, 0x14, 0x1F, 0x40, 0x48, 0x0D);
        var tag = Gen.Select(type, Gen.OneOf<byte>(0, 0x10, 0x01, 0x84, 0x11), Gen.Byte, Gen.Byte, (a, b, c, d) => new[] { a, b, c, d });
        var small = Gen.Select(Gen.Byte[0, 9], low => new byte[] { low, 0, 0, 0 });
        Gen.OneOf(tag, small, Gen.Byte.Array[0, 24]).Array[0, 40].Sample(pieces =>
        {
            var bytes = pieces.SelectMany(piece => piece).ToArray();
            try
            {
                EventRecorder.Of(bytes, pieceSize: 7);
            }
            catch (MapiProtocolException)
            {
            }
        });
    }

    [Fact]
    public void Every_value_written_is_read_again() =>
        PropertyGenerators.Property.Array[0, 12].Sample(properties =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new FastTransferWriter(output);
            foreach (var property in properties) writer.Property(property);
            var expected = new EventRecorder();
            foreach (var property in properties) expected.Property(property);
            return EventRecorder.Of(output.WrittenSpan, pieceSize: 5).Events.SequenceEqual(expected.Events);
        });

    private static byte[] EveryKindOfValue()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new FastTransferWriter(output);
        var set = PropertySets.Common;
        writer.Marker(FastTransferMarker.StartMessage);
        writer.Property(new(PropertyTags.Subject, "Vergadering ✓ 😀"));
        writer.Property(new(PropertyTags.Subject.WithType((PropertyType)0x84E4), "Café"));
        writer.Property(new(PropertyTags.Subject.WithType((PropertyType)0x84B0), ""));
        writer.Property(new(PropertyTags.Importance, 2));
        writer.Property(new(PropertyTags.HasAttachments, true));
        writer.Property(new(PropertyTags.Gender, (short)1));
        writer.Property(new(PropertyTags.ClientSubmitTime, new DateTime(2010, 4, 1, 12, 0, 0, DateTimeKind.Utc)));
        writer.Property(new(new PropertyTag(0x8001, PropertyType.Boolean), true, PropertyName.Of(set, 0x8503)));
        writer.Property(new(new PropertyTag(0x8002, PropertyType.String), "x", PropertyName.Of(set, "Naam")));
        writer.Property(new(new PropertyTag(0x8003, PropertyType.Guid), set, PropertyName.Of(set, "")));
        writer.Property(new(new PropertyTag(0x8004, PropertyType.MultipleString), new[] { "Rood", "", "Blauw" }, PropertyNames.Keywords));
        writer.Property(new(new PropertyTag(0x6001, PropertyType.MultipleInteger32), new[] { 1, 2, 3 }));
        writer.Property(new(new PropertyTag(0x6002, PropertyType.MultipleBinary), Array.Empty<byte[]>()));
        writer.Property(new(new PropertyTag(0x6003, PropertyType.MultipleTime), new[] { new DateTime(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc) }));
        writer.Property(new(PropertyTags.AttachDataBinary, new byte[FastTransferLexer.InlineLimit + 3]));
        writer.Property(new(PropertyTags.MetaTagIdsetGiven, new byte[] { 1, 2, 3 }));
        writer.Marker(FastTransferMarker.EndMessage);
        return output.WrittenSpan.ToArray();
    }

    private static HashSet<int> AtomEnds(byte[] stream)
    {
        var ends = new HashSet<int> { 0 };
        var recorder = new EventRecorder();
        var lexer = new FastTransferLexer(recorder);
        for (var i = 0; i < stream.Length; i++)
        {
            var before = recorder.Events.Count;
            lexer.Feed(stream.AsSpan(i, 1));
            if (recorder.Events.Count > before) ends.Add(i + 1);
        }
        return ends;
    }
}
