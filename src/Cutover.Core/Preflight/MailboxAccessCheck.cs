using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Recipients;
using Cutover.Core.Sync;

namespace Cutover.Core.Preflight;

/// <summary>The migration administrator may open every single mailbox (S32): each one is tried.</summary>
public sealed class MailboxAccessCheck(IEndpointFactory endpoints, SourceOrganisation organisation, PatientCalls calls) : IPreflightCheck
{
    private const int AtOnce = 4;

    public async IAsyncEnumerable<PreflightResult> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var endpoint = await organisation.GetEndpointAsync(ct);
        var mailboxes = (await organisation.GetRecipientsAsync(ct)).Where(recipient => recipient.HasMailbox).ToList();
        var refused = new System.Collections.Concurrent.ConcurrentBag<PreflightResult>();
        await Parallel.ForEachAsync(mailboxes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (mailbox, token) =>
        {
            if (await TryAsync(endpoint, mailbox, token) is { } result) refused.Add(result);
        });
        foreach (var result in refused.OrderBy(result => result.Finding, StringComparer.Ordinal))
            yield return result;
        if (refused.IsEmpty)
            yield return new("S32", PreflightVerdict.Passed, $"the migration administrator opened all {mailboxes.Count} mailboxes");
    }

    private async Task<PreflightResult?> TryAsync(MigrationEndpoint endpoint, Recipient mailbox, CancellationToken ct)
    {
        try
        {
            var identity = new SourceMailbox(mailbox.LegacyExchangeDN, mailbox.SourceAddress);
            await using var source = await calls.RunAsync(() => endpoints.OpenSourceAsync(endpoint, identity, ct), onRetry: null, ct);
            return null;
        }
        catch (MigrationFault fault)
        {
            return new("S32", PreflightVerdict.Blocked, $"{mailbox.PrimarySmtpAddress} can't be opened: {fault.Message}", fault.NextStep);
        }
    }
}
