using System.Collections.Concurrent;
using System.Net;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Logging;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>
/// The folders of one mailbox. Well-known folders are found by role. Other folders are stamped with their source key when they are made, so that two
/// source folders whose names differ only in case, or a user's folder named like a well-known one, never fall together.
/// </summary>
internal sealed partial class MailboxFolders(GraphClient graph, string userId, string mailboxId, ILogger logger)
{
    private const int MaxNameLength = 255;
    private const string DefaultType = "IPF.Note";

    private readonly string folders = $"admin/exchange/mailboxes/{GraphClient.Segment(mailboxId)}/folders";
    private readonly ConcurrentDictionary<string, FolderKey> claims = new();
    private volatile string? rootId;
    private volatile bool stampsAreRefused;

    public async Task<TargetFolderId> EnsureAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct)
    {
        var id = await FindOrMakeAsync(folder, parent, known, ct);
        claims[id.Value] = folder.Key;
        return id;
    }

    private async Task<TargetFolderId> FindOrMakeAsync(MailboxFolder folder, TargetFolderId? parent, TargetFolderId? known, CancellationToken ct)
    {
        if (WellKnownFolders.NameOf(folder.Role) is { } role && await FindWellKnownAsync(role, ct) is { } found)
            return new TargetFolderId(found.Id);
        var parentId = parent?.Value ?? await GetRootAsync(ct);
        if (known is { } id && await FindAsync(id.Value, ct) is { } existing)
            return new TargetFolderId(await PlaceAsync(existing, folder, parentId, ct));
        return new TargetFolderId(await MakeAsync(folder, parentId, ct));
    }

    /// <summary>Well-known folders stay, and so does what is gone already.</summary>
    public async Task DeleteAsync(TargetFolderId id, CancellationToken ct)
    {
        if (await FindAsync(id.Value, ct) is not { } folder || WellKnownFolders.HasRole(folder.WellKnownName)) return;
        try
        {
            await graph.DeleteAsync(PathOf(id.Value), ct);
        }
        catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.NotFound) || refusal.Code == "ErrorDeleteDistinguishedFolder")
        {
        }
    }

    public string PathOf(string id) => $"{folders}/{GraphClient.Segment(id)}";

    private async Task<GraphMailboxFolder?> FindWellKnownAsync(string name, CancellationToken ct)
    {
        try
        {
            return await FindAsync(name, ct);
        }
        catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.BadRequest))
        {
            // Not every name is documented for this API; such a folder is matched by name instead.
            return null;
        }
    }

    private Task<GraphMailboxFolder?> FindAsync(string id, CancellationToken ct) =>
        graph.FindAsync(PathOf(id), GraphJson.Default.GraphMailboxFolder, ct);

    private async Task<string> GetRootAsync(CancellationToken ct) =>
        rootId ??= (await graph.GetAsync(PathOf(WellKnownFolders.Root), GraphJson.Default.GraphMailboxFolder, ct)).Id;

    /// <summary>Renames and moves the folder to where the source has it.</summary>
    private async Task<string> PlaceAsync(GraphMailboxFolder existing, MailboxFolder folder, string parentId, CancellationToken ct)
    {
        var id = existing.ParentFolderId == parentId || existing.ParentFolderId is null ? existing.Id : await MoveAsync(existing, parentId, ct);
        var name = NameOf(folder);
        if (SameName(existing.DisplayName, name, StringComparison.Ordinal)) return id;
        var siblings = (await ListChildrenAsync(parentId, ct)).Where(sibling => sibling.Id != id).ToList();
        var free = FreeName(name, siblings);
        if (free != existing.DisplayName)
            await graph.PatchAsync(PathOf(id), new FolderName(free), GraphJson.Default.FolderName, GraphJson.Default.GraphMailboxFolder, ct);
        return id;
    }

    // The import API only renames; moving is a matter of /users/{id}/mailFolders, whose ids are the same. It knows mail folders only.
    private async Task<string> MoveAsync(GraphMailboxFolder existing, string parentId, CancellationToken ct)
    {
        try
        {
            var path = $"users/{GraphClient.Segment(userId)}/mailFolders/{GraphClient.Segment(existing.Id)}/move";
            return (await graph.PostAsync(path, new FolderDestination(parentId), GraphJson.Default.FolderDestination,
                GraphJson.Default.GraphMailboxFolder, ct)).Id;
        }
        catch (ServiceRefusal refusal) when (!refusal.IsTransient && refusal.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            LogNotMoved(logger, existing.Id, refusal.Message);
            return existing.Id;
        }
    }

    private async Task<string> MakeAsync(MailboxFolder folder, string parentId, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var siblings = await ListChildrenAsync(parentId, ct);
            if (Match(folder, siblings) is { } match) return match.Id;
            try
            {
                return await CreateAsync(folder, FreeName(NameOf(folder), siblings), parentId, ct);
            }
            catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.Conflict) && attempt < 3)
            {
                // Somebody made it meanwhile: an earlier request of ours whose answer was lost, or the user.
            }
        }
    }

    private async Task<string> CreateAsync(MailboxFolder folder, string name, string parentId, CancellationToken ct)
    {
        var type = folder.ContainerClass.Length > 0 ? folder.ContainerClass : DefaultType;
        var path = $"{PathOf(parentId)}/childFolders";
        while (true)
        {
            var body = new NewFolder(name, type, stampsAreRefused ? [] : [new ExtendedProperty(ItemStamp.SourceKeyGraphId, folder.Key.Value)]);
            try
            {
                return (await graph.PostAsync(path, body, GraphJson.Default.NewFolder, GraphJson.Default.GraphMailboxFolder, ct)).Id;
            }
            catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.BadRequest) && !stampsAreRefused)
            {
                stampsAreRefused = true;
            }
        }
    }

    /// <summary>The folder that is this one already: by stamp, else one without a stamp by its name, exactly or but for case.</summary>
    private GraphMailboxFolder? Match(MailboxFolder folder, IReadOnlyList<GraphMailboxFolder> siblings)
    {
        if (siblings.FirstOrDefault(sibling => StampOf(sibling) == folder.Key.Value) is { } stamped) return stamped;
        var role = WellKnownFolders.NameOf(folder.Role);
        var free = siblings.Where(sibling => IsUnclaimed(sibling, folder.Key)
            && (role is not null || !WellKnownFolders.HasRole(sibling.WellKnownName))).ToList();
        var name = NameOf(folder);
        return free.FirstOrDefault(sibling => role is not null && role.Equals(sibling.WellKnownName, StringComparison.OrdinalIgnoreCase))
            ?? free.FirstOrDefault(sibling => SameName(sibling.DisplayName, name, StringComparison.Ordinal))
            ?? free.FirstOrDefault(sibling => SameName(sibling.DisplayName, name, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsUnclaimed(GraphMailboxFolder folder, FolderKey key) =>
        StampOf(folder) is null && (!claims.TryGetValue(folder.Id, out var holder) || holder == key);

    private async Task<IReadOnlyList<GraphMailboxFolder>> ListChildrenAsync(string parentId, CancellationToken ct)
    {
        while (true)
        {
            var expand = stampsAreRefused ? "" : "&$expand=" + Uri.EscapeDataString($"singleValueExtendedProperties($filter=id eq '{ItemStamp.SourceKeyGraphId}')");
            try
            {
                return await graph.ListAsync($"{PathOf(parentId)}/childFolders?includeHiddenFolders=true&$top=100{expand}",
                    GraphJson.Default.GraphPageGraphMailboxFolder, ct).ToListAsync(ct);
            }
            catch (ServiceRefusal refusal) when (refusal.Is(HttpStatusCode.BadRequest) && !stampsAreRefused)
            {
                stampsAreRefused = true;
            }
        }
    }

    private static string? StampOf(GraphMailboxFolder folder) => folder.SingleValueExtendedProperties?.Find(ItemStamp.SourceKeyGraphId);

    /// <summary>The name, or the first of "name (2)", "name (3)", … that no sibling has, whatever the case.</summary>
    private static string FreeName(string name, IReadOnlyList<GraphMailboxFolder> siblings)
    {
        var free = name;
        for (var number = 2; siblings.Any(sibling => SameName(sibling.DisplayName, free, StringComparison.OrdinalIgnoreCase)); number++)
            free = $"{name} ({number})";
        return free;
    }

    private static string NameOf(MailboxFolder folder) => folder.Name.Trim() switch
    {
        "" => "(no name)",
        var name when name.Length > MaxNameLength => name[..MaxNameLength],
        var name => name,
    };

    // Exchange trims the spaces around a name.
    private static bool SameName(string? one, string other, StringComparison comparison) => string.Equals(one?.Trim(), other.Trim(), comparison);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Folder {Folder} could not be moved to where the source has it and stays: {Reason}")]
    private static partial void LogNotMoved(ILogger logger, string folder, string reason);
}
