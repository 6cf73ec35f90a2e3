using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>Content that is opened only when it is written, and read once: an attachment of any size in bounded memory.</summary>
internal sealed class AttachmentContent(Func<Stream> open) : IMimeContent
{
    public ContentEncoding Encoding => ContentEncoding.Default;

    public NewLineFormat? NewLineFormat => null;

    public Stream Stream => open();

    public Stream Open() => open();

    public void DecodeTo(Stream stream, CancellationToken cancellationToken = default)
    {
        using var content = open();
        content.CopyTo(stream);
    }

    public async Task DecodeToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        await using var content = open();
        await content.CopyToAsync(stream, cancellationToken);
    }

    public void WriteTo(Stream stream, CancellationToken cancellationToken = default) => DecodeTo(stream, cancellationToken);

    public Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default) => DecodeToAsync(stream, cancellationToken);

    public void Dispose() { }
}
