using System.Runtime.CompilerServices;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>How a folder's contents are synchronised. Source: [MS-OXCFXICS] 2.2.3.2.1.1.1.</summary>
public sealed record ContentsSyncOptions
{
    /// <summary>UTF-16 strings with their code page as type, as item streams have them; a broken message costs itself only.</summary>
    public SendOptions SendOptions { get; init; } = SendOptions.UseCpid | SendOptions.ForceUnicode | SendOptions.RecoverMode;

    /// <summary>Without BestBody Exchange 2007 and 2010 give every body as compressed RTF; later versions ignore it.</summary>
    public SynchronizationFlags Flags { get; init; } =
        SynchronizationFlags.Unicode | SynchronizationFlags.Normal | SynchronizationFlags.ReadState | SynchronizationFlags.NoForeignIdentifiers
        | SynchronizationFlags.BestBody;

    public SynchronizationExtraFlags ExtraFlags { get; init; } =
        SynchronizationExtraFlags.Eid | SynchronizationExtraFlags.MessageSize | SynchronizationExtraFlags.ChangeNumber;

    /// <summary>Properties to leave out.</summary>
    public IReadOnlyList<PropertyTag> ExcludedProperties { get; init; } = [];
}

/// <summary>
/// An open mailbox. It reads and never writes. One caller at a time; an enumeration that is under way counts as a call. Source:
/// [MS-OXCSTOR], [MS-OXCFOLD].
/// </summary>
public sealed class MailboxLogon : IAsyncDisposable
{
    /// <summary>Replica ids are given out from 1 on; this many are asked for at once.</summary>
    private const int ReplicaIdsAsked = 32;

    private const int MaximumReplicaIds = 1024;

    private const ushort RowsPerCall = 1024;
    private const int StateChunk = 16 * 1024;

    private static readonly OpenFlags[] Forms =
    [
        OpenFlags.UsePerMdbReplIdMapping | OpenFlags.NoMail | OpenFlags.TakeOwnership | OpenFlags.HomeLogon,
        OpenFlags.UsePerMdbReplIdMapping | OpenFlags.NoMail | OpenFlags.TakeOwnership | OpenFlags.UseAdminPrivilege,
    ];

    private readonly uint handle;

    private MailboxLogon(MapiSession session, uint handle, LogonResponse response)
    {
        Session = session;
        this.handle = handle;
        Response = response;
        Replicas.Add(response.ReplId, response.ReplGuid);
    }

    public MapiSession Session { get; }

    public LogonResponse Response { get; }

    public ReplicaTable Replicas { get; } = new();

    /// <summary>
    /// Opens a mailbox, one's own or another's; the latter first as someone who was given access, then by administrator privilege. The
    /// logon then owns the session.
    /// </summary>
    /// <exception cref="WrongServerException">The mailbox is on another server.</exception>
    /// <exception cref="MapiException">The mailbox can't be opened.</exception>
    public static async Task<MailboxLogon> OpenAsync(MapiSession session, string legacyExchangeDN, CancellationToken ct)
    {
        try
        {
            var logon = await LogOnAsync(session, legacyExchangeDN, ct);
            await logon.ReadReplicasAsync(ct);
            return logon;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The folders below a folder, at any depth.</summary>
    public IAsyncEnumerable<PropertyBag> GetHierarchyAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(folder, (input, output) => new GetHierarchyTableRequest(input, output, TableFlags.Depth | TableFlags.UseUnicode), columns, ct);

    /// <summary>The messages of a folder, folder-associated ones left out.</summary>
    public IAsyncEnumerable<PropertyBag> GetContentsAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(folder, (input, output) => new GetContentsTableRequest(input, output, TableFlags.UseUnicode), columns, ct);

    /// <summary>These properties of a folder; what it hasn't is left out.</summary>
    public async Task<PropertyBag> GetFolderPropertiesAsync(ObjectId folder, IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenFolder(batch, folder);
        var answer = await Session.ExecuteAsync(batch.Add(new GetPropertiesSpecificRequest(opened, tags)), ct);
        Session.ReleaseLater(answer.Handles[opened]);
        return answer.ThrowIfFailed().Get<GetPropertiesSpecificResponse>().Row.ToBag(tags);
    }

    /// <summary>
    /// The bytes of a contentsSync: what changed in a folder since <paramref name="since"/> (null: all there is). Feed them to a
    /// <see cref="FastTransferLexer"/> with a <see cref="ContentsSyncReader"/> behind it. Stopping early lets go of the download.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> SynchronizeContentsAsync(
        ObjectId folder, ContentsSyncState? since, ContentsSyncOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var download = await ConfigureAsync(folder, since, options, ct);
        try
        {
            await foreach (var piece in DownloadAsync(download, ct)) yield return piece;
        }
        finally
        {
            Session.ReleaseLater(download);
        }
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static async Task<MailboxLogon> LogOnAsync(MapiSession session, string legacyExchangeDN, CancellationToken ct)
    {
        RopResponse? refusal = null;
        foreach (var form in Forms)
        {
            var batch = new RopBatch();
            var index = batch.Receive();
            var answer = await session.ExecuteAsync(batch.Add(new LogonRequest(index, LogonFlags.Private, form, legacyExchangeDN)), ct);
            var response = answer.Responses[0];
            if (response is LogonResponse success) return new MailboxLogon(session, answer.Handles[index], success);
            if (response is LogonRedirectResponse redirect) throw new WrongServerException(redirect.ServerName);
            if (refusal is null or { ReturnValue: MapiErrorCode.ProfileNotConfigured }) refusal = response;
            if (!IsAboutRights(response.ReturnValue)) break;
        }
        throw new MapiException("RopLogon", refusal!.ReturnValue);
    }

    private static bool IsAboutRights(uint code) =>
        code is MapiErrorCode.ProfileNotConfigured or MapiErrorCode.LoginPerm or MapiErrorCode.AccessDenied or MapiErrorCode.LoginFailure;

    /// <summary>
    /// Asks for the replica ids in blocks, one call each, until a block has one that does not exist: they are given out in sequence.
    /// </summary>
    private async Task ReadReplicasAsync(CancellationToken ct)
    {
        for (var first = 1; first < MaximumReplicaIds; first += ReplicaIdsAsked)
        {
            var batch = new RopBatch();
            var logon = batch.Use(handle);
            for (var id = first; id < first + ReplicaIdsAsked; id++)
                batch.Add(new LongTermIdFromIdRequest(logon, ObjectId.Of((ushort)id, 1)));
            var answer = await Session.ExecuteAsync(batch, ct);
            for (var i = 0; i < answer.Responses.Count; i++)
            {
                if (answer.Responses[i] is LongTermIdFromIdResponse { LongTermId.Replica: var replica }) Replicas.Add((ushort)(first + i), replica);
            }
            if (answer.Responses.Any(response => !response.IsSuccess)) return;
        }
    }

    private async IAsyncEnumerable<PropertyBag> ReadTableAsync(
        ObjectId folder, Func<byte, byte, RopRequest> open, IReadOnlyList<PropertyTag> columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenFolder(batch, folder);
        var table = batch.Receive();
        batch.Add(open(opened, table)).Add(new SetColumnsRequest(table, columns)).Add(QueryRows(table, columns));
        var answer = await Session.ExecuteAsync(batch, ct);
        Session.ReleaseLater(answer.Handles[opened]);
        var tableHandle = answer.Handles[table];
        try
        {
            while (true)
            {
                var pages = answer.ThrowIfFailed().All<QueryRowsResponse>().ToList();
                foreach (var row in pages.SelectMany(page => page.Rows)) yield return row.ToBag(columns);
                if (pages.Count == 0 || pages[^1].Rows.Count == 0 || pages[^1].Origin == Bookmark.End) yield break;
                var next = new RopBatch();
                answer = await Session.ExecuteAsync(next.Add(QueryRows(next.Use(tableHandle), columns)), ct);
            }
        }
        finally
        {
            Session.ReleaseLater(tableHandle);
        }
    }

    private static QueryRowsRequest QueryRows(byte table, IReadOnlyList<PropertyTag> columns) =>
        new(table, QueryRowsFlags.EnablePackedBuffers, ForwardRead: true, RowsPerCall) { Columns = columns };

    private byte OpenFolder(RopBatch batch, ObjectId folder)
    {
        var logon = batch.Use(handle);
        var opened = batch.Receive();
        batch.Add(new OpenFolderRequest(logon, opened, folder));
        return opened;
    }

    /// <summary>Opens the folder, configures the download and uploads the state in one call; returns the download's handle.</summary>
    private async Task<uint> ConfigureAsync(ObjectId folder, ContentsSyncState? since, ContentsSyncOptions options, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenFolder(batch, folder);
        var download = batch.Receive();
        batch.Add(new SynchronizationConfigureRequest(
            opened, download, SynchronizationType.Contents, options.SendOptions, options.Flags, options.ExtraFlags, options.ExcludedProperties));
        foreach (var property in since?.ToProperties() ?? []) UploadState(batch, download, property);
        var answer = await Session.ExecuteAsync(batch, ct);
        Session.ReleaseLater(answer.Handles[opened]);
        if (answer.Responses.Any(response => !response.IsSuccess)) Session.ReleaseLater(answer.Handles[download]);
        return answer.ThrowIfFailed().Handles[download];
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

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> DownloadAsync(uint download, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var busy = 0; ;)
        {
            var batch = new RopBatch();
            var answer = await Session.ExecuteAsync(batch.Add(new FastTransferSourceGetBufferRequest(batch.Use(download))), ct);
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
                if (response.TransferStatus == TransferStatus.Error)
                    throw new MapiProtocolException("The server stopped the download with an error");
            }
        }
    }
}
