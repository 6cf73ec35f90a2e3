namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>A service plan of a subscription, such as EXCHANGE_S_ENTERPRISE.</summary>
public sealed record ServicePlan(Guid Id, string Name)
{
    public static readonly ServicePlan ExchangeEnterprise = new(new Guid("efb87545-963c-4e0d-99df-69c6916d9eb0"), "EXCHANGE_S_ENTERPRISE");
    public static readonly ServicePlan ExchangeStandard = new(new Guid("9aaf7827-d63c-4b61-89c3-182f06f82e5c"), "EXCHANGE_S_STANDARD");
    public static readonly ServicePlan ExchangeDeskless = new(new Guid("4a82b400-a79f-41a4-b4e2-e94f5787b113"), "EXCHANGE_S_DESKLESS");
    public static readonly ServicePlan ExchangeFoundation = new(new Guid("113feb6c-3fe4-4440-bddc-54d774bf0318"), "EXCHANGE_S_FOUNDATION");
    public static readonly ServicePlan Teams = new(new Guid("57ff2da0-773e-42df-b2af-ffb7a2317929"), "TEAMS1");

    /// <summary>EXCHANGE_S_FOUNDATION alone gives no mailbox.</summary>
    public bool GivesMailbox => Name.StartsWith("EXCHANGE_", StringComparison.Ordinal) && this != ExchangeFoundation;
}

/// <summary>A product that the organisation has bought, with its seats.</summary>
public sealed record Subscription(Guid SkuId, string SkuPartNumber, int Seats, IReadOnlyList<ServicePlan> Plans)
{
    /// <summary>Office 365 E3.</summary>
    public static Subscription Enterprise(int seats) => new(
        new Guid("6fd2c87f-b296-42f0-b197-1e91e994b900"), "ENTERPRISEPACK", seats, [ServicePlan.ExchangeEnterprise, ServicePlan.Teams]);

    /// <summary>Exchange Online (Plan 1).</summary>
    public static Subscription ExchangeStandard(int seats) => new(
        new Guid("4b9405b0-7788-4568-add1-99614e613b69"), "EXCHANGESTANDARD", seats, [ServicePlan.ExchangeStandard]);

    /// <summary>Teams alone: its only Exchange plan gives no mailbox.</summary>
    public static Subscription WithoutMailbox(int seats) => new(
        new Guid("710779e8-3d4a-4c88-adb9-386c958d1fdf"), "TEAMS_EXPLORATORY", seats, [ServicePlan.ExchangeFoundation, ServicePlan.Teams]);
}
