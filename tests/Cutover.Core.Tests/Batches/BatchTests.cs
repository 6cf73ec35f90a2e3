using Cutover.Core.Batches;
using U = Cutover.Core.Batches.MigrationUserStatus;

namespace Cutover.Core.Tests.Batches;

public sealed class BatchTests
{
    [Theory]
    [InlineData("Contoso-2026_pilot")]
    [InlineData("ÖsterreichBatch1")]
    public void A_name_of_letters_digits_hyphens_and_underscores_is_allowed(string text) => Assert.Equal(text, BatchName.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("semi;colon")]
    [InlineData("a/b")]
    public void A_name_with_spaces_or_special_characters_is_refused_with_a_reason(string? text)
    {
        Assert.False(BatchName.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        Assert.True(BatchName.TryParse(new string('a', 64), out _, out _));
        Assert.False(BatchName.TryParse(new string('a', 65), out _, out var problem));
        Assert.Contains("65", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_goes_from_Queued_to_Synced_and_stays_in_step()
    {
        var way = new[]
        {
            MigrationUserEvent.Admitted, MigrationUserEvent.Validated, MigrationUserEvent.PassStarted, MigrationUserEvent.PassFinished,
            MigrationUserEvent.PassStarted, MigrationUserEvent.PassFinished, MigrationUserEvent.PassStarted, MigrationUserEvent.PassFailed,
        };

        var statuses = new List<U> { U.Queued };
        foreach (var happened in way)
            statuses.Add(statuses[^1].Next(happened)!.Value);

        Assert.Equal(
            [U.Queued, U.Validating, U.Starting, U.Syncing, U.Synced, U.IncrementalSyncing, U.IncrementalSynced, U.IncrementalSyncing, U.IncrementalFailed], statuses);
    }

    [Fact]
    public void Nothing_moves_a_removed_batch_or_user()
    {
        foreach (var final in new[] { U.Completed, U.CompletedWithWarnings })
            Assert.All(Enum.GetValues<MigrationUserEvent>(), happened => Assert.Null(final.Next(happened)));
        foreach (var final in Enum.GetValues<MigrationBatchStatus>().Where(status => status.IsFinal()))
            Assert.All(Enum.GetValues<MigrationBatchEvent>(), happened => Assert.Null(final.Next(happened)));
    }

    [Fact]
    public void Every_user_status_but_the_final_ones_can_be_removed() =>
        Assert.All(
            Enum.GetValues<U>().Where(status => status.Summary() != MigrationStatusSummary.Completed && status != U.Removing),
            status => Assert.Equal(U.Removing, status.Next(MigrationUserEvent.Remove)));

    [Theory]
    [InlineData(MigrationBatchEvent.UsersWaiting, U.Queued, U.Queued)]
    [InlineData(MigrationBatchEvent.UsersSyncing, U.Queued, U.Syncing)]
    [InlineData(MigrationBatchEvent.UsersSyncing, U.Synced, U.Validating)]
    [InlineData(MigrationBatchEvent.UsersIncrementalSyncing, U.IncrementalSyncing, U.Synced)]
    [InlineData(MigrationBatchEvent.AllSynced, U.Synced, U.IncrementalSynced)]
    [InlineData(MigrationBatchEvent.SomeFailed, U.Synced, U.Failed)]
    [InlineData(MigrationBatchEvent.AllFailed, U.Failed, U.IncrementalFailed)]
    public void A_batch_reads_its_status_off_its_users(MigrationBatchEvent expected, U first, U second) =>
        Assert.Equal(expected, MigrationTransitions.Reading(new[] { first, second }.CountBy(status => status).ToDictionary()));
}
