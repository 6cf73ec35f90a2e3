using System.Diagnostics;
using System.Globalization;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Properties;

public sealed class LocaleIdsTests
{
    [Fact]
    public async Task Every_id_has_the_name_that_Python_knows_it_by()
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import locale\nfor number, name in locale.windows_locale.items(): print(number, name)"])
        {
            RedirectStandardOutput = true,
        })!;
        var lines = (await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var theirs = lines.Select(line => line.Split(' ')).ToDictionary(words => int.Parse(words[0], CultureInfo.InvariantCulture), words => words[1].Replace('_', '-'));

        Assert.NotEmpty(LocaleIds.Known);
        Assert.All(LocaleIds.Known, pair => Assert.Equal(theirs[pair.Key], pair.Value));
    }

    [Fact]
    public void An_unknown_id_has_no_name() => Assert.Null(LocaleIds.NameOf(0x7C04));
}
