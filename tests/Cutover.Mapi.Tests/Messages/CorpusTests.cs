using System.Buffers;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages;

/// <summary>Real and malformed messages that nobody of this project wrote.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Every_message_of_the_corpus_converts()
    {
        var messages = Messages();
        Assert.True(messages.Count > 500, $"Only {messages.Count} files were seen as messages.");
        Assert.All(messages, file => Assert.NotNull(file.Message.Properties.GetString(PropertyTags.MessageClass)));
    }

    [Fact]
    public void No_string_of_the_corpus_holds_a_NUL() => Assert.All(Messages(), file =>
        Assert.DoesNotContain(file.Message.Properties, property => property.Value is string text && text.Contains('\0')));

    [Fact]
    public void Every_converted_message_survives_FastTransfer() => Assert.All(Messages(), file =>
    {
        var bytes = Stream(file.Message);
        var builder = new MapiMessageBuilder();
        var lexer = new FastTransferLexer(builder);
        lexer.Feed(bytes);
        lexer.Complete();
        Assert.Equal(bytes, Stream(builder.Build()));
    });

    [Fact]
    public void Damaged_messages_convert_or_are_refused()
    {
        var random = new Random(7);
        foreach (var file in Files().Take(300))
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length == 0) continue;
            for (var i = 0; i < 10; i++) bytes[random.Next(Math.Min(bytes.Length, 4096))] = (byte)random.Next(256);
            TryRead(bytes[..random.Next(1, bytes.Length + 1)]);
        }
    }

    private static byte[] Stream(MapiMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        MapiMessageWriter.Write(new FastTransferWriter(output), message);
        return output.WrittenSpan.ToArray();
    }

    private static List<(string Name, MapiMessage Message)> Messages() =>
        [.. Files().Select(file => (file, TryRead(File.ReadAllBytes(file))!)).Where(file => file.Item2 is not null)];

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(SharedMaterial.Require("corpora/mail"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static MapiMessage? TryRead(byte[] bytes)
    {
        try
        {
            return MimeToMapi.Read(bytes);
        }
        catch (NotAMessageException)
        {
            return null;
        }
    }
}
