namespace Cutover.Fuzz.Tests;

/// <summary>Every decoder against its seeds, a short stretch of damage, and every input that once broke one. <c>make fuzz</c> goes on for as long as you like.</summary>
public sealed class DecoderTests
{
    private const int Executions = 300;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    public static TheoryData<string> Found => [.. Directory.GetFiles(FoundDirectory, "*.hex").Select(file => Path.GetFileName(file))];

    private static string FoundDirectory => Path.Combine(AppContext.BaseDirectory, "Found");

    [Theory, MemberData(nameof(Targets))]
    public void Damaged_bytes_are_refused_in_time_and_in_proportion(string name)
    {
        var target = Target(name);
        var inputs = target.Seeds.Concat(Enumerable.Range(0, Executions).Select(n => FuzzRun.Input(target, seed: 1, n)));
        Assert.All(inputs, input => AssertWell(FuzzRun.Judge(target, input)));
    }

    /// <summary>The file's name is the target's, two dashes and what it was about; its text is the input in hexadecimal.</summary>
    [Theory, MemberData(nameof(Found))]
    public void What_once_broke_a_decoder_is_mended(string file)
    {
        var target = FuzzTargets.All.Where(target => file.StartsWith(target.Name + "--", StringComparison.Ordinal)).MaxBy(target => target.Name.Length);
        Assert.True(target is not null, $"No target for {file}");
        AssertWell(FuzzRun.Judge(target, Convert.FromHexString(File.ReadAllText(Path.Combine(FoundDirectory, file)).Trim())));
    }

    private static FuzzTarget Target(string name) => FuzzTargets.All.Single(target => target.Name == name);

    private static void AssertWell(Verdict verdict) =>
        Assert.True(verdict.IsWell, $"{verdict.Outcome}: {verdict.Detail}\ninput {Convert.ToHexString(verdict.Input)}");
}
