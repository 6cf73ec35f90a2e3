using System.Text;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Throttling;

namespace Cutover.Lab.Tests.Microsoft365;

/// <summary>What the service makes its clients wait for: throttling, provisioning, replication, seats; and its fault switches.</summary>
public sealed class LimitsTests
{
    private const string Domain = TenantFixture.Domain;

    [Fact]
    public async Task A_fifth_request_at_once_to_a_mailbox_is_refused_and_other_mailboxes_are_not()
    {
        await using var tenant = await TenantFixture.StartAsync();
        var mailbox = await PathAsync(tenant, "adele");
        var other = await PathAsync(tenant, "bart");
        var url = (await tenant.PostAsync($"{mailbox}/createImportSession")).Expect(200)["importUrl"]!.GetValue<string>();
        // Four imports that have begun and whose bodies don't end hold the four places.
        var gates = Enumerable.Range(0, 4).Select(_ => new OpenBody()).ToArray();
        var running = Array.ConvertAll(gates, gate => tenant.Http.PostAsync(url, gate));
        foreach (var gate in gates) await gate.Began;
        GraphReply refused;
        do
        {
            // The answer that told the URL may still have held a place when an import came, which was refused: it comes again.
            for (var i = 0; i < running.Length; i++)
            {
                if (!running[i].IsCompleted) continue;
                (await running[i]).Dispose();
                gates[i].End();
                running[i] = tenant.Http.PostAsync(url, gates[i] = new OpenBody());
            }
            refused = await tenant.GetAsync($"{mailbox}/folders");
        }
        while (refused.Status == 200);

        Assert.Equal((429, "ApplicationThrottled"), (refused.Status, refused.ErrorCode));
        Assert.Equal("Application is over its MailboxConcurrency limit.", refused.ErrorMessage);
        Assert.NotNull(refused.Headers.RetryAfter);
        (await tenant.GetAsync($"{other}/folders")).Expect(200);
        foreach (var gate in gates) gate.End();
        foreach (var answer in running) (await answer).Dispose();
        GraphReply again;
        do again = await tenant.GetAsync($"{mailbox}/folders");
        while (again.Status == 429);
        again.Expect(200);
    }

    [Fact]
    public async Task Uploads_over_the_budget_wait_for_the_next_five_minutes()
    {
        await using var tenant =
            await TenantFixture.StartAsync(options => options with { Throttling = new ThrottlingOptions { MaxUploadBytes = 1000 } });
        var mailbox = await PathAsync(tenant, "adele");
        var url = (await tenant.PostAsync($"{mailbox}/createImportSession")).Expect(200)["importUrl"]!.GetValue<string>();

        var first = await UploadAsync(tenant, url, 900);
        tenant.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await UploadAsync(tenant, url, 200);
        tenant.Clock.Advance(TimeSpan.FromMinutes(4));
        var third = await UploadAsync(tenant, url, 200);

        Assert.Equal((400, 429, 400), (first.Status, second.Status, third.Status));
        Assert.Equal(TimeSpan.FromMinutes(4), second.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Too_many_requests_wait_for_the_next_ten_minutes()
    {
        await using var tenant =
            await TenantFixture.StartAsync(options => options with { Throttling = new ThrottlingOptions { MaxRequests = 3 } });
        var mailbox = await PathAsync(tenant, "adele");

        for (var i = 0; i < 2; i++) (await tenant.GetAsync($"{mailbox}/folders")).Expect(200);
        Assert.Equal(429, (await tenant.GetAsync($"{mailbox}/folders")).Status);
        tenant.Clock.Advance(TimeSpan.FromMinutes(10));

        (await tenant.GetAsync($"{mailbox}/folders")).Expect(200);
    }

    [Fact]
    public async Task A_mailbox_answers_only_when_it_is_provisioned()
    {
        await using var tenant =
            await TenantFixture.StartAsync(options => options with { MailboxProvisioningDelay = TimeSpan.FromMinutes(5) });
        await tenant.CreateUserAsync("adele");
        (await LicenseAsync(tenant, "adele")).Expect(200);

        var early = await tenant.GetAsync($"/users/adele@{Domain}/settings/exchange");
        var unseen = await tenant.CmdletAsync("Get-Mailbox", """{"Identity":"adele"}""");
        tenant.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((404, "MailboxNotEnabledForRESTAPI"), (early.Status, early.ErrorCode));
        Assert.Equal(404, unseen.Status);
        (await tenant.GetAsync($"/users/adele@{Domain}/settings/exchange")).Expect(200);
        (await tenant.CmdletAsync("Get-Mailbox", """{"Identity":"adele"}""")).Expect(200);
    }

    [Fact]
    public async Task A_new_user_can_not_be_read_at_once_where_replication_takes_time()
    {
        await using var tenant = await TenantFixture.StartAsync(options => options with { ReplicationDelay = TimeSpan.FromSeconds(10) });
        await tenant.CreateUserAsync("adele");

        var early = await tenant.GetAsync($"/users/adele@{Domain}");
        var twice = await tenant.PostAsync("/users", $$"""
            {"accountEnabled":true,"displayName":"a","mailNickname":"a","userPrincipalName":"adele@{{Domain}}","passwordProfile":{"password":"xWwvJ]6NMw"} }
            """);
        tenant.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((404, 400), (early.Status, twice.Status));
        (await tenant.GetAsync($"/users/adele@{Domain}")).Expect(200);
    }

    [Fact]
    public async Task Seats_run_out_and_a_plan_without_mailbox_brings_none()
    {
        await using var tenant = await TenantFixture.StartAsync(options => options with
        {
            Subscriptions = [Subscription.Enterprise(seats: 1), Subscription.WithoutMailbox(seats: 5)],
        });
        foreach (var alias in (string[])["adele", "bart"]) await tenant.CreateUserAsync(alias);
        (await LicenseAsync(tenant, "adele")).Expect(200);

        var withoutSeat = await LicenseAsync(tenant, "bart");
        (await LicenseAsync(tenant, "bart", "710779e8-3d4a-4c88-adb9-386c958d1fdf")).Expect(200);

        Assert.Equal("Subscription with SKU 6fd2c87f-b296-42f0-b197-1e91e994b900 does not have any available licenses.",
            withoutSeat.ErrorMessage);
        Assert.Equal(404, (await tenant.GetAsync($"/users/bart@{Domain}/settings/exchange")).Status);
    }

    [Theory]
    [InlineData(MxStyle.ProtectionOutlook, "contoso-onmicrosoft-com.mail.protection.outlook.com")]
    [InlineData(MxStyle.MxMicrosoft, "contoso-onmicrosoft-com.x-v1.mx.microsoft")]
    public async Task The_MX_host_has_either_style(MxStyle style, string host)
    {
        await using var tenant = await TenantFixture.StartAsync(options => options with { MxStyle = style });

        var records = (await tenant.GetAsync($"/domains/{Domain}/serviceConfigurationRecords")).Values;

        Assert.Equal(host, records.Single(record => record["recordType"]!.GetValue<string>() == "Mx")["mailExchange"]!.GetValue<string>());
    }

    [Fact]
    public async Task Fault_switches_answer_in_Graphs_form()
    {
        await using var tenant = await TenantFixture.StartAsync();
        tenant.Server.FaultSwitches.Add(new FaultRule(FaultKind.TooManyRequests, "/organization", Delay: TimeSpan.FromSeconds(7)));
        tenant.Server.FaultSwitches.Add(new FaultRule(FaultKind.ServiceUnavailable, "/organization"));

        var throttled = await tenant.GetAsync("/organization");
        var unavailable = await tenant.GetAsync("/organization");

        Assert.Equal((429, "TooManyRequests", TimeSpan.FromSeconds(7)),
            (throttled.Status, throttled.ErrorCode, throttled.Headers.RetryAfter?.Delta));
        Assert.Equal((503, "ServiceUnavailable"), (unavailable.Status, unavailable.ErrorCode));
        (await tenant.GetAsync("/organization")).Expect(200);
    }

    [Fact]
    public async Task Mail_from_outside_reaches_groups_and_nobody_else()
    {
        await using var tenant = await TenantFixture.StartAsync();
        foreach (var alias in (string[])["adele", "bart"]) await tenant.CreateMailboxAsync(alias, "nl-NL");
        await tenant.CmdletAsync("New-DistributionGroup", """{"Name":"Staff","Members":["adele","bart"]}""");
        var message = new MimeKit.MimeMessage { Subject = "Hello", Body = new MimeKit.TextPart("plain") { Text = "Hi" } };
        message.From.Add(MimeKit.MailboxAddress.Parse("ann@fabrikam.com"));

        Assert.True(tenant.Server.DeliverMail($"Staff@{Domain}", message));
        Assert.False(tenant.Server.DeliverMail($"nobody@{Domain}", message));

        foreach (var alias in (string[])["adele", "bart"])
        {
            var mailbox = tenant.Server.Mailboxes.Find($"{alias}@{Domain}")!;
            Assert.Equal("Postvak IN", mailbox.Folders.Single(folder => folder.Number == Assert.Single(mailbox.Items).Folder).Name);
        }
    }

    private static async Task<string> PathAsync(TenantFixture tenant, string alias) =>
        "/admin/exchange/mailboxes/" + Uri.EscapeDataString(await tenant.CreateMailboxAsync(alias));

    private static Task<GraphReply> LicenseAsync(TenantFixture tenant, string alias, string sku = "6fd2c87f-b296-42f0-b197-1e91e994b900") =>
        tenant.PostAsync($"/users/{alias}@{Domain}/assignLicense", $$"""{"addLicenses":[{"skuId":"{{sku}}"}],"removeLicenses":[]}""");

    private static async Task<GraphReply> UploadAsync(TenantFixture tenant, string url, int length) =>
        await GraphReply.OfAsync(await tenant.Http.PostAsync(url, new ByteArrayContent(new byte[length])));

    /// <summary>A body that has begun and does not end before it is told to.</summary>
    private sealed class OpenBody : HttpContent
    {
        private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => began.Task;

        public void End() => ended.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes("{"));
            await stream.FlushAsync();
            began.SetResult();
            await ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
