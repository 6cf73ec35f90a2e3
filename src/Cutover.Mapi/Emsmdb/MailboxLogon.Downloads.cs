using System.Runtime.CompilerServices;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <content>FastTransfer downloads: synchronisations and copies. Stopping one early lets go of it. Source: [MS-OXCFXICS] 3.3.5.</content>
public sealed partial class MailboxLogon
{
    private const int StateChunk = 16 * 1024;

    /// <summary>
    /// The bytes of a contentsSync: what changed in a folder since <paramref name="since"/> (null: all there is). Feed them to a
    /// <see cref="FastTransferLexer"/> with a <see cref="ContentsSyncReader"/> behind it.
    /// </summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> SynchronizeContentsAsync(
        ObjectId folder, ContentsSyncState? since, ContentsSyncOptions options, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenFolder(batch, folder);
        var download = batch.Receive();
        batch.Add(new SynchronizationConfigureRequest(
            opened, download, SynchronizationType.Contents, options.SendOptions, options.Flags, options.ExtraFlags, options.Properties));
        foreach (var property in since?.ToProperties() ?? []) UploadState(batch, download, property);
        return DownloadAsync(batch, opened, download, ct);
    }

    /// <summary>
    /// The bytes of one message as a messageContent. With <see cref="SendOptions.ForUpload"/> they are for <paramref name="partner"/> to read and may
    /// not keep to the grammar; each piece fits one transfer buffer of an item stream. Source: [MS-OXCFXICS] 2.2.3.1.1.1, 3.3.4.2.1.
    /// </summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> CopyMessageAsync(
        ObjectId folder, ObjectId message, SendOptions options, PartnerVersion? partner, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = batch.Receive();
        var download = batch.Receive();
        batch.Add(new OpenMessageRequest(batch.Use(handle), opened, folder, message))
            .Add(new FastTransferSourceCopyToRequest(opened, download, Level: 0, CopyFlags: 0, options, []));
        if (partner is { } version) batch.Add(TellVersion(download, version));
        return DownloadAsync(batch, opened, download, ct, ItemStream.TransferBufferLimit);
    }

    /// <summary>
    /// Reads a message part by part and passes it on as a messageContent; returns what could not be read. Many calls: for messages that no copy gives.
    /// </summary>
    /// <exception cref="MapiException">The message can't be opened.</exception>
    public async Task<IReadOnlyList<MissingPart>> ReadMessagePartsAsync(
        ObjectId folder, ObjectId message, IFastTransferHandler content, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = batch.Receive();
        var answer = await Session.ExecuteAsync(batch.Add(new OpenMessageRequest(batch.Use(handle), opened, folder, message)), ct);
        var response = answer.ThrowIfFailed().Get<OpenMessageResponse>();
        var parts = new MessageParts(Session, handle, Session.DNPrefix, content);
        await parts.ReadMessageAsync(answer.Handles[opened], response.Message, ct);
        return parts.Missing;
    }

    private static TellVersionRequest TellVersion(byte download, PartnerVersion version)
    {
        var (word0, word1, word2) = new MapiVersion(version.Major, version.Minor, version.Build, version.Revision).ToWire();
        return new TellVersionRequest(download, word0, word1, word2);
    }

    private static void UploadState(RopBatch batch, byte download, PropertyValue property)
    {
        ReadOnlyMemory<byte> bytes = (byte[])property.Value;
        batch.Add(new UploadStateStreamBeginRequest(download, property.Tag, (uint)bytes.Length));
        for (; bytes.Length > StateChunk; bytes = bytes[StateChunk..])
            batch.Add(new UploadStateStreamContinueRequest(download, bytes[..StateChunk]));
        if (!bytes.IsEmpty) batch.Add(new UploadStateStreamContinueRequest(download, bytes));
        batch.Add(new UploadStateStreamEndRequest(download));
    }

    /// <summary>Runs the ROPs that open a download, and fetches its first bytes in the same call.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> DownloadAsync(
        RopBatch batch, byte source, byte download, [EnumeratorCancellation] CancellationToken ct, ushort maximumBuffer = ushort.MaxValue)
    {
        FastTransferSourceGetBufferRequest GetBuffer(byte index) => new(index, MaximumBufferSize: maximumBuffer);
        var answer = await Session.ExecuteAsync(batch.Add(GetBuffer(download)), ct);
        Session.ReleaseLater(answer.Handles[source]);
        var opened = answer.Handles[download];
        try
        {
            answer.ThrowIfFailed(response => response is not FastTransferSourceGetBufferResponse);
            for (var busy = 0; ;)
            {
                foreach (var response in answer.All<FastTransferSourceGetBufferResponse>())
                {
                    if (response.ReturnValue == MapiErrorCode.ServerBusy)
                    {
                        await Session.WaitAsync(TimeSpan.FromMilliseconds(response.BackoffTime), ++busy, ct);
                        continue;
                    }
                    if (!response.IsSuccess) throw new MapiException($"Rop{response.Id}", response.ReturnValue);
                    busy = 0;
                    if (!response.TransferBuffer.IsEmpty) yield return response.TransferBuffer;
                    if (response.TransferStatus == TransferStatus.Done) yield break;
                    if (response.TransferStatus == TransferStatus.Error) throw new MapiException($"Rop{response.Id}", MapiErrorCode.DownloadFailed);
                }
                var next = new RopBatch();
                answer = await Session.ExecuteAsync(next.Add(GetBuffer(next.Use(opened))), ct);
            }
        }
        finally
        {
            Session.ReleaseLater(opened);
        }
    }
}
