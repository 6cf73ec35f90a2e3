using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Trial;

/// <summary>
/// Tries on a real tenant what a cutover needs of it, above all what is only inferred: with one folder and one item in one mailbox, both of which it removes again.
/// </summary>
public sealed class TenantTrial
{
    private const string NeedsMailbox = "the mailbox was not found";
    private const string NeedsFolder = "there is no folder to try it in";
    private const string NeedsItem = "there is no item to try it on";

    private readonly Microsoft365Connection connection;
    private readonly Func<TargetMailbox, Microsoft365Target> open;
    private readonly string key = $"cutover-trial-{Guid.NewGuid():N}";
    private Microsoft365Target? mailbox;
    private TargetMailbox? identity;
    private TargetFolderId? folder;
    private TargetItem? item;

    internal TenantTrial(Microsoft365Connection connection, Func<TargetMailbox, Microsoft365Target> open)
    {
        this.connection = connection;
        this.open = open;
    }

    /// <summary>Tries one call after the other; what fails does not stop the rest.</summary>
    /// <param name="address">Sign-in name or address of a user with a mailbox, best one made for this.</param>
    public async IAsyncEnumerable<TriedCall> RunAsync(string address, [EnumeratorCancellation] CancellationToken ct)
    {
        var isCleanedUp = false;
        try
        {
            foreach (var call in (IEnumerable<Trial>)[.. SignIn(), .. Directory(address), .. Folders(), .. Items()]) yield return await TryAsync(call, ct);
            isCleanedUp = true;
            foreach (var call in CleanUp()) yield return await TryAsync(call, CancellationToken.None);
        }
        finally
        {
            // Stopped in the middle: what was made goes all the same.
            if (!isCleanedUp)
                foreach (var call in CleanUp()) await TryAsync(call, CancellationToken.None);
        }
    }

    private IEnumerable<Trial> SignIn()
    {
        var settings = connection.Settings;
        yield return new("sign in to Graph, with every permission", RestsOn.Documented, async ct =>
            ApplicationRoles.RequireForGraph(await connection.Tokens.GetTokenAsync(settings.GraphResource, ct)));
        yield return new("sign in to Exchange Online, with its permission", RestsOn.Documented, async ct =>
            ApplicationRoles.RequireForExchangeOnline(await connection.Tokens.GetTokenAsync(settings.ExchangeOnlineResource, ct)));
    }

    private IEnumerable<Trial> Directory(string address)
    {
        var graph = connection.CreateGraph();
        yield return new("read the organisation and its licences", RestsOn.Documented, async ct =>
        {
            var tenant = await new Microsoft365Domains(graph).GetTenantAsync(ct);
            return $"{tenant.DisplayName} ({tenant.InitialDomain}), {tenant.AvailableExchangeLicences} licences with Exchange Online free";
        });
        yield return new("run a cmdlet of Exchange Online", RestsOn.Seen, async ct =>
            $"{(await connection.ExchangeOnline.InvokeAsync("Get-AcceptedDomain", [], ct)).Count} accepted domains");
        yield return new("list recipients past the first thousand", RestsOn.Documented, async ct =>
            $"{(await connection.ExchangeOnline.InvokeAsync("Get-Recipient", new JsonObject { ["ResultSize"] = "Unlimited" }, ct)).Count} recipients");
        yield return new($"find the mailbox of {address}", RestsOn.Documented, async ct =>
        {
            var path = $"users/{GraphClient.Segment(address)}";
            var user = await graph.GetAsync($"{path}?$select=id,userPrincipalName", GraphJson.Default.GraphUser, ct);
            var id = (await graph.GetAsync($"{path}/settings/exchange", GraphJson.Default.ExchangeSettings, ct)).PrimaryMailboxId;
            identity = new TargetMailbox(user.Id!, id ?? throw new MigrationFault(FaultScope.Operator, "The answer names no mailbox.",
                "Name a user with a mailbox in the cloud."), address);
            mailbox = open(identity);
            return $"its id begins with {id.Split(':')[0]}:";
        });
    }

    private IEnumerable<Trial> Folders()
    {
        foreach (var role in Enum.GetValues<FolderRole>().Where(role => role is not FolderRole.None))
            yield return new($"find the folder {WellKnownFolders.NameOf(role)} by its well-known name",
                role is FolderRole.Outbox or FolderRole.Notes or FolderRole.Journal or FolderRole.Archive ? RestsOn.Inferred : RestsOn.Documented, async ct =>
                {
                    var path = $"admin/exchange/mailboxes/{GraphClient.Segment(identity!.MailboxId)}/folders/{WellKnownFolders.NameOf(role)}";
                    var found = await connection.CreateGraph(connection.GovernorOf(identity.MailboxId)).GetAsync(path, GraphJson.Default.GraphMailboxFolder, ct);
                    return $"it is called {found.DisplayName}";
                }, () => mailbox is null ? NeedsMailbox : null);
        yield return new("make a folder with a named property", RestsOn.Inferred, async ct =>
        {
            var wanted = new MailboxFolder(new FolderKey(key), null, $"Cutover trial {key[^8..]}", FolderRole.None, "IPF.Note", 0);
            folder = await mailbox!.EnsureFolderAsync(wanted, null, null, ct);
            var again = await mailbox.EnsureFolderAsync(wanted, null, null, ct);
            return again == folder ? "it is found again by its stamp" : throw Deviates("The folder was made a second time: its stamp is not found.",
                "Cutover would match folders by name; tell its makers.");
        }, () => mailbox is null ? NeedsMailbox : null);
    }

    private IEnumerable<Trial> Items()
    {
        var now = connection.Clock.GetUtcNow();
        var (first, second) = (new TrialItem(key, "1", now), new TrialItem(key, "2", now));
        yield return new("import an item stream as an on-premises Exchange writes it", RestsOn.Inferred, async ct =>
        {
            item = await ImportAsync(first, null, ct);
            return $"{first.StreamLength:N0} bytes became an item";
        }, () => folder is null ? NeedsFolder : null);
        yield return new("find an item by a named property", RestsOn.Inferred, async ct =>
            (await mailbox!.FindAsync(folder!.Value, new ItemKey(key), ct))?.Item.Id == item!.Id
                ? "found; so nothing is ever imported twice"
                : throw Deviates("The filter on the stamp does not find the item.", "Don't migrate: after a lost answer items could come twice. Tell Cutover's makers."),
            NoItem);
        yield return new("read the item back and compare it", RestsOn.Documented, ct => ReadBackAsync(first, ct), NoItem);
        yield return new("mark the imported item read", RestsOn.Inferred, async ct =>
        {
            item = await mailbox!.SetReadStateAsync(item!, isRead: true, ct);
            return "it is, by the id that import gave";
        }, NoItem);
        yield return new("replace the item", RestsOn.Documented, async ct =>
        {
            item = await ImportAsync(second, item, ct);
            return await ReadBackAsync(second, ct);
        }, NoItem);
        yield return new("replace it with an old change key", RestsOn.Inferred, async ct =>
        {
            // The target reads the change key anew and replaces once more: what counts is that it knows the refusal for what it is.
            item = await ImportAsync(first, item! with { ChangeKey = "AAAA" }, ct);
            return "the refusal is understood, and the replacement made with the new key";
        }, NoItem);
        yield return new("write it as a message in its place, as for an item that import refuses", RestsOn.Inferred, async ct =>
        {
            item = (await mailbox!.TryAsMessageAsync(second, folder!.Value, ct)).Item;
            return await mailbox.GetItemsAsync(folder.Value, ct).CountAsync(ct) == 1 && (await mailbox.FindAsync(folder.Value, new ItemKey(key), ct))?.Version == "2"
                ? await RequireNoDraftAsync(item, ct)
                : throw Deviates("The message does not stand in the place of the item.", "Items that import refuses would come twice or be lost; they are kept aside all the same. Tell Cutover's makers.");
        }, NoItem);
    }

    private async Task<string> RequireNoDraftAsync(TargetItem message, CancellationToken ct)
    {
        // The answer to a change tells it without a further permission.
        var found = await connection.CreateGraph().PatchAsync($"users/{GraphClient.Segment(identity!.UserId)}/messages/{GraphClient.Segment(message.Id)}",
            new ReadState(true), GraphJson.Default.ReadState, GraphJson.Default.GraphMessageState, ct);
        return found.IsDraft ? throw Deviates("The message is a draft: the tenant does not take PidTagMessageFlags at creation.",
            "Items that import refuses would become drafts; their originals are kept aside. Tell Cutover's makers.") : "it is there once, and no draft";
    }

    private async Task<TargetItem> ImportAsync(TrialItem trial, TargetItem? existing, CancellationToken ct)
    {
        var uploaded = await mailbox!.UploadAsync(trial, folder!.Value, existing, ct);
        return uploaded.Loss is null ? uploaded.Item : throw Deviates(uploaded.Loss, "Don't migrate: every item would arrive with losses. Tell Cutover's makers.");
    }

    private IEnumerable<Trial> CleanUp()
    {
        yield return new("delete the item", RestsOn.Documented, async ct =>
        {
            await mailbox!.DeleteAsync(folder!.Value, item!, ct);
            return await mailbox.FindAsync(folder.Value, new ItemKey(key), ct) is null ? "it is gone" : throw Deviates("It is still there.", "Delete it by hand.");
        }, NoItem);
        yield return new("delete the folder", RestsOn.Documented, async ct =>
        {
            await mailbox!.DeleteFolderAsync(folder!.Value, ct);
            return "it is gone";
        }, () => folder is null ? NeedsFolder : null);
    }

    private async Task<string> ReadBackAsync(TrialItem expected, CancellationToken ct)
    {
        var back = await mailbox!.ExportAsync([item!], ct).FirstAsync(ct);
        if (back.Fault is { } fault) throw fault;
        return back.Digest == expected.Digest ? "every property came back" : throw Deviates("The item came back with other content.",
            "Compare it with docs/formats/content-digest.md: the tenant changes something that the digest must leave out. Tell Cutover's makers.");
    }

    private string? NoItem() => item is null ? NeedsItem : null;

    private static MigrationFault Deviates(string message, string nextStep) => new(FaultScope.Operator, message, nextStep);

    private static async Task<TriedCall> TryAsync(Trial trial, CancellationToken ct)
    {
        if (trial.Missing?.Invoke() is { } missing) return new TriedCall(trial.Call, trial.RestsOn, TrialOutcome.NotTried, missing);
        try
        {
            var found = await Refusals.NameAsync(trial.Call, FaultScope.Operator, () => trial.RunAsync(ct));
            return new TriedCall(trial.Call, trial.RestsOn, TrialOutcome.Works, found);
        }
        catch (MigrationFault fault)
        {
            return new TriedCall(trial.Call, trial.RestsOn, TrialOutcome.Fails, fault.Message, fault.NextStep);
        }
    }

    /// <param name="Missing">What it needs and does not have; null or no answer when it can be tried.</param>
    private sealed record Trial(string Call, RestsOn RestsOn, Func<CancellationToken, Task<string>> RunAsync, Func<string?>? Missing = null);
}
