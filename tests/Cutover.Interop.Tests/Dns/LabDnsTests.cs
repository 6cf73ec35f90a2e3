using System.Globalization;
using Cutover.Lab.Dns;

namespace Cutover.Interop.Tests.Dns;

/// <summary>The lab's DNS server as BIND's own clients see it: dig and nsupdate.</summary>
public sealed class LabDnsTests : IAsyncLifetime
{
    private const string Dig = "/usr/bin/dig";
    private const string NsUpdate = "/usr/bin/nsupdate";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-labdns-");
    private LabDnsServer dns = null!;

    public async ValueTask InitializeAsync()
    {
        Tools.Require(Dig, "bind9-dnsutils");
        Tools.Require(NsUpdate, "bind9-dnsutils");
        dns = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (dns is not null) await dns.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    public async Task The_zone_is_served_with_authority(string transport)
    {
        var answer = await DigAsync(transport, "CONTOSO.com", "MX");
        Assert.Contains("status: NOERROR", answer, StringComparison.Ordinal);
        Assert.Contains("flags: qr aa", answer, StringComparison.Ordinal);
        Assert.Matches(@"(?i)MX\s+10 mail\.contoso\.com\.", answer);
        Assert.DoesNotContain("WARNING", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contoso.com", "SOA", "ns1.contoso.com. hostmaster.contoso.com.")]
    [InlineData("contoso.com", "NS", "ns1.contoso.com.")]
    [InlineData("contoso.com", "TXT", "\"v=spf1")]
    [InlineData("autodiscover.contoso.com", "A", "127.0.0.1")]
    [InlineData("mail.contoso.com", "A", "127.0.0.1")]
    public async Task What_mail_needs_is_there(string name, string type, string expected) =>
        Assert.Contains(expected, await DigAsync("+short", name, type), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_not_there_is_denied_with_the_SOA()
    {
        var answer = await DigAsync("nothing.contoso.com", "A");
        Assert.Contains("status: NXDOMAIN", answer, StringComparison.Ordinal);
        Assert.Contains("SOA", answer, StringComparison.Ordinal);
        Assert.Contains("status: NOERROR", await DigAsync("mail.contoso.com", "MX"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_zone_is_refused() => Assert.Contains("status: REFUSED", await DigAsync("fabrikam.com", "MX"), StringComparison.Ordinal);

    [Fact]
    public async Task A_signed_update_is_taken_and_its_answer_is_signed()
    {
        Assert.Equal("", await UpdateAsync(dns.KeySecret, "update add contoso.com 300 TXT \"MS=ms12345678\"", "update add new.contoso.com 300 A 192.0.2.7"));
        Assert.Contains("\"MS=ms12345678\"", await DigAsync("+short", "contoso.com", "TXT"), StringComparison.Ordinal);
        Assert.Equal("192.0.2.7", await DigAsync("+short", "new.contoso.com", "A"));
        Assert.Equal("", await UpdateAsync(dns.KeySecret, "update delete contoso.com MX", "update add contoso.com 300 MX 0 contoso-com.a-v1.mx.microsoft."));
        Assert.Equal("0 contoso-com.a-v1.mx.microsoft.", await DigAsync("+short", "contoso.com", "MX"));
    }

    [Fact]
    public async Task A_restart_keeps_what_was_updated()
    {
        var text = "a \\\"quoted\\\" text; with a semicolon";
        var longText = string.Join(' ', Enumerable.Repeat("\"0123456789012345678901234567890123456789\"", 10));
        await UpdateAsync(dns.KeySecret, $"update add contoso.com 300 TXT \"{text}\"", $"update add long.contoso.com 300 TXT {longText}");
        var before = (await DigAsync("+short", "contoso.com", "TXT"), await DigAsync("+short", "long.contoso.com", "TXT"), await DigAsync("+short", "contoso.com", "SOA"));
        await dns.DisposeAsync();
        dns = await StartAsync();
        Assert.Equal(before, (await DigAsync("+short", "contoso.com", "TXT"), await DigAsync("+short", "long.contoso.com", "TXT"), await DigAsync("+short", "contoso.com", "SOA")));
        Assert.Contains(text, before.Item1, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_with_a_wrong_secret_is_refused()
    {
        Assert.Contains("BADSIG", await UpdateAsync("d3Jvbmc=", "update add contoso.com 300 TXT \"x\""), StringComparison.Ordinal);
        Assert.DoesNotContain("\"x\"", await DigAsync("+short", "contoso.com", "TXT"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsigned_update_is_refused() =>
        Assert.Contains("REFUSED", await UpdateAsync(secret: null, "update add contoso.com 300 TXT \"x\""), StringComparison.Ordinal);

    [Fact]
    public async Task An_update_whose_prerequisite_fails_changes_nothing()
    {
        Assert.Contains("NXRRSET", await UpdateAsync(dns.KeySecret, "prereq yxrrset mail.contoso.com TXT", "update add contoso.com 300 TXT \"x\""), StringComparison.Ordinal);
        Assert.Contains("NXRRSET", await UpdateAsync(dns.KeySecret, "prereq yxrrset contoso.com MX 20 other.example.", "update add contoso.com 300 TXT \"x\""), StringComparison.Ordinal);
        Assert.Contains("YXDOMAIN", await UpdateAsync(dns.KeySecret, "prereq nxdomain mail.contoso.com", "update add contoso.com 300 TXT \"x\""), StringComparison.Ordinal);
        Assert.DoesNotContain("\"x\"", await DigAsync("+short", "contoso.com", "TXT"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_zone_keeps_its_SOA_and_name_server()
    {
        await UpdateAsync(dns.KeySecret, "update delete contoso.com");
        Assert.Contains("hostmaster", await DigAsync("+short", "contoso.com", "SOA"), StringComparison.Ordinal);
        Assert.Equal("ns1.contoso.com.", await DigAsync("+short", "contoso.com", "NS"));
        Assert.Equal("", await DigAsync("+short", "contoso.com", "MX"));
    }

    private Task<LabDnsServer> StartAsync() => LabDnsServer.StartAsync(new LabDnsOptions { Zone = "contoso.com", Directory = directory.FullName });

    private string Port => dns.EndPoint.Port.ToString(CultureInfo.InvariantCulture);

    private Task<string> DigAsync(params string[] question) => Tools.RunAsync(Dig, "", ["@127.0.0.1", "-p", Port, "+norec", .. question]);

    private Task<string> UpdateAsync(string? secret, params string[] lines)
    {
        var key = secret is null ? [] : new[] { $"key hmac-sha256:{dns.KeyName} {secret}" };
        var script = string.Join('\n', [$"server 127.0.0.1 {Port}", "zone contoso.com", .. key, .. lines, "send", ""]);
        return Tools.RunAsync(NsUpdate, script);
    }
}
