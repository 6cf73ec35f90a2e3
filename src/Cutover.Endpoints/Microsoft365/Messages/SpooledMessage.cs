using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;

namespace Cutover.Endpoints.Microsoft365.Messages;

/// <summary>An item read as a message: its properties in memory, the content of its attachments in spools.</summary>
internal sealed class SpooledMessage : IDisposable
{
    /// <summary>Text of more than 4 MB fits into no request; RTF and the like may come beside it.</summary>
    private const long MostInMemory = 16 * 1024 * 1024;

    private readonly List<ItemSpool> spools = [];

    private SpooledMessage()
    {
    }

    public MapiMessage Message { get; private set; } = new();

    /// <exception cref="Mapi.MapiProtocolException">The item's stream is broken, or holds too much beside its attachments.</exception>
    public static async Task<SpooledMessage> ReadAsync(MailboxItem item, string spoolDirectory, CancellationToken ct)
    {
        var spooled = new SpooledMessage();
        try
        {
            var builder = new MapiMessageBuilder(() => spooled.Store(spoolDirectory), MostInMemory);
            await using (var stream = await item.OpenAsync(ct))
                await ItemStreamReader.ReadAsync(stream, builder, ct);
            spooled.Message = builder.Build();
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var spool in spools) spool.Dispose();
    }

    private AttachmentStore Store(string spoolDirectory)
    {
        var spool = new ItemSpool(spoolDirectory);
        spools.Add(spool);
        return new AttachmentStore(spool, spool.OpenRead);
    }
}
