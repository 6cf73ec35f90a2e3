namespace Cutover.Mapi.Messages.Rtf;

/// <summary>What an RTF document was made of. Source: [MS-OXRTFEX] 2.2.3.1.</summary>
public enum RtfOrigin
{
    /// <summary>It was written as RTF.</summary>
    Rtf,
    /// <summary>It encapsulates HTML (\fromhtml1).</summary>
    Html,
    /// <summary>It encapsulates plain text (\fromtext).</summary>
    Text,
}

/// <summary>What an RTF body says, for programs that don't read RTF.</summary>
/// <param name="Text">The text: encapsulated, or what a reader would see; null for encapsulated HTML.</param>
/// <param name="Html">The HTML: encapsulated, or an approximation of the RTF; null for encapsulated text.</param>
public sealed record RtfBody(RtfOrigin Origin, string? Text, string? Html)
{
    private const int TokensToLookAt = 10;

    /// <summary>Takes the HTML or text out of RTF, or makes them of it. Damaged RTF gives what can be read of it.</summary>
    /// <exception cref="MapiProtocolException">The bytes are no RTF.</exception>
    public static RtfBody Read(ReadOnlySpan<byte> rtf)
    {
        var document = rtf.TrimStart(" \t\r\n\0"u8);
        if (!document.StartsWith(@"{\rtf"u8)) throw new MapiProtocolException("An RTF body does not begin as RTF.");
        var origin = OriginOf(document);
        ReadableRtf? readable = origin == RtfOrigin.Rtf ? new ReadableRtf() : null;
        IRtfOutput output = readable is not null ? readable : new EncapsulatedRtf(origin == RtfOrigin.Html);
        new RtfReader(output).Read(document);
        if (readable is not null) return new RtfBody(origin, readable.Text, readable.Html);
        var content = output.ToString();
        return origin == RtfOrigin.Html ? new RtfBody(origin, null, content) : new RtfBody(origin, content, null);
    }

    private static RtfOrigin OriginOf(ReadOnlySpan<byte> rtf)
    {
        var tokens = new RtfTokenizer(rtf);
        for (var i = 0; i < TokensToLookAt && tokens.Read() && tokens.Kind is RtfTokenKind.GroupStart or RtfTokenKind.Word; i++)
        {
            if (tokens.Kind != RtfTokenKind.Word) continue;
            if (tokens.Word.SequenceEqual("fromhtml"u8)) return RtfOrigin.Html;
            if (tokens.Word.SequenceEqual("fromtext"u8)) return RtfOrigin.Text;
        }
        return RtfOrigin.Rtf;
    }
}
