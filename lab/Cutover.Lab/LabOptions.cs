namespace Cutover.Lab;

/// <summary>What the lab is made of. The same options and seed make the same organisation.</summary>
public sealed record LabOptions
{
    /// <summary>Where the lab keeps its state (stores, tenant, zone, certificates), so that it survives the process.</summary>
    public required string WorkDirectory { get; init; }

    public int Mailboxes { get; init; } = 12;

    /// <summary>Generated items per mailbox, on average; with a corpus its messages are spread over the mailboxes instead.</summary>
    public int ItemsPerMailbox { get; init; } = 200;

    public string? CorpusDirectory { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Ports to listen on; 0 takes any free one.</summary>
    public int ExchangePort { get; init; }

    public int Microsoft365Port { get; init; }

    public int DnsPort { get; init; }

    public int SmtpPort { get; init; }
}
