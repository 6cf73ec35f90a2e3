using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Cutover.Lab.Microsoft365.Mail;

/// <summary>Hands one message to an SMTP server. Source: RFC 5321 3.3.</summary>
internal static class SmtpSender
{
    /// <exception cref="IOException">The server refused a command or closed the connection.</exception>
    public static async Task SendAsync(IPEndPoint server, MimeMessage message, string recipient, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, ct);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        await ExpectAsync(reader, '2', ct);
        await CommandAsync("EHLO microsoft365.lab", '2');
        await CommandAsync($"MAIL FROM:<{message.From.Mailboxes.First().Address}>", '2');
        await CommandAsync($"RCPT TO:<{recipient}>", '2');
        await CommandAsync("DATA", '3');
        await stream.WriteAsync(DotStuffed(message), ct);
        await ExpectAsync(reader, '2', ct);
        await CommandAsync("QUIT", '2');

        async Task CommandAsync(string line, char expected)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
            await ExpectAsync(reader, expected, ct);
        }
    }

    private static async Task ExpectAsync(StreamReader reader, char first, CancellationToken ct)
    {
        string? line;
        do line = await reader.ReadLineAsync(ct);
        while (line is { Length: > 3 } && line[3] == '-');
        if (line?.StartsWith(first) != true) throw new IOException($"The SMTP server answered: {line ?? "nothing"}");
    }

    private static byte[] DotStuffed(MimeMessage message)
    {
        using var plain = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        message.WriteTo(format, plain);
        var text = Encoding.Latin1.GetString(plain.ToArray());
        var stuffed = text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(stuffed.EndsWith("\r\n", StringComparison.Ordinal) ? stuffed + ".\r\n" : stuffed + "\r\n.\r\n");
    }
}
