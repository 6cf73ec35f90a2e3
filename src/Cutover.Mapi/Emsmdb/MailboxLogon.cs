using System.Runtime.CompilerServices;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// An open mailbox. It reads and never writes. One caller at a time; an enumeration that is under way counts as a call. Source:
/// [MS-OXCSTOR], [MS-OXCFOLD].
/// </summary>
public sealed partial class MailboxLogon : IAsyncDisposable
{
    /// <summary>Replica ids are given out from 1 on; this many are asked for at once.</summary>
    private const int ReplicaIdsAsked = 32;

    private const int MaximumReplicaIds = 1024;

    private const ushort RowsPerCall = 1024;

    private static readonly OpenFlags[] Forms =
    [
        OpenFlags.UsePerMdbReplIdMapping | OpenFlags.NoMail | OpenFlags.TakeOwnership | OpenFlags.HomeLogon,
        OpenFlags.UsePerMdbReplIdMapping | OpenFlags.NoMail | OpenFlags.TakeOwnership | OpenFlags.UseAdminPrivilege,
    ];

    private readonly uint handle;
    private readonly long loggedOn;

    private MailboxLogon(MapiSession session, uint handle, LogonResponse response)
    {
        Session = session;
        this.handle = handle;
        loggedOn = session.Clock.GetTimestamp();
        Response = response;
        Replicas.Add(response.ReplId, response.ReplGuid);
    }

    public MapiSession Session { get; }

    public LogonResponse Response { get; }

    public ReplicaTable Replicas { get; } = new();

    /// <summary>The time now by the server's clock, as far as the logon told it.</summary>
    public DateTime ServerTime => Response.LogonTime + Session.Clock.GetElapsedTime(loggedOn);

    /// <summary>
    /// Opens a mailbox, one's own or another's; the latter first as someone who was given access, then by administrator privilege. The
    /// logon then owns the session.
    /// </summary>
    /// <exception cref="WrongServerException">The mailbox is on another server.</exception>
    /// <exception cref="MapiException">The mailbox can't be opened, or not as its owner would.</exception>
    public static async Task<MailboxLogon> OpenAsync(MapiSession session, string legacyExchangeDN, CancellationToken ct)
    {
        try
        {
            return await LogOnAsync(session, legacyExchangeDN, ct);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The folders below a folder, at any depth.</summary>
    public IAsyncEnumerable<PropertyBag> GetHierarchyAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(folder, Hierarchy, columns, ct);

    /// <summary>These properties of each folder and, in the same call, the folders below the last of them, at any depth.</summary>
    public async Task<(IReadOnlyList<PropertyBag> Folders, IReadOnlyList<PropertyBag> Below)> GetFoldersWithHierarchyAsync(
        IReadOnlyList<ObjectId> folders, IReadOnlyList<PropertyTag> tags, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = folders.Select(folder => OpenFolder(batch, folder)).ToList();
        foreach (var folder in opened) batch.Add(new GetPropertiesSpecificRequest(folder, tags));
        var table = AddTable(batch, opened[^1], Hierarchy, columns);
        var answer = await Session.ExecuteAsync(batch, ct);
        foreach (var folder in opened) Session.ReleaseLater(answer.Handles[folder]);
        var properties = answer.ThrowIfFailed().All<GetPropertiesSpecificResponse>().Select(response => response.Row.ToBag(tags)).ToList();
        return (properties, await ReadRowsAsync(answer, answer.Handles[table], columns, ct).ToListAsync(ct));
    }

    /// <summary>The messages of a folder, folder-associated ones left out.</summary>
    public IAsyncEnumerable<PropertyBag> GetContentsAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(folder, (input, output) => new GetContentsTableRequest(input, output, TableFlags.UseUnicode), columns, ct);

    /// <summary>The folder-associated messages of a folder alone.</summary>
    public IAsyncEnumerable<PropertyBag> GetAssociatedContentsAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(
            folder, (input, output) => new GetContentsTableRequest(input, output, TableFlags.UseUnicode | TableFlags.Associated), columns, ct);

    /// <summary>The folders directly below a folder.</summary>
    public IAsyncEnumerable<PropertyBag> GetSubfoldersAsync(ObjectId folder, IReadOnlyList<PropertyTag> columns, CancellationToken ct) =>
        ReadTableAsync(folder, (input, output) => new GetHierarchyTableRequest(input, output, TableFlags.UseUnicode), columns, ct);

    /// <summary>These properties of a folder; what it hasn't is left out.</summary>
    public async Task<PropertyBag> GetFolderPropertiesAsync(ObjectId folder, IReadOnlyList<PropertyTag> tags, CancellationToken ct) =>
        (await GetFolderPropertiesAsync([folder], tags, ct))[0];

    /// <summary>These properties of a message; what it hasn't, or what is too long for a row, is left out.</summary>
    public async Task<PropertyBag> GetMessagePropertiesAsync(
        ObjectId folder, ObjectId message, IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = batch.Receive();
        batch.Add(new OpenMessageRequest(batch.Use(handle), opened, folder, message)).Add(new GetPropertiesSpecificRequest(opened, tags));
        var answer = await Session.ExecuteAsync(batch, ct);
        Session.ReleaseLater(answer.Handles[opened]);
        return answer.ThrowIfFailed().Get<GetPropertiesSpecificResponse>().Row.ToBag(tags);
    }

    /// <summary>These properties of each folder, in one call; what a folder hasn't is left out.</summary>
    public async Task<IReadOnlyList<PropertyBag>> GetFolderPropertiesAsync(
        IReadOnlyList<ObjectId> folders, IReadOnlyList<PropertyTag> tags, CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = folders.Select(folder => OpenFolder(batch, folder)).ToList();
        foreach (var folder in opened) batch.Add(new GetPropertiesSpecificRequest(folder, tags));
        var answer = await Session.ExecuteAsync(batch, ct);
        foreach (var folder in opened) Session.ReleaseLater(answer.Handles[folder]);
        return answer.ThrowIfFailed().All<GetPropertiesSpecificResponse>().Select(response => response.Row.ToBag(tags)).ToList();
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static async Task<MailboxLogon> LogOnAsync(MapiSession session, string legacyExchangeDN, CancellationToken ct)
    {
        uint? refusal = null;
        foreach (var form in Forms)
        {
            var batch = new RopBatch();
            var index = batch.Receive();
            batch.Add(new LogonRequest(index, LogonFlags.Private, form, legacyExchangeDN));
            AskForReplicas(batch, index, first: 1);
            var answer = await session.ExecuteAsync(batch, ct);
            var response = answer.Responses[0];
            // Exchange 2013 and later let anybody in, as a delegate who sees what the folders' permissions leave: mostly an empty mailbox.
            // Source: [MS-OXCSTOR] 2.2.1.1.3, note 31.
            var isDelegate = response is LogonResponse { ResponseFlags: var flags } && !flags.HasFlag(LogonResponseFlags.OwnerRight);
            if (isDelegate) session.ReleaseLater(answer.Handles[index]);
            if (response is LogonResponse success && !isDelegate)
            {
                var logon = new MailboxLogon(session, answer.Handles[index], success);
                await logon.ReadReplicasAsync(answer.Responses.Skip(1).ToList(), ct);
                return logon;
            }
            if (response is LogonRedirectResponse redirect) throw new WrongServerException(redirect.ServerName);
            var code = isDelegate ? MapiErrorCode.LoginPerm : response.ReturnValue;
            if (refusal is null or MapiErrorCode.ProfileNotConfigured) refusal = code;
            if (!IsAboutRights(code)) break;
        }
        throw new MapiException("RopLogon", refusal!.Value);
    }

    private static bool IsAboutRights(uint code) =>
        code is MapiErrorCode.ProfileNotConfigured or MapiErrorCode.LoginPerm or MapiErrorCode.AccessDenied or MapiErrorCode.LoginFailure;

    private static void AskForReplicas(RopBatch batch, byte logon, int first)
    {
        for (var id = first; id < first + ReplicaIdsAsked; id++) batch.Add(new LongTermIdFromIdRequest(logon, ObjectId.Of((ushort)id, 1)));
    }

    /// <summary>
    /// Takes in the first block of replica ids, which came with the logon, and asks for the next, one call each, until a block has one that does not
    /// exist: they are given out in sequence.
    /// </summary>
    private async Task ReadReplicasAsync(IReadOnlyList<RopResponse> block, CancellationToken ct)
    {
        for (var first = 1; ;)
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (block[i] is LongTermIdFromIdResponse { LongTermId.Replica: var replica }) Replicas.Add((ushort)(first + i), replica);
            }
            first += ReplicaIdsAsked;
            if (first >= MaximumReplicaIds || block.Any(response => !response.IsSuccess)) return;
            var batch = new RopBatch();
            AskForReplicas(batch, batch.Use(handle), first);
            block = (await Session.ExecuteAsync(batch, ct)).Responses;
        }
    }

    private async IAsyncEnumerable<PropertyBag> ReadTableAsync(
        ObjectId folder, Func<byte, byte, RopRequest> open, IReadOnlyList<PropertyTag> columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new RopBatch();
        var opened = OpenFolder(batch, folder);
        var table = AddTable(batch, opened, open, columns);
        var answer = await Session.ExecuteAsync(batch, ct);
        Session.ReleaseLater(answer.Handles[opened]);
        await foreach (var row in ReadRowsAsync(answer, answer.Handles[table], columns, ct)) yield return row;
    }

    private static GetHierarchyTableRequest Hierarchy(byte folder, byte table) => new(folder, table, TableFlags.Depth | TableFlags.UseUnicode);

    /// <summary>Opens a table and asks for its first rows.</summary>
    private static byte AddTable(RopBatch batch, byte folder, Func<byte, byte, RopRequest> open, IReadOnlyList<PropertyTag> columns)
    {
        var table = batch.Receive();
        batch.Add(open(folder, table)).Add(new SetColumnsRequest(table, columns)).Add(QueryRows(table, columns));
        return table;
    }

    /// <summary>The rows of the first answer and all that follow.</summary>
    private async IAsyncEnumerable<PropertyBag> ReadRowsAsync(
        RopAnswer answer, uint tableHandle, IReadOnlyList<PropertyTag> columns, [EnumeratorCancellation] CancellationToken ct)
    {
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
}
