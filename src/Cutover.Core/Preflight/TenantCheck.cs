using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;

namespace Cutover.Core.Preflight;

/// <summary>The target: directory synchronisation off (S27), licences enough (S22, S71).</summary>
public sealed class TenantCheck(CutoverPlan plan, IEndpointFactory endpoints, SourceOrganisation organisation) : IPreflightCheck
{
    public async IAsyncEnumerable<PreflightResult> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var tenant = await (await endpoints.OpenDomainsAsync(plan.Target, ct)).GetTenantAsync(ct);
        yield return tenant.OnPremisesSyncEnabled == true
            ? new("S27", PreflightVerdict.Blocked, $"directory synchronisation is on in {tenant.DisplayName}",
                "Turn it off in Microsoft Entra Connect and set onPremisesSyncEnabled to false, then wait until the tenant shows it off.")
            : new("S27", PreflightVerdict.Passed, $"directory synchronisation is off in {tenant.DisplayName} ({tenant.InitialDomain})");
        var needed = (await organisation.GetRecipientsAsync(ct)).Count(recipient => recipient.Type == RecipientType.UserMailbox);
        yield return tenant.AvailableExchangeLicences < needed
            ? new("S22", PreflightVerdict.Blocked, $"{needed} user mailboxes need a licence with Exchange Online, {tenant.AvailableExchangeLicences} are free",
                $"Buy at least {needed - tenant.AvailableExchangeLicences} more licences in the Microsoft 365 admin centre.")
            : new("S22", PreflightVerdict.Passed, $"{tenant.AvailableExchangeLicences} licences with Exchange Online are free for {needed} user mailboxes");
    }
}
