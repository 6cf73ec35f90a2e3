using System.Net;
using System.Net.Sockets;
using System.Text;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using Cutover.Lab.Smtp;
using Cutover.Lab.Tests.Http;

namespace Cutover.Lab.Tests.Smtp;

/// <summary>The SMTP sink, spoken to line by line.</summary>
public sealed class SmtpSinkTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly FaultSwitches faults = new();
    private SmtpSink sink = null!;
    private TcpClient client = null!;
    private StreamReader reader = null!;

    public async ValueTask InitializeAsync()
    {
        sink = await SmtpSink.StartAsync(Options());
        await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await sink.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_message_is_kept_as_it_was_sent_but_for_its_stuffed_dots()
    {
        Assert.StartsWith("250", await SayAsync("EHLO test"), StringComparison.Ordinal);
        var text = "Subject: dots\r\nMessage-Id: <1@contoso.com>\r\n\r\n..leading\r\n...\r\n" + new string('x', 5000) + ".\r\nend\r\n";
        Assert.StartsWith("250", await SendAsync(text), StringComparison.Ordinal);
        var kept = Assert.Single(Directory.GetFiles(directory.Path, "*.eml"));
        Assert.Equal(text.Replace("\r\n..", "\r\n.", StringComparison.Ordinal), File.ReadAllText(kept));
        Assert.Equal("dots", Assert.Single(sink.Messages).Subject);
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    public async Task A_dot_within_a_long_line_is_no_stuffing(int length)
    {
        var text = $"Subject: long\r\n\r\n{new string('x', length)}..\r\n";
        await SendAsync(text);
        Assert.Equal(text, File.ReadAllText(Assert.Single(Directory.GetFiles(directory.Path, "*.eml"))));
    }

    [Fact]
    public async Task A_message_that_comes_again_is_kept_once()
    {
        const string Text = "Subject: S\r\nMessage-Id: <1@contoso.com>\r\nTo: a@contoso.com\r\n\r\nText\r\n";
        await SendAsync(Text);
        await SendAsync(Text);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_message_beyond_the_size_limit_is_refused()
    {
        Assert.Contains("SIZE 100000", await SayAsync("EHLO test"), StringComparison.Ordinal);
        Assert.StartsWith("552", await SendAsync("Subject: big\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789\r\n", 10_000))), StringComparison.Ordinal);
        Assert.StartsWith("250", await SendAsync("Subject: small\r\n\r\n1\r\n"), StringComparison.Ordinal);
        Assert.Equal("small", Assert.Single(sink.Messages).Subject);
    }

    [Fact]
    public async Task Commands_out_of_order_are_refused()
    {
        Assert.StartsWith("503", await SayAsync("RCPT TO:<a@contoso.com>"), StringComparison.Ordinal);
        Assert.StartsWith("503", await SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("502", await SayAsync("MAKE COFFEE"), StringComparison.Ordinal);
        Assert.StartsWith("221", await SayAsync("QUIT"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sink_asks_to_come_back_when_told_to()
    {
        faults.Add(new FaultRule(FaultKind.ServiceUnavailable, "MAIL"));
        Assert.StartsWith("451", await SayAsync("MAIL FROM:<a@contoso.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sink_keeps_the_message_and_drops_its_answer_when_told_to()
    {
        faults.Add(new FaultRule(FaultKind.LoseResponse, "accepted"));
        Assert.Null(await SendAsync("Subject: lost\r\n\r\n1\r\n"));
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_taken_port_is_said_so() =>
        await Assert.ThrowsAsync<LabPortTakenException>(() => SmtpSink.StartAsync(Options() with { Port = sink.Port }));

    private SmtpSinkOptions Options() => new() { Directory = directory.Path, SizeLimit = 100_000, FaultSwitches = faults };

    private async Task ConnectAsync()
    {
        client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, sink.Port);
        reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        Assert.StartsWith("220", await AnswerAsync(), StringComparison.Ordinal);
    }

    private async Task<string?> SendAsync(string text)
    {
        Assert.StartsWith("250", await SayAsync("MAIL FROM:<a@contoso.com>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await SayAsync("RCPT TO:<b@contoso.com>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await SayAsync("DATA"), StringComparison.Ordinal);
        return await SayAsync(text + ".");
    }

    private async Task<string?> SayAsync(string line)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        return await AnswerAsync();
    }

    // All lines of one reply; null when the server hung up.
    private async Task<string?> AnswerAsync()
    {
        var reply = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            reply.AppendLine(line);
            if (line.Length < 4 || line[3] == ' ') return reply.ToString();
        }
        return null;
    }
}
