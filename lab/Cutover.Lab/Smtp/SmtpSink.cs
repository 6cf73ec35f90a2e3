using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using MimeKit;

namespace Cutover.Lab.Smtp;

/// <summary>What the lab's SMTP server is made of.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>Where messages are kept, a file each.</summary>
    public required string Directory { get; init; }

    /// <summary>The largest message in bytes (RFC 1870).</summary>
    public long SizeLimit { get; init; } = 35 * 1024 * 1024;

    public FaultSwitches FaultSwitches { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>An SMTP server on loopback that takes every message and keeps it (RFC 5321). A message that comes twice under one Message-Id is kept once, as Exchange does.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly SmtpSinkOptions options;
    private readonly CancellationTokenSource stopping = new();
    private Task accepting = Task.CompletedTask;

    private SmtpSink(SmtpSinkOptions options)
    {
        this.options = options;
        listener = new TcpListener(IPAddress.Loopback, options.Port);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Every message that was taken, in no order.</summary>
    public IReadOnlyList<MimeMessage> Messages =>
        [.. Directory.GetFiles(options.Directory, "*.eml").Select(file => MimeMessage.Load(file))];

    /// <exception cref="LabPortTakenException">Another program holds the port.</exception>
    public static Task<SmtpSink> StartAsync(SmtpSinkOptions options)
    {
        Directory.CreateDirectory(options.Directory);
        var sink = new SmtpSink(options);
        try
        {
            sink.listener.Start();
        }
        catch (SocketException e)
        {
            throw new LabPortTakenException("The lab's SMTP server", options.Port, e);
        }
        sink.accepting = sink.AcceptAsync();
        return Task.FromResult(sink);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting; // before Stop: to accept on a stopped listener is an InvalidOperationException
        listener.Stop();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                conversations.RemoveAll(conversation => conversation.IsCompleted);
                conversations.Add(TalkAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new SmtpConversation(client.GetStream(), options, KeepAsync).RunAsync(stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client or the lab went away in the middle: nothing was promised.
            }
        }
    }

    private async Task KeepAsync(byte[] message, CancellationToken ct)
    {
        using var parsed = await MimeMessage.LoadAsync(new MemoryStream(message), ct);
        var identity = parsed.MessageId is { Length: > 0 } id ? System.Text.Encoding.UTF8.GetBytes(id + parsed.To) : message;
        var file = Path.Combine(options.Directory, Convert.ToHexStringLower(SHA256.HashData(identity)));
        await File.WriteAllBytesAsync(file + ".new", message, ct);
        File.Move(file + ".new", file + ".eml", overwrite: true);
    }
}
