using System.Text.Json.Nodes;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// Gives users a licence with an Exchange Online plan: the one that the endpoint names, else the one with the largest mailbox and, among equals, the most free
/// seats. A user who has one already keeps it.
/// </summary>
internal sealed class Licences(GraphClient graph, ExchangeOnlineClient exchange, Microsoft365Settings settings)
{
    private readonly SemaphoreSlim choosing = new(1, 1);
    private readonly Dictionary<Guid, int> free = [];
    private IReadOnlyList<SubscribedSku>? skus;

    public async Task AssignAsync(Recipient recipient, string userId, CancellationToken ct)
    {
        var path = $"users/{GraphClient.Segment(userId)}";
        var user = await graph.GetAsync($"{path}?$select=id,assignedLicenses", GraphJson.Default.GraphUser, ct);
        var giving = (await GetSkusAsync(ct)).Select(sku => sku.SkuId).ToHashSet();
        if (user.AssignedLicenses?.Any(licence => giving.Contains(licence.SkuId)) == true) return;
        var sku = await ReserveAsync(recipient, ct);
        try
        {
            await graph.PostAsync(
                $"{path}/assignLicense", new LicenceChange([new AssignedLicence(sku, [])], []), GraphJson.Default.LicenceChange,
                    GraphJson.Default.GraphUser, ct);
        }
        catch (ServiceRefusal)
        {
            await GiveBackAsync(sku, ct);
            throw;
        }
    }

    /// <summary>Which licence each user mailbox has or would get, by the same choice as <see cref="AssignAsync"/> makes.</summary>
    public async Task<LicencePlan> PlanAsync(IReadOnlyList<Recipient> recipients, string usageLocation, CancellationToken ct)
    {
        var all = await GetSkusAsync(ct);
        var stock = all.Select(sku => new LicenceStock(NameOf(sku), MailboxPlans.OwnedSeats(sku), sku.ConsumedUnits, MailboxPlans.FreeSeats(sku))).ToList();
        var there = new Dictionary<string, GraphUser>(StringComparer.OrdinalIgnoreCase);
        var licensed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var user in graph.ListAsync("users?$select=id,userPrincipalName,mail,proxyAddresses,assignedLicenses&$top=999", GraphJson.Default.GraphPageGraphUser, ct))
        {
            foreach (var name in Names(user)) there.TryAdd(name, user);
            if (user.AssignedLicenses?.Any(licence => all.Any(sku => sku.SkuId == licence.SkuId)) == true) licensed.Add(user.Id!);
        }

        var left = all.ToDictionary(sku => sku.SkuId, MailboxPlans.FreeSeats);
        var users = new List<PlannedLicence>();
        foreach (var recipient in recipients.Where(recipient => recipient.Type == RecipientType.UserMailbox))
        {
            var had = there.GetValueOrDefault(recipient.PrimarySmtpAddress)?.AssignedLicenses?.Select(licence => all.FirstOrDefault(sku => sku.SkuId == licence.SkuId))
                .OfType<SubscribedSku>().FirstOrDefault();
            var gets = had ?? Choose(all, left);
            if (had is null && gets is not null) left[gets.SkuId]--;
            users.Add(new PlannedLicence(recipient.PrimarySmtpAddress, gets is null ? null : NameOf(gets), had is not null));
        }

        return new LicencePlan(stock, users, usageLocation) { Unlicensed = await UnlicensedAsync(licensed, ct) };
    }

    /// <summary>Mailboxes of users without a licence, with the day that Microsoft disables each (S71).</summary>
    private async Task<IReadOnlyList<UnlicensedMailbox>> UnlicensedAsync(HashSet<string> licensed, CancellationToken ct)
    {
        var mailboxes = await exchange.InvokeAsync("Get-Mailbox", new JsonObject { ["RecipientTypeDetails"] = new JsonArray("UserMailbox"), ["ResultSize"] = "Unlimited" }, ct);
        return [.. mailboxes.Where(mailbox => !licensed.Contains(mailbox.Id) && mailbox.Time("WhenMailboxCreated") is not null)
            .Select(mailbox => new UnlicensedMailbox(mailbox.Text("PrimarySmtpAddress") ?? mailbox.Id, mailbox.Time("WhenMailboxCreated")!.Value + UnlicensedMailbox.Grace))
            .OrderBy(mailbox => mailbox.DisabledOn)];
    }

    private static IEnumerable<string> Names(GraphUser user) =>
        (user.ProxyAddresses ?? []).Select(address => address[(address.IndexOf(':') + 1)..]).Append(user.Mail).Append(user.UserPrincipalName).OfType<string>();

    private static string NameOf(SubscribedSku sku) => sku.SkuPartNumber ?? sku.SkuId.ToString();

    private SubscribedSku? Choose(IReadOnlyList<SubscribedSku> among, IReadOnlyDictionary<Guid, int> left) => among.Where(IsWanted)
        .Where(sku => left[sku.SkuId] > 0).OrderByDescending(MailboxPlans.Rank).ThenByDescending(sku => left[sku.SkuId]).FirstOrDefault();

    private async Task<IReadOnlyList<SubscribedSku>> GetSkusAsync(CancellationToken ct)
    {
        await choosing.WaitAsync(ct);
        try
        {
            if (skus is not null) return skus;
            skus = await graph.ListAsync("subscribedSkus", GraphJson.Default.GraphPageSubscribedSku, ct)
                .Where(MailboxPlans.GivesMailbox).ToListAsync(ct);
            foreach (var sku in skus) free[sku.SkuId] = MailboxPlans.FreeSeats(sku);
            return skus;
        }
        finally
        {
            choosing.Release();
        }
    }

    /// <summary>Seats are counted down here, so that users served side by side don't choose the same last one.</summary>
    private async Task<Guid> ReserveAsync(Recipient recipient, CancellationToken ct)
    {
        await choosing.WaitAsync(ct);
        try
        {
            var sku = Choose(skus!, free) ?? throw NoSeat(recipient);
            free[sku.SkuId]--;
            return sku.SkuId;
        }
        finally
        {
            choosing.Release();
        }
    }

    private bool IsWanted(SubscribedSku sku) =>
        settings.Licence.Length == 0 || settings.Licence.Equals(sku.SkuPartNumber, StringComparison.OrdinalIgnoreCase);

    private async Task GiveBackAsync(Guid sku, CancellationToken ct)
    {
        await choosing.WaitAsync(ct);
        free[sku]++;
        choosing.Release();
    }

    private MigrationFault NoSeat(Recipient recipient) => new(
        FaultScope.Item,
        $"{recipient.PrimarySmtpAddress} gets no mailbox: no {(settings.Licence.Length > 0 ? $"{settings.Licence} licence" : "licence with Exchange Online")} is free.",
        "Buy licences or take some back in the Microsoft 365 admin centre, then run again.");
}
