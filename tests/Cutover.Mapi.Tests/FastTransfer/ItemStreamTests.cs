using System.Buffers;
using System.Buffers.Binary;
using CsCheck;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

public sealed class ItemStreamTests
{
    private const int TimeAtomSize = 4 + 16 + 1 + 4 + 8;
    private const int BufferLengthOffset = 16 + 32 + 14 + 4;

    // The head of the sample that Microsoft Graph's documentation gives for importItem; it breaks off in the message class.
    private const string GraphSample =
        "01000000 08000000 00000000 01000000 03000000 18000000 01000000 0703020000000000C000000000000046 00240080"
        + "04000000 06000000 140FD6918617 02000000 C07B0000 03001700 01000000 B0841A00 12000000 490050004D002E00";

    public static TheoryData<string, string> Samples => new()
    {
        { "ews-export-exchange2010.bin", "14.1.139.0" },
        { "ews-upload-exchange2010.bin", "14.1.164.0" },
        { "sample5.bin", "14.1.164.0" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_published_sample_written_again_from_its_values_has_the_same_bytes(string name, string version)
    {
        var sample = Captures.Read(name);
        var events = new EventList();
        var reader = new ItemStreamReader(events);
        reader.Feed(sample);
        Assert.Equal(version, reader.Version.ToString());

        // The documentation cuts the samples short: their last property is not whole, and their buffer is longer than what is shown.
        var rewritten = Write(events, reader.Version!.Value);
        sample.AsSpan(BufferLengthOffset, 4).CopyTo(rewritten.AsSpan(BufferLengthOffset));
        Assert.True(rewritten.Length > 200, $"only {rewritten.Length} bytes were understood");
        Assert.Equal(sample[..rewritten.Length], rewritten);
    }

    [Fact]
    public void The_head_of_the_Graph_sample_is_written_to_the_byte()
    {
        var expected = Hex(GraphSample)[..^8];
        var message = new MapiMessage
        {
            Properties =
            [
                new(PropertyTags.Importance, 1),
                new(PropertyTags.MessageClass.WithType((PropertyType)0x84B0), "IPM.Note"),
                new(PropertyTags.AttachDataBinary, new byte[40_000]),
            ],
        };
        var stream = Write(message, new PartnerVersion(15, 20, 4566, 6022));
        Assert.Equal(expected, stream[..expected.Length]);
    }

    [Fact]
    public void The_tail_of_a_published_sample_is_read_as_attachment_and_embedded_message()
    {
        // sample1.bin is spliced by its documentation: after two whole records follows the tail of a stream, which starts in a recipient.
        var tail = Captures.Read("sample1.bin").AsSpan(16 + 32);
        var events = new EventList();
        var lexer = new FastTransferLexer(events);
        lexer.Feed(tail);
        Assert.Throws<MapiProtocolException>(lexer.Complete);

        Assert.Equal(FastTransferMarker.EndToRecip, events.List[1]);
        Assert.Equal(new PropertyValue(PropertyTags.MetaTagFXDelProp, 0x0E13000D), events.List[2]);
        Assert.Equal(FastTransferMarker.NewAttach, events.List[3]);
        Assert.Equal(new PropertyValue(PropertyTags.AttachNumber, 0), events.List[4]);
        Assert.Contains(FastTransferMarker.StartEmbed, events.List);
        Assert.Contains(new PropertyValue(PropertyTags.Subject.WithType((PropertyType)0x84B0), "Most fascinating"), events.List);

        var output = new ArrayBufferWriter<byte>();
        events.Replay(new FastTransferWriter(output));
        Assert.True(tail.StartsWith(output.WrittenSpan));
        Assert.True(output.WrittenCount > 560);
    }

    [Fact]
    public void Records_come_in_order_and_transfer_buffers_are_full()
    {
        var stream = Write(BigMessage(), PartnerVersion.Ours);
        var records = Records(stream);
        Assert.Equal([1u, 3, 4, 2, 2, 2, 2], records.Select(record => record.Opcode));
        Assert.Equal([31_680, 31_680, 31_680], records.Skip(3).SkipLast(1).Select(record => record.Payload.Length));
    }

    [Fact]
    public void A_transfer_buffer_never_cuts_a_tag_a_length_or_a_number()
    {
        // A value that ends at each place around the end of a buffer moves the cut through whatever follows.
        for (var size = 31_580; size < 31_690; size++)
        {
            var properties = new PropertyBag { new(PropertyTags.AttachDataBinary, new byte[size]) };
            for (var i = 0; i < 4; i++)
                properties.Add(new PropertyValue(new PropertyTag((ushort)(0x8000 + i), PropertyType.Time), DateTime.UnixEpoch, PropertyNames.ClipStart));
            var stream = Write(new MapiMessage { Properties = properties }, PartnerVersion.Ours);
            var buffers = Records(stream).Skip(3).Select(record => record.Payload).ToList();
            if (size + 8 >= buffers[0].Length) continue;
            Assert.Equal(2, buffers.Count);
            Assert.Equal(0, (buffers[0].Length - size - 8) % TimeAtomSize);
        }
    }

    [Fact]
    public async Task The_oracle_reads_what_is_written()
    {
        var stream = Write(BigMessage(), PartnerVersion.Ours);
        var walked = await Oracle.RunAsync("item_stream.py", stream);
        Assert.Contains("rec op=1 len=8", walked);
        Assert.Contains("rec op=3 len=24", walked);
        Assert.Contains("rec op=4 len=6 (have 6) 00 0f d9 85 02 00", walked);

        var content = Records(stream).Where(record => record.Opcode == 2).SelectMany(record => record.Payload).ToArray();
        var recorder = EventRecorder.Of(content);
        var oracle = await Oracle.RunAsync("fasttransfer.py", content);
        Assert.Equal(Oracle.Counts(oracle, "OK"), recorder.Markers);
        Assert.Equal(Oracle.Counts(oracle, "types"), recorder.Types);
    }

    [Fact]
    public void A_message_written_is_built_again() => PropertyGenerators.Message.Sample(message =>
    {
        var builder = new MapiMessageBuilder();
        var reader = new ItemStreamReader(builder);
        var stream = Write(message, PartnerVersion.Ours);
        for (var i = 0; i < stream.Length; i += 11) reader.Feed(stream.AsSpan(i, Math.Min(11, stream.Length - i)));
        if (message.Properties.Count + message.Recipients.Count + message.Attachments.Count == 0) return true;
        reader.Complete();
        return Text(builder.Build()) == Text(message);
    });

    [Theory]
    [InlineData(0, "unknown opcode")] // the opcode of Config
    [InlineData(4, "bytes instead of")] // its length
    [InlineData(8, "does not hold")] // its flags
    [InlineData(24, "does not hold")] // the transfer method
    [InlineData(30, "does not hold")] // the interface
    [InlineData(57, "14.0")] // the version
    public void A_record_that_is_not_as_it_must_be_is_refused(int offset, string why)
    {
        var stream = Write(BigMessage(), new PartnerVersion(14, 1, 164, 0));
        stream[offset] ^= 0x0F;
        var error = Assert.Throws<MapiProtocolException>(() => new ItemStreamReader(new EventRecorder()).Feed(stream));
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public void A_stream_that_ends_early_is_refused()
    {
        var stream = Write(BigMessage(), PartnerVersion.Ours);
        foreach (var length in new[] { 0, 5, 16, 48, 62, 70, 100, 31_742, stream.Length - 1 })
        {
            var reader = new ItemStreamReader(new EventRecorder());
            reader.Feed(stream.AsSpan(0, length));
            Assert.Throws<MapiProtocolException>(reader.Complete);
        }
    }

    [Fact]
    public void Records_out_of_order_are_refused()
    {
        var stream = Write(BigMessage(), PartnerVersion.Ours);
        byte[] reordered = [.. stream[..16], .. stream[62..]];
        Assert.Throws<MapiProtocolException>(() => new ItemStreamReader(new EventRecorder()).Feed(reordered));
    }

    private static byte[] Write(MapiMessage message, PartnerVersion version)
    {
        using var output = new MemoryStream();
        var writer = new ItemStreamWriter(output, version);
        MapiMessageWriter.Write(writer, message);
        writer.Complete();
        Assert.Equal(output.Length, writer.Length);
        return output.ToArray();
    }

    private static byte[] Write(EventList events, PartnerVersion version)
    {
        using var output = new MemoryStream();
        var writer = new ItemStreamWriter(output, version);
        events.Replay(writer);
        writer.Complete();
        return output.ToArray();
    }

    private static MapiMessage BigMessage() => new()
    {
        Properties = [new(PropertyTags.MessageClass, "IPM.Note"), new(PropertyTags.Body, new string('x', 30_000))],
        Recipients = [[new(PropertyTags.Rowid, 0), new(PropertyTags.RecipientType, 1), new(PropertyTags.DisplayName, "Ann")]],
        Attachments =
        [
            new() { Properties = [new(PropertyTags.AttachNumber, 0), new(PropertyTags.AttachDataBinary, new byte[40_000])] },
            new()
            {
                Properties = [new(PropertyTags.AttachMethod, 5)],
                EmbeddedMessage = new MapiMessage { Properties = [new(PropertyTags.Subject, "Inner")] },
            },
        ],
    };

    private static List<(uint Opcode, byte[] Payload)> Records(byte[] stream)
    {
        var records = new List<(uint, byte[])>();
        for (var at = 0; at < stream.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(stream.AsSpan(at + 4));
            records.Add((BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(at)), stream[(at + 8)..(at + 8 + length)]));
            at += 8 + length;
        }
        return records;
    }

    private static string Text(MapiMessage message)
    {
        var recorder = new EventRecorder();
        MapiMessageWriter.Write(recorder, message);
        return string.Join('\n', recorder.Events);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
