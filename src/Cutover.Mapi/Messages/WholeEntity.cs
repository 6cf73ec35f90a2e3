using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>An entity whose content is written byte for byte as it was: what a signature covers.</summary>
internal sealed class WholeEntity : MimeEntity
{
    private readonly ReadOnlyMemory<byte> content;

    private WholeEntity(ContentType type, IEnumerable<Header> headers, ReadOnlyMemory<byte> content) : base(type)
    {
        this.content = content;
        Headers.Clear();
        foreach (var header in headers) Headers.Add(header);
    }

    /// <summary>Takes an entity with its header; null when it has no header with a content type.</summary>
    public static WholeEntity? Of(byte[] entity)
    {
        var end = EndOfHeader(entity);
        if (end < 0) return null;
        var headers = TransportHeaders.Parse(System.Text.Encoding.Latin1.GetString(entity.AsSpan(0, end)));
        var type = headers.FirstOrDefault(header => header.Id == HeaderId.ContentType);
        return type is not null && ContentType.TryParse(type.Value, out var parsed) ? new WholeEntity(parsed, headers, entity.AsMemory(end)) : null;
    }

    public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78) { }

    public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        base.WriteTo(options, stream, contentOnly, cancellationToken);
        stream.Write(content.Span);
    }

    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        await stream.WriteAsync(content, cancellationToken);
    }

    // Behind the blank line, which MimeKit writes itself.
    private static int EndOfHeader(ReadOnlySpan<byte> entity)
    {
        var crlf = entity.IndexOf("\r\n\r\n"u8);
        var lf = entity.IndexOf("\n\n"u8);
        if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4;
        return lf < 0 ? -1 : lf + 2;
    }
}
