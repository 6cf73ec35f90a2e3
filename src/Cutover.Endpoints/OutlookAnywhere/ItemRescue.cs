using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Reads single messages that a synchronisation could not give: first by a copy of the message alone, then part by part; what still can't be read is told
/// with all that is known of it, and handed over as far as it came.
/// </summary>
internal sealed class ItemRescue(MailboxLogon logon, ObjectId folderId, FolderKey folder, SourceReading reading, string spoolDirectory)
{
    private const SendOptions CopyOptions = SendOptions.UseCpid | SendOptions.ForceUnicode | SendOptions.RecoverMode;

    private Dictionary<LongTermId, PropertyBag>? rows;

    /// <summary>Reads messages unparsed.</summary>
    public RawCopy Raw { get; } = new(logon, folderId, spoolDirectory);

    /// <summary>True for an error that says no to the message, not to the session.</summary>
    public static bool IsAboutMessage(MapiException e) =>
        e.Operation.StartsWith("Rop", StringComparison.Ordinal)
        && e.ErrorCode is not (MapiErrorCode.ServerBusy or MapiErrorCode.MdbOffline or MapiErrorCode.AccessDenied);

    /// <summary>The message, or why it can't be read.</summary>
    public async Task<FolderChange> ReadAsync(FailedMessage failed, CancellationToken ct)
    {
        List<Attempt> attempts = failed.Recorder is { } recorder ? [new Attempt(recorder, failed.ErrorCode)] : [];
        try
        {
            foreach (var way in Ways(failed.Change))
            {
                attempts.Add(await TryAsync(failed.Change, way, ct));
                if (attempts[^1] is not { ErrorCode: null } whole) continue;
                attempts.Remove(whole);
                return new Upserted(whole.Recorder.Complete());
            }
            return await UnreadableAsync(failed, attempts, ct);
        }
        finally
        {
            foreach (var attempt in attempts) attempt.Recorder.Dispose();
        }
    }

    private IEnumerable<Func<ItemRecorder, CancellationToken, Task>> Ways(MessageChange change) =>
        change.ShortId == default ? [] : [(recorder, ct) => CopyAsync(change, recorder, ct), (recorder, ct) => ReadPartsAsync(change, recorder, ct)];

    private async Task<Attempt> TryAsync(MessageChange change, Func<ItemRecorder, CancellationToken, Task> way, CancellationToken ct)
    {
        var recorder = new ItemRecorder(change.Describe(folder), reading.Addresses, spoolDirectory);
        try
        {
            await way(recorder, ct);
            return new Attempt(recorder, null);
        }
        catch (MapiException e) when (IsAboutMessage(e))
        {
            return new Attempt(recorder, e.ErrorCode);
        }
        catch
        {
            recorder.Dispose();
            throw;
        }
    }

    private async Task CopyAsync(MessageChange change, ItemRecorder recorder, CancellationToken ct)
    {
        var reader = new MessageContentReader(recorder.Content);
        var lexer = new FastTransferLexer(reader);
        await foreach (var piece in logon.CopyMessageAsync(folderId, change.ShortId, CopyOptions, partner: null, ct)) lexer.Feed(piece.Span);
        lexer.Complete();
        reader.Complete();
        if (reader.Error is { } error) throw new MapiException($"Rop{RopId.FastTransferSourceCopyTo}", ErrorInfo.CodeOf(error));
    }

    private async Task ReadPartsAsync(MessageChange change, ItemRecorder recorder, CancellationToken ct)
    {
        var missing = await logon.ReadMessagePartsAsync(folderId, change.ShortId, recorder.Content, ct);
        if (missing is [var first, ..]) throw new MapiException($"RopGetPropertiesSpecific of {first.Tag}", first.ErrorCode);
    }

    private async Task<Unreadable> UnreadableAsync(FailedMessage failed, List<Attempt> attempts, CancellationToken ct)
    {
        var code = attempts.LastOrDefault()?.ErrorCode ?? failed.ErrorCode;
        var known = attempts.Select(attempt => attempt.Recorder.Info).FirstOrDefault(info => info.Subject is not null);
        var info = known ?? SourceItems.Info(failed.Change, await DescribeAsync(failed.Change, ct));
        var fault = OutlookAnywhereFaults.UnreadableItem(failed.Change.Id, code);
        if (attempts.Where(attempt => attempt.Recorder.HasContent).MaxBy(attempt => attempt.Recorder.Length) is not { } longest)
            return new Unreadable(info, fault);
        attempts.Remove(longest);
        return new Unreadable(info, fault) { Partial = longest.Recorder.CompletePartial(info) };
    }

    /// <summary>What the contents tables tell of a message that can't be opened.</summary>
    private async Task<PropertyBag> DescribeAsync(MessageChange change, CancellationToken ct)
    {
        if (rows is null)
        {
            rows = [];
            var table = change.IsAssociated
                ? logon.GetAssociatedContentsAsync(folderId, SourceItems.Columns, ct)
                : logon.GetContentsAsync(folderId, SourceItems.Columns, ct);
            await foreach (var row in table)
            {
                if (row[PropertyTags.Mid] is long mid) rows[logon.Replicas.ToLongTerm(new ObjectId(mid))] = row;
            }
        }
        return rows.GetValueOrDefault(change.Id) ?? [];
    }

    /// <summary>One way of reading a message: as far as it came, and the error that ended it.</summary>
    private sealed record Attempt(ItemRecorder Recorder, uint? ErrorCode);
}
