using System.Globalization;
using System.Text;
using Cutover.Lab.Faults;

namespace Cutover.Lab.Smtp;

/// <summary>One client's conversation with the sink, command by command. Source: RFC 5321 4.1.</summary>
internal sealed class SmtpConversation(Stream stream, SmtpSinkOptions options, Func<byte[], CancellationToken, Task> keep)
{
    private const int LongestLine = 4096;
    private readonly BufferedStream reader = new(stream, 16 * 1024);
    private bool hasSender;
    private int recipients;

    public async Task RunAsync(CancellationToken ct)
    {
        await SayAsync("220 mail.contoso.com ESMTP lab", ct);
        while (await ReadLineAsync(ct) is { } line)
        {
            var command = Encoding.Latin1.GetString(line).TrimEnd();
            if (options.FaultSwitches.Take(command) is { } fault && !await StrikeAsync(fault, ct)) return;
            if (!await ObeyAsync(command, ct)) return;
        }
    }

    /// <summary>False ends the conversation.</summary>
    private async Task<bool> ObeyAsync(string command, CancellationToken ct)
    {
        switch (command.Split([' ', ':'], 2)[0].ToUpperInvariant())
        {
            case "EHLO":
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"250-mail.contoso.com\r\n250-SIZE {options.SizeLimit}\r\n250-8BITMIME\r\n250 SMTPUTF8"), ct);
                return true;
            case "HELO" or "NOOP" or "RSET":
                (hasSender, recipients) = (false, 0);
                await SayAsync("250 OK", ct);
                return true;
            case "MAIL":
                (hasSender, recipients) = (true, 0);
                await SayAsync("250 OK", ct);
                return true;
            case "RCPT":
                if (hasSender) recipients++;
                await SayAsync(hasSender ? "250 OK" : "503 MAIL first", ct);
                return true;
            case "DATA":
                return await TakeAsync(ct);
            case "QUIT":
                await SayAsync("221 Bye", ct);
                return false;
            default:
                await SayAsync("502 Command not implemented", ct);
                return true;
        }
    }

    private async Task<bool> TakeAsync(CancellationToken ct)
    {
        if (recipients == 0)
        {
            await SayAsync("503 RCPT first", ct);
            return true;
        }
        await SayAsync("354 End with a dot on a line of its own", ct);
        using var message = new MemoryStream();
        var atLineStart = true;
        while (await ReadLineAsync(ct) is { } line && !(atLineStart && line.AsSpan().SequenceEqual(".\r\n"u8)))
        {
            // Dot-unstuffing, RFC 5321 4.5.2. A line longer than our buffer comes in pieces.
            var text = atLineStart && line[0] == (byte)'.' ? line.AsMemory(1) : line;
            atLineStart = line[^1] == (byte)'\n';
            if (message.Length <= options.SizeLimit) message.Write(text.Span);
        }
        (hasSender, recipients) = (false, 0);
        if (message.Length > options.SizeLimit)
        {
            await SayAsync("552 Message too large", ct);
            return true;
        }
        await keep(message.ToArray(), ct);
        if (options.FaultSwitches.Take("accepted") is { Kind: FaultKind.LoseResponse }) return false;
        await SayAsync("250 OK kept", ct);
        return true;
    }

    /// <summary>False ends the conversation.</summary>
    private async Task<bool> StrikeAsync(FaultRule fault, CancellationToken ct)
    {
        switch (fault.Kind)
        {
            case FaultKind.Slow:
                await Task.Delay(fault.Delay, options.Clock, ct);
                return true;
            case FaultKind.ServiceUnavailable or FaultKind.TooManyRequests:
                await SayAsync("451 Try again later", ct);
                return false;
            default:
                return false;
        }
    }

    /// <summary>A line with its end; null when the client went away.</summary>
    private async Task<byte[]?> ReadLineAsync(CancellationToken ct)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count < LongestLine && await reader.ReadAsync(one, ct) == 1)
        {
            line.Add(one[0]);
            if (one[0] == (byte)'\n') break;
        }
        return line.Count == 0 ? null : [.. line];
    }

    private Task SayAsync(string line, CancellationToken ct) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct).AsTask();
}
