using Cutover.Core.Domains;

namespace Cutover.Core.Tests.Domains;

public sealed class SpfRecordTests
{
    private const string Wanted = "v=spf1 include:spf.protection.outlook.com -all";

    [Theory]
    [InlineData("v=spf1 mx -all", "v=spf1 mx include:spf.protection.outlook.com -all")]
    [InlineData("v=spf1 ip4:192.0.2.1 ~all", "v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com ~all")]
    [InlineData("v=spf1 mx redirect=_spf.example.com", "v=spf1 mx include:spf.protection.outlook.com redirect=_spf.example.com")]
    [InlineData("v=spf1 mx", "v=spf1 mx include:spf.protection.outlook.com")]
    [InlineData("V=SPF1 INCLUDE:spf.protection.outlook.com -all", "V=SPF1 INCLUDE:spf.protection.outlook.com -all")]
    public void Microsoft_365_is_added_and_nobody_who_may_send_is_shut_out(string current, string merged) =>
        Assert.Equal(merged, SpfRecord.Merge(current, Wanted));

    [Theory]
    [InlineData("v=spf1 -all", true)]
    [InlineData("v=spf1", true)]
    [InlineData("v=spf10 -all", false)]
    [InlineData("MS=ms12345678", false)]
    public void Only_version_1_is_SPF(string text, bool spf) => Assert.Equal(spf, SpfRecord.IsSpf(text));
}
