using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>A synchronisation that is stopped in the middle.</summary>
internal static class MidDownload
{
    /// <summary>The states after the first part of the Inbox: the one that the product works out, and what RopSynchronizationGetTransferState gives.</summary>
    public static async Task<(ContentsSyncState Computed, ContentsSyncState FromServer)> StatesAsync(MailboxLogon logon, SourceLab lab)
    {
        var batch = new RopBatch();
        var options = new ContentsSyncOptions();
        var (folder, download) = (batch.Receive(), batch.Receive());
        batch.Add(new OpenFolderRequest(batch.Use(await LogonHandleAsync(logon)), folder, logon.Response.Folder(LogonFolder.Inbox)))
            .Add(new SynchronizationConfigureRequest(
                folder, download, SynchronizationType.Contents, options.SendOptions, options.Flags, options.ExtraFlags, []))
            .Add(new FastTransferSourceGetBufferRequest(download));
        var answer = (await logon.Session.ExecuteAsync(batch, default)).ThrowIfFailed();
        var reached = new ContentsSyncState();
        using var collector = new FolderChangeCollector(lab.InboxKey, logon.Replicas, reached, names: null, lab.SpoolDirectory);
        var lexer = new FastTransferLexer(new ContentsSyncReader(collector));
        foreach (var piece in answer.All<FastTransferSourceGetBufferResponse>()) lexer.Feed(piece.TransferBuffer.Span);
        return (reached, await TransferStateAsync(logon, answer.Handles[download]));
    }

    private static async Task<ContentsSyncState> TransferStateAsync(MailboxLogon logon, uint download)
    {
        var batch = new RopBatch();
        var state = batch.Receive();
        batch.Add(new GetTransferStateRequest(batch.Use(download), state)).Add(new FastTransferSourceGetBufferRequest(state));
        var answer = (await logon.Session.ExecuteAsync(batch, default)).ThrowIfFailed();
        return ContentsSyncState.Parse(answer.All<FastTransferSourceGetBufferResponse>().SelectMany(piece => piece.TransferBuffer.ToArray()).ToArray());
    }

    /// <summary>A logon of our own: the other keeps its handle to itself.</summary>
    private static async Task<uint> LogonHandleAsync(MailboxLogon logon)
    {
        var batch = new RopBatch();
        var index = batch.Receive();
        const OpenFlags flags = OpenFlags.UsePerMdbReplIdMapping | OpenFlags.TakeOwnership;
        batch.Add(new LogonRequest(index, LogonFlags.Private, flags, SourceLab.AnnaMailbox.LegacyExchangeDN));
        return (await logon.Session.ExecuteAsync(batch, default)).ThrowIfFailed().Handles[index];
    }
}
