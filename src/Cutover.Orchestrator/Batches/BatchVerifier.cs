using System.Collections.Concurrent;
using Cutover.Core.Batches;
using Cutover.Core.Faults;
using Cutover.Core.Ledger;
using Cutover.Core.Recipients;
using Cutover.Core.Reporting;
using Cutover.Core.Sync;
using Cutover.Core.Verification;
using Cutover.Orchestrator.Endpoints;
using Cutover.Orchestrator.Hosting;
using Cutover.Orchestrator.Storage;
using Cutover.Orchestrator.Users;
using Microsoft.Extensions.Logging;

namespace Cutover.Orchestrator.Batches;

/// <summary>Verifies every mailbox of a batch, a few side by side, and writes their receipts.</summary>
internal sealed partial class BatchVerifier(
    CutoverDatabase database, MailboxConnector connector, EndpointGates gates, FaultPolicy policy, OrchestratorOptions options, TimeProvider clock,
    ILogger<BatchVerifier> logger)
{
    private const int SideBySide = 4;

    public async Task<BatchVerification> VerifyAsync(
        MigrationBatch batch, IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, IProgress<VerificationProgress>? progress,
        CancellationToken ct)
    {
        var folder = Path.Combine(options.WorkDirectory, "receipts", batch.Name.Value);
        using var key = await ReceiptKey.LoadOrCreateAsync(options.WorkDirectory, ct);
        var results = new ConcurrentDictionary<string, MailboxVerification>();
        await Parallel.ForEachAsync(
            batch.Users, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct },
            async (user, token) =>
            {
                var receipt = Path.Combine(folder, FileNames.Safe(user.Name) + ".jsonl");
                void Tell(VerificationTotals totals) => progress?.Report(new VerificationProgress(user, totals, results.Count, batch.Users.Count));
                var findings = leftBehind.GetValueOrDefault(user.Source.PrimarySmtpAddress) ?? [];
                var totals = await VerifyAsync(batch, user, new Receipt(receipt, key, findings), Tell, token);
                results[user.Name] = new MailboxVerification(user, totals, receipt);
                Tell(totals);
            });
        return new BatchVerification([.. batch.Users.Select(user => results[user.Name])], folder);
    }

    /// <summary>A mailbox whose reading fails on the way is read again from its beginning; its receipt appears only when it is whole.</summary>
    private async Task<VerificationTotals> VerifyAsync(
        MigrationBatch batch, MigrationUser user, Receipt receipt, Action<VerificationTotals> tell, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await VerifyOnceAsync(batch, user, receipt, tell, ct);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                var fault = FaultPolicy.ToMailboxFault(failure);
                var delay = policy.Decide(fault, attempt) switch
                {
                    RerunMailbox(var after) => after,
                    PauseEndpoint(var duration) => duration,
                    _ => throw Named(fault, user),
                };
                LogTryingAgain(user.Name, delay, fault.Message);
                await Task.Delay(delay, clock, ct);
            }
        }
    }

    private async Task<VerificationTotals> VerifyOnceAsync(
        MigrationBatch batch, MigrationUser user, Receipt receipt, Action<VerificationTotals> tell, CancellationToken ct)
    {
        await using var connection = await connector.OpenAsync(batch, user, ct);
        var ledger = await DatabaseItemLedger.OpenAsync(database, batch.Name.Value, user.Source.LegacyExchangeDN, ct);
        var verifier = new MailboxVerifier(connection.Source, connection.Target, ledger, policy, gates[batch.Target.Name], clock);
        var header = new ReceiptHeader(
            ReceiptHeader.CurrentFormat, batch.Name.Value, user.Source.PrimarySmtpAddress, user.Source.LegacyExchangeDN, user.Target.PrimarySmtpAddress,
            user.Target.MailboxId, clock.GetUtcNow());
        await using var writer = await ReceiptWriter.CreateAsync(receipt.Path, header, receipt.Key, ct);
        foreach (var finding in receipt.LeftBehind) await writer.WriteAsync(finding, ct);
        await foreach (var item in verifier.VerifyAsync(ct))
        {
            await writer.WriteAsync(item, ct);
            tell(writer.Totals);
        }

        await writer.FinishAsync(clock.GetUtcNow(), ct);
        return writer.Totals;
    }

    private static MigrationFault Named(MigrationFault fault, MigrationUser user) =>
        new(FaultScope.Operator, $"{user.Name} could not be verified: {fault.Message}", fault.NextStep, fault);

    /// <summary>What is known of a receipt before its mailbox is read.</summary>
    private sealed record Receipt(string Path, ReceiptKey Key, IReadOnlyList<ProvisioningFinding> LeftBehind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} is verified again in {Delay}: {Reason}")]
    private partial void LogTryingAgain(string user, TimeSpan delay, string reason);
}
