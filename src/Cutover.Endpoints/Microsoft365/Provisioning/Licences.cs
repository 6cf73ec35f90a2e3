using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// Gives users a licence with an Exchange Online plan: the one that the endpoint names, else the one with the largest mailbox and, among equals, the most free
/// seats. A user who has one already keeps it.
/// </summary>
internal sealed class Licences(GraphClient graph, Microsoft365Settings settings)
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
            var sku = skus!.Where(IsWanted).Where(sku => free[sku.SkuId] > 0).OrderByDescending(MailboxPlans.Rank).ThenByDescending(sku => free[sku.SkuId]).FirstOrDefault()
                ?? throw NoSeat(recipient);
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
