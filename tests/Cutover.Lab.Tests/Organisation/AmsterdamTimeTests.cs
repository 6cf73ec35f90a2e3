using Cutover.Lab.Organisation.Items;

namespace Cutover.Lab.Tests.Organisation;

public sealed class AmsterdamTimeTests
{
    [Theory]
    [InlineData("2026-01-15T12:00", "2026-01-15T11:00")]
    [InlineData("2026-07-15T12:00", "2026-07-15T10:00")]
    [InlineData("2026-03-29T01:59", "2026-03-29T00:59")]
    [InlineData("2026-03-29T03:00", "2026-03-29T01:00")]
    [InlineData("2026-10-25T03:00", "2026-10-25T02:00")]
    public void Amsterdam_keeps_summer_time(string local, string utc) => Assert.Equal(
        DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture),
        AmsterdamTime.ToUtc(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
}
