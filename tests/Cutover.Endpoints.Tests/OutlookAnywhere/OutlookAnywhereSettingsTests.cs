using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>What the endpoint's settings mean to a connection.</summary>
public sealed class OutlookAnywhereSettingsTests
{
    [Theory]
    [InlineData(null, EndOfChannel.Recycle)]
    [InlineData("Recycle", EndOfChannel.Recycle)]
    [InlineData("rotate", EndOfChannel.Rotate)]
    public void A_setting_says_what_happens_at_the_end_of_a_channel(string? setting, EndOfChannel expected)
    {
        var settings = OutlookAnywhereSettings.Read(With(setting));
        Assert.Equal(expected, settings.ConnectionTo(6001, "secret", new Connector(), TimeProvider.System).AtEndOfChannel);
        Assert.Equal(setting is null, !settings.ToDictionary().ContainsKey(nameof(OutlookAnywhereSettings.AtEndOfChannel)));
    }

    [Fact]
    public void A_setting_that_is_neither_is_the_operator_s_to_mend()
    {
        var fault = Assert.Throws<MigrationFault>(() => OutlookAnywhereSettings.Read(With("reuse")));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("AtEndOfChannel 'reuse', which is none of Recycle, Rotate", fault.Message);
    }

    private static MigrationEndpoint With(string? atEndOfChannel)
    {
        var settings = new Dictionary<string, string>(OutlookAnywhereEndpointTests.Known.Settings);
        if (atEndOfChannel is not null) settings[nameof(OutlookAnywhereSettings.AtEndOfChannel)] = atEndOfChannel;
        return OutlookAnywhereEndpointTests.Known with { Settings = settings };
    }
}
