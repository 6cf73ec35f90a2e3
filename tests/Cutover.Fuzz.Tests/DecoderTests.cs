namespace Cutover.Fuzz.Tests;

/// <summary>Every decoder against its seeds and a short stretch of damage. <c>make fuzz</c> goes on for as long as you like.</summary>
public sealed class DecoderTests
{
    private const int Executions = 300;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public void Damaged_bytes_are_refused_in_time_and_in_proportion(string name)
    {
        var target = Target(name);
        var inputs = target.Seeds.Concat(Enumerable.Range(0, Executions).Select(n => FuzzRun.Input(target, seed: 1, n)));
        Assert.All(inputs, input => AssertWell(FuzzRun.Judge(target, input)));
    }

    private static FuzzTarget Target(string name) => FuzzTargets.All.Single(target => target.Name == name);

    private static void AssertWell(Verdict verdict) =>
        Assert.True(verdict.IsWell, $"{verdict.Outcome}: {verdict.Detail}\ninput {Convert.ToHexString(verdict.Input)}");
}
