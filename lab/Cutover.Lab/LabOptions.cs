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

    /// <summary>People besides the generated ones, with names and passwords that somebody chose: for clients that are set up by hand.</summary>
    public IReadOnlyList<LabUser> Users { get; init; } = [];

    /// <summary>Public folders at the top of the tree, empty.</summary>
    public IReadOnlyList<string> PublicFolders { get; init; } = [];

    /// <summary>Public folders at the top of the tree that take mail, so that the address book shows them.</summary>
    public IReadOnlyList<string> MailPublicFolders { get; init; } = [];

    /// <summary>Mail contacts, groups and dynamic groups besides the generated ones. Groups are empty.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    public IReadOnlyList<LabPair> Groups { get; init; } = [];

    public IReadOnlyList<string> DynamicGroups { get; init; } = [];

    /// <summary>Users with a certificate in the directory, and those who may change the address book.</summary>
    public IReadOnlyList<string> CertificateHolders { get; init; } = [];

    public IReadOnlyList<string> DirectoryAdministrators { get; init; } = [];

    /// <summary>How users' names are spoken.</summary>
    public IReadOnlyList<LabPair> PhoneticNames { get; init; } = [];

    /// <summary>Exchange 2016 with MAPI over HTTP instead of Exchange 2010 with RPC over HTTP only.</summary>
    public bool MapiHttp { get; init; }

    /// <summary>Ports to listen on; 0 takes any free one.</summary>
    public int ExchangePort { get; init; }

    public int Microsoft365Port { get; init; }

    public int DnsPort { get; init; }

    public int SmtpPort { get; init; }
}

/// <summary>A user whose alias, sign-in name and display name are the same.</summary>
public sealed record LabUser(string Name, string Password)
{
    private const int LongestName = 64;

    /// <summary>Reads NAME:PASSWORD; null when it is none, or when the name can't be an alias.</summary>
    public static LabUser? Parse(string text) => text.Split(':', 2) is [var name, { Length: > 0 } password] && IsAlias(name) ? new LabUser(name, password) : null;

    private static bool IsAlias(string name) =>
        name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}

/// <summary>Two names that belong together, written NAME:VALUE: a group and its owner, a user and how the name is spoken.</summary>
public sealed record LabPair(string Name, string Value)
{
    /// <summary>Reads NAME:VALUE; null when it is none.</summary>
    public static LabPair? Parse(string text) => text.Split(':', 2) is [{ Length: > 0 } name, { Length: > 0 } value] ? new LabPair(name, value) : null;
}
