using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Runbooks;

namespace Cutover.Core.Preflight;

/// <summary>The source can be reached as Outlook does it: Autodiscover, certificate, Outlook Anywhere, sign-in, one mailbox (S28–S31, S51).</summary>
public sealed class OutlookAnywhereCheck(CutoverPlan plan, IEndpointFactory endpoints, SourceOrganisation organisation) : IPreflightCheck
{
    public async IAsyncEnumerable<PreflightResult> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var test = await endpoints.TestAsync(await organisation.GetEndpointAsync(ct), plan.TestMailbox, ct);
        if (test.Fault is { IsTransient: true }) test.Require();
        yield return test.Success && test.SupportsCutover
            ? new("S28", PreflightVerdict.Passed, $"Outlook Anywhere works: {test.Message}")
            : new("S28", PreflightVerdict.Blocked, $"Outlook Anywhere does not work: {test.Message} {test.ErrorDetail}".TrimEnd(),
                "Mend what the message names; Get-OutlookAnywhere and Enable-OutlookAnywhere on the server show and set it.");
    }
}
