using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;

namespace Cutover.Core.Runbooks;

/// <summary>A mailbox of the cutover with both its ends.</summary>
public sealed record CutoverMailbox(string DisplayName, SourceMailbox Source, TargetMailbox Target)
{
    /// <summary>Bytes at the source when it was measured; null before.</summary>
    public long? Size { get; init; }

    public MigrationUser ToUser() => new(Source, Target) { Size = Size ?? 0 };
}

/// <summary>What the cutover's steps leave for each other, typed, over the run-book's record.</summary>
public sealed class CutoverJournal(IRunbookRecord record)
{
    public async Task<MigrationEndpoint> GetSourceAsync(CancellationToken ct) =>
        Parse(await NeedAsync("source", ct), JournalJson.Default.MigrationEndpoint);

    public Task SetSourceAsync(MigrationEndpoint source, CancellationToken ct) =>
        record.SetValueAsync("source", JsonSerializer.Serialize(source, JournalJson.Default.MigrationEndpoint), ct);

    public async Task<IReadOnlyList<CutoverMailbox>> GetMailboxesAsync(CancellationToken ct) =>
        Parse(await NeedAsync("mailboxes", ct), JournalJson.Default.IReadOnlyListCutoverMailbox);

    public Task SetMailboxesAsync(IReadOnlyList<CutoverMailbox> mailboxes, CancellationToken ct) =>
        record.SetValueAsync("mailboxes", JsonSerializer.Serialize(mailboxes, JournalJson.Default.IReadOnlyListCutoverMailbox), ct);

    public async Task<int> GetRecipientCountAsync(CancellationToken ct) => Parse(await NeedAsync("recipients", ct), JournalJson.Default.Int32);

    public Task SetRecipientCountAsync(int count, CancellationToken ct) =>
        record.SetValueAsync("recipients", JsonSerializer.Serialize(count, JournalJson.Default.Int32), ct);

    /// <summary>The MX records as they were before the switch, so that it can be undone; null before the first look.</summary>
    public async Task<IReadOnlyList<MxRecord>?> GetOldMxAsync(CancellationToken ct) =>
        await record.GetValueAsync("old-mx", ct) is { } json ? Parse(json, JournalJson.Default.IReadOnlyListMxRecord) : null;

    public Task SetOldMxAsync(IReadOnlyList<MxRecord> records, CancellationToken ct) =>
        record.SetValueAsync("old-mx", JsonSerializer.Serialize(records, JournalJson.Default.IReadOnlyListMxRecord), ct);

    /// <summary>When the MX switch was seen in DNS.</summary>
    public async Task<DateTimeOffset> GetSwitchedAsync(CancellationToken ct) =>
        Parse(await NeedAsync("switched", ct), JournalJson.Default.DateTimeOffset);

    public Task SetSwitchedAsync(DateTimeOffset moment, CancellationToken ct) =>
        record.SetValueAsync("switched", JsonSerializer.Serialize(moment, JournalJson.Default.DateTimeOffset), ct);

    /// <summary>What the last verification found; null before the first.</summary>
    public async Task<BatchVerification?> GetVerificationAsync(CancellationToken ct) =>
        await record.GetValueAsync("verification", ct) is { } json ? Parse(json, JournalJson.Default.BatchVerification) : null;

    public Task SetVerificationAsync(BatchVerification verified, CancellationToken ct) =>
        record.SetValueAsync("verification", JsonSerializer.Serialize(verified, JournalJson.Default.BatchVerification), ct);

    /// <summary>Settings that could not be carried, by the source mailbox's primary SMTP address.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>>> GetLeftBehindAsync(CancellationToken ct) =>
        await record.GetValueAsync("left-behind", ct) is { } json
            ? Parse(json, JournalJson.Default.IReadOnlyDictionaryStringIReadOnlyListProvisioningFinding)
            : new Dictionary<string, IReadOnlyList<ProvisioningFinding>>();

    public Task SetLeftBehindAsync(IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>> leftBehind, CancellationToken ct) =>
        record.SetValueAsync("left-behind", JsonSerializer.Serialize(leftBehind, JournalJson.Default.IReadOnlyDictionaryStringIReadOnlyListProvisioningFinding), ct);

    public async Task<bool> WasSentAsync(string messageId, CancellationToken ct) =>
        await record.GetValueAsync($"sent:{messageId}", ct) is not null;

    public Task SetSentAsync(string messageId, DateTimeOffset moment, CancellationToken ct) =>
        record.SetValueAsync($"sent:{messageId}", JsonSerializer.Serialize(moment, JournalJson.Default.DateTimeOffset), ct);

    private async Task<string> NeedAsync(string key, CancellationToken ct) =>
        await record.GetValueAsync(key, ct)
        ?? throw new InvalidOperationException($"The run-book has no '{key}' yet: an earlier step has not run.");

    private static T Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The run-book's record holds null where a value must be.");
}

[JsonSerializable(typeof(MigrationEndpoint))]
[JsonSerializable(typeof(IReadOnlyList<CutoverMailbox>))]
[JsonSerializable(typeof(IReadOnlyList<MxRecord>))]
[JsonSerializable(typeof(BatchVerification))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<ProvisioningFinding>>))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(int))]
internal sealed partial class JournalJson : JsonSerializerContext;
