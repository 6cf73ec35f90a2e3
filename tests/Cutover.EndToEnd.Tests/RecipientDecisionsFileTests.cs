using Cutover.Server;

namespace Cutover.EndToEnd.Tests;

public sealed class RecipientDecisionsFileTests
{
    [Theory]
    [InlineData("""{ "anna@contoso.com": null }""", "null for anna@contoso.com")]
    [InlineData("""{ "anna@contoso.com": { "alias": "a" }, "ANNA@contoso.com": { "alias": "b" } }""", "twice")]
    [InlineData("""{ "anna@contoso.com": { "nickname": "a" } }""", "line 1")]
    [InlineData("null", "null in place of decisions")]
    public async Task A_file_that_can_not_be_followed_is_named_with_what_is_wrong(string json, string wrong)
    {
        using var work = new TemporaryFolder();
        var file = Path.Combine(work.Path, "recipients.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);

        var error = Assert.Throws<InvalidSettingsException>(() => RecipientDecisionsFile.Read(Settings(file)));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(wrong, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_is_read_back_and_before_that_nothing_is_decided()
    {
        using var work = new TemporaryFolder();
        var file = Path.Combine(work.Path, "recipients.json");

        Assert.Empty(RecipientDecisionsFile.Read(Settings(file)).ByAddress);
        await RecipientDecisionsFile.WriteAsync(file, new() { ["anna@contoso.com"] = new() { WithoutAddresses = ["a@contoso.com"] } }, TestContext.Current.CancellationToken);

        Assert.Equal(["a@contoso.com"], RecipientDecisionsFile.Read(Settings(file)).ByAddress["Anna@contoso.com"].WithoutAddresses);
    }

    private static CutoverSettings Settings(string file) => new()
    {
        Domain = "contoso.com",
        OrganisationName = "Contoso",
        Source = new SourceSettings("a@contoso.com", "a", "env:A"),
        Target = new TargetSettings("t", "c", "NL"),
        RecipientDecisionsFile = file,
    };
}
