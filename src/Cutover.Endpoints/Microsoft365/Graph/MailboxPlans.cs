namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>Which service plans of a licence come with an Exchange Online mailbox; any one of them suffices.</summary>
internal static class MailboxPlans
{
    // The larger the mailbox, the higher the rank. Ids from Microsoft's product table; EXCHANGE_S_FOUNDATION and the archive add-ons give none.
    private static readonly IReadOnlyDictionary<Guid, int> Ranks = new Dictionary<Guid, int>
    {
        [new("efb87545-963c-4e0d-99df-69c6916d9eb0")] = 3, // EXCHANGE_S_ENTERPRISE, 100 GB
        [new("8c3069c0-ccdb-44be-ab77-986203a67df2")] = 3, // EXCHANGE_S_ENTERPRISE_GOV
        [new("9aaf7827-d63c-4b61-89c3-182f06f82e5c")] = 2, // EXCHANGE_S_STANDARD, 50 GB
        [new("e9b4930a-925f-45e2-ac2a-3f7788ca6fdd")] = 2, // EXCHANGE_S_STANDARD_GOV
        [new("90927877-dcff-4af6-b346-2332c0b15bb7")] = 2, // EXCHANGE_B_STANDARD
        [new("d42bdbd6-c335-4231-ab3d-c8f348d5aff5")] = 2, // EXCHANGE_L_STANDARD
        [new("fc52cc4b-ed7d-472d-bbe7-b081c23ecc56")] = 2, // EXCHANGE_S_STANDARD_MIDMARKET
        [new("1126bef5-da20-4f07-b45e-ad25d2581aa8")] = 2, // EXCHANGE_S_ESSENTIALS
        [new("4a82b400-a79f-41a4-b4e2-e94f5787b113")] = 1, // EXCHANGE_S_DESKLESS, 2 GB
        [new("88f4d7ef-a73b-4246-8047-516022144c9f")] = 1, // EXCHANGE_S_DESKLESS_GOV
    };

    public static bool GivesMailbox(SubscribedSku sku) => Rank(sku) > 0;

    public static int Rank(SubscribedSku sku) => sku.ServicePlans?.Max(plan => (int?)Ranks.GetValueOrDefault(plan.ServicePlanId)) ?? 0;

    public static int OwnedSeats(SubscribedSku sku) => (sku.PrepaidUnits?.Enabled ?? 0) + (sku.PrepaidUnits?.Warning ?? 0);

    /// <summary>Seats that nobody has; none where the subscription is suspended or gone.</summary>
    public static int FreeSeats(SubscribedSku sku) => sku.CapabilityStatus is "Enabled" or "Warning"
        ? Math.Max(0, OwnedSeats(sku) - sku.ConsumedUnits)
        : 0;
}
