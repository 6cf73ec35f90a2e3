using System.Globalization;
using Cutover.Core.Domains;
using Cutover.Core.Faults;
using Cutover.Endpoints.Dns;

namespace Cutover.Interop.Tests.Dns;

/// <summary>Our updates against BIND 9, read back with dig and with our own resolver.</summary>
public sealed class BindTests : IAsyncLifetime
{
    private const string Dig = "/usr/bin/dig";
    private const string Zone = "contoso.com";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private BindServer bind = null!;

    public async ValueTask InitializeAsync()
    {
        Tools.Require(Dig, "bind9-dnsutils");
        bind = await BindServer.StartAsync();
    }

    public ValueTask DisposeAsync() => bind?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task The_verification_record_comes_beside_the_other_TXT_records_and_goes_again()
    {
        var record = new TxtRecord(Zone, Hour, "MS=ms12345678");
        await Changed().AddTxtAsync(record, default);
        Assert.Equal(["\"MS=ms12345678\"", "\"other-verification=1\"", "\"v=spf1 mx -all\""], await DigAsync(Zone, "TXT"));
        await Changed().AddTxtAsync(record, default);
        await Changed().RemoveTxtAsync(record, default);
        await Changed().RemoveTxtAsync(record, default);
        Assert.Equal(["\"other-verification=1\"", "\"v=spf1 mx -all\""], await DigAsync(Zone, "TXT"));
    }

    [Fact]
    public async Task The_MX_is_replaced_whole_and_repeating_it_changes_nothing()
    {
        var records = new MxRecord[] { new(Zone, TimeSpan.FromMinutes(5), 0, "contoso-com.a-v1.mx.microsoft") };
        await Changed().ReplaceMxAsync(Zone, records, default);
        Assert.Equal(["0 contoso-com.a-v1.mx.microsoft."], await DigAsync(Zone, "MX"));
        var serial = await SerialAsync();
        await Changed().ReplaceMxAsync(Zone, records, default);
        Assert.Equal(serial, await SerialAsync());
        Assert.Equal(records, await Resolver().GetMxAsync(Zone, default));
    }

    [Fact]
    public async Task A_lower_TTL_alone_is_a_change()
    {
        await Changed().ReplaceMxAsync(Zone, [new MxRecord(Zone, TimeSpan.FromMinutes(5), 10, "mail.contoso.com")], default);
        Assert.Equal([new MxRecord(Zone, TimeSpan.FromMinutes(5), 10, "mail.contoso.com")], await Resolver().GetMxAsync(Zone, default));
    }

    [Fact]
    public async Task The_SPF_record_is_replaced_and_others_stay()
    {
        var text = "v=spf1 mx include:spf.protection.outlook.com " + string.Join(' ', Enumerable.Range(1, 20).Select(i => $"ip4:198.51.100.{i}")) + " -all";
        Assert.True(text.Length > 255);
        await Changed().ReplaceSpfAsync(new TxtRecord(Zone, Hour, text), default);
        await Changed().ReplaceSpfAsync(new TxtRecord(Zone, Hour, text), default);
        var texts = (await Resolver().GetTxtAsync(Zone, default)).Select(record => record.Text).Order(StringComparer.Ordinal);
        Assert.Equal(["other-verification=1", text], texts);
    }

    [Fact]
    public async Task Autodiscover_becomes_a_CNAME_in_place_of_all_that_was_there()
    {
        var record = new CNameRecord("autodiscover.contoso.com", Hour, "autodiscover.outlook.com");
        await Changed().ReplaceCNameAsync(record, default);
        await Changed().ReplaceCNameAsync(record, default);
        Assert.Equal(["autodiscover.outlook.com."], await DigAsync("autodiscover.contoso.com", "CNAME"));
        Assert.Equal(record, await Resolver().GetCNameAsync("autodiscover.contoso.com", default));
    }

    [Fact]
    public async Task Another_algorithm_signs_as_well() =>
        await Zoned("cutover512", BindServer.Secret, "hmac-sha512").AddTxtAsync(new TxtRecord(Zone, Hour, "x"), default);

    [Theory]
    [InlineData("reader", BindServer.Secret, "REFUSED")]
    [InlineData("nobody", BindServer.Secret, "key")]
    [InlineData("cutover", "d3Jvbmc=", "key")]
    public async Task What_BIND_refuses_is_told_to_the_administrator(string key, string secret, string reason)
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Zoned(key, secret, "hmac-sha256").AddTxtAsync(new TxtRecord(Zone, Hour, "x"), default));
        Assert.Contains(reason, fault.Message + fault.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(["\"other-verification=1\"", "\"v=spf1 mx -all\""], await DigAsync(Zone, "TXT"));
    }

    [Fact]
    public async Task A_zone_that_BIND_does_not_hold_is_refused()
    {
        var zone = new Rfc2136DnsZone("fabrikam.com", bind.EndPoint, Key("cutover", BindServer.Secret, "hmac-sha256"), TimeProvider.System);
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => zone.AddTxtAsync(new TxtRecord("fabrikam.com", Hour, "x"), default));
        Assert.Equal(FaultScope.Operator, fault.Scope);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_records()
    {
        Assert.Empty(await Resolver().GetTxtAsync("nothing.contoso.com", default));
        Assert.Null(await Resolver().GetCNameAsync("nothing.contoso.com", default));
    }

    private Rfc2136DnsZone Changed() => Zoned("cutover", BindServer.Secret, "hmac-sha256");

    private Rfc2136DnsZone Zoned(string key, string secret, string algorithm) => new(Zone, bind.EndPoint, Key(key, secret, algorithm), TimeProvider.System);

    private static TsigKey Key(string name, string secret, string algorithm) => new(name, Convert.FromBase64String(secret), algorithm);

    private DnsResolver Resolver() => new([bind.EndPoint]);

    private async Task<string> SerialAsync() => (await DigAsync(Zone, "SOA"))[0].Split(' ')[2];

    private async Task<string[]> DigAsync(string name, string type) =>
        (await Tools.RunAsync(Dig, "", "@127.0.0.1", "-p", bind.EndPoint.Port.ToString(CultureInfo.InvariantCulture), "+short", "+norec", name, type))
            .Split('\n').Order(StringComparer.Ordinal).ToArray();
}
