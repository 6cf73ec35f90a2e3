using System.Globalization;
using Cutover.Core.Faults;
using Cutover.Core.Messages;
using Cutover.Endpoints.Mail;
using Cutover.Lab.Faults;
using Cutover.Lab.Smtp;

namespace Cutover.Endpoints.Tests.Mail;

public sealed class SmtpMessageSenderTests : IAsyncLifetime
{
    private static readonly UserMessage Welcome = new("welcome.batch.hanneke@contoso.com", "hanneke@contoso.com", "Welkom – uw nieuwe postvak", "Tekst é", "<p>Tekst é</p>");
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-smtp-");
    private readonly FaultSwitches faults = new();
    private SmtpSink sink = null!;

    public async ValueTask InitializeAsync() => sink = await SmtpSink.StartAsync(new SmtpSinkOptions { Directory = directory.FullName, FaultSwitches = faults });

    public async ValueTask DisposeAsync()
    {
        await sink.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_message_arrives_as_it_was_written()
    {
        await Sender().SendAsync(Welcome, default);
        var arrived = Assert.Single(sink.Messages);
        Assert.Equal("Welkom – uw nieuwe postvak", arrived.Subject);
        Assert.Equal("hanneke@contoso.com", arrived.To.ToString());
        Assert.Equal("cutover@contoso.com", arrived.From.ToString());
        Assert.Equal("Tekst é", arrived.TextBody?.Trim());
        Assert.Equal("<p>Tekst é</p>", arrived.HtmlBody?.Trim());
    }

    [Fact]
    public async Task A_message_keeps_its_Message_Id_when_sent_again()
    {
        faults.Add(new FaultRule(FaultKind.LoseResponse, "accepted"));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Sender().SendAsync(Welcome, default));
        Assert.True(fault is { IsTransient: true, Scope: FaultScope.Endpoint });
        await Sender().SendAsync(Welcome, default);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_tried_again_later()
    {
        faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "MAIL"));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Sender().SendAsync(Welcome, default));
        Assert.True(fault.IsTransient, fault.Message);
        Assert.Contains("451", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_fault_of_the_endpoint()
    {
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => Sender(port: 1).SendAsync(Welcome, default));
        Assert.Equal(FaultScope.Endpoint, fault.Scope);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:1"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_never_goes_in_the_clear()
    {
        var sender = new SmtpMessageSender(new SmtpSettings("cutover@contoso.com", "127.0.0.1", sink.Port, "cutover", "geheim"));
        var fault = await Assert.ThrowsAsync<MigrationFault>(() => sender.SendAsync(Welcome, default));
        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("STARTTLS", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(sink.Messages);
    }

    private SmtpMessageSender Sender(int? port = null) => new(new SmtpSettings("cutover@contoso.com", "127.0.0.1", port ?? sink.Port, null, null));
}
