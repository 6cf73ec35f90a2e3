using Cutover.Core.Recipients;

namespace Cutover.Core.Mailboxes;

/// <summary>What a user has set up beside mail. Sources and targets of every kind speak of it in these words.</summary>
/// <param name="FolderRights">Entries that differ from what a new mailbox has.</param>
/// <param name="NotCarried">What the source has and these words can't say, for the administrator.</param>
public sealed record MailboxSettings(
    AutomaticReplies Replies, IReadOnlyList<InboxRule> Rules, IReadOnlyList<FolderRight> FolderRights, IReadOnlyList<MailboxDelegate> Delegates,
    IReadOnlyList<ProvisioningFinding> NotCarried)
{
    public static readonly MailboxSettings None = new(new AutomaticReplies(false, null, null), [], [], [], []);

    public RegionalSettings Region { get; init; } = RegionalSettings.Unknown;

    /// <summary>The categories that the user gives items, with their colours; items carry the names themselves.</summary>
    public IReadOnlyList<MailboxCategory> Categories { get; init; } = [];
}

/// <summary>Where and when the user works; null where the source does not tell.</summary>
/// <param name="Language">A culture name, such as nl-NL.</param>
/// <param name="TimeZone">Windows' name of the time zone, such as W. Europe Standard Time.</param>
public sealed record RegionalSettings(string? Language, string? TimeZone, WorkWeek? WorkWeek)
{
    public static readonly RegionalSettings Unknown = new(null, null, null);
}

/// <summary>The hours of a working day, in the user's own time zone.</summary>
public sealed record WorkWeek(IReadOnlyList<DayOfWeek> Days, TimeOnly Start, TimeOnly End);

/// <param name="Color">0 (red) to 24 (dark cranberry), the presets of Outlook; null for none.</param>
public sealed record MailboxCategory(string Name, int? Color);

/// <summary>Automatic replies (out of office), as HTML; null where there is none.</summary>
/// <param name="Internal">What colleagues get.</param>
/// <param name="External">What everybody else gets.</param>
public sealed record AutomaticReplies(bool IsOn, string? Internal, string? External);

/// <summary>Somebody who acts for the owner: gets Editor on the calendar, and private items when <paramref name="SeesPrivateItems"/>.</summary>
public sealed record MailboxDelegate(string Address, bool SeesPrivateItems);

/// <summary>What somebody may do in a folder, in the words of Add-MailboxFolderPermission.</summary>
[Flags]
public enum FolderAccessRights
{
    None = 0,
    ReadItems = 0x001,
    CreateItems = 0x002,
    EditOwnedItems = 0x004,
    DeleteOwnedItems = 0x008,
    EditAllItems = 0x010,
    DeleteAllItems = 0x020,
    CreateSubfolders = 0x040,
    FolderOwner = 0x080,
    FolderContact = 0x100,
    FolderVisible = 0x200,

    /// <summary>Of a calendar: free and busy times.</summary>
    AvailabilityOnly = 0x400,

    /// <summary>Of a calendar: free and busy times, subjects and places.</summary>
    LimitedDetails = 0x800,
}

/// <param name="Member">An SMTP address, <see cref="Everyone"/> or <see cref="NotSignedIn"/>.</param>
public sealed record FolderRight(FolderKey Folder, string Member, FolderAccessRights Rights)
{
    public const string Everyone = "Default";
    public const string NotSignedIn = "Anonymous";
}

/// <summary>A rule of the Inbox that the server runs.</summary>
/// <param name="Sequence">Rules run in this order.</param>
public sealed record InboxRule(string Name, int Sequence, bool IsEnabled, InboxRuleConditions Conditions, InboxRuleConditions Exceptions, InboxRuleActions Actions);

/// <summary>All that is given must hold; of a list, one entry.</summary>
public sealed record InboxRuleConditions
{
    public IReadOnlyList<string> SubjectContains { get; init; } = [];

    public IReadOnlyList<string> BodyContains { get; init; } = [];

    public IReadOnlyList<string> SubjectOrBodyContains { get; init; } = [];

    public IReadOnlyList<string> HeaderContains { get; init; } = [];

    /// <summary>Part of the sender's address.</summary>
    public IReadOnlyList<string> SenderContains { get; init; } = [];

    public IReadOnlyList<string> FromAddresses { get; init; } = [];

    public IReadOnlyList<string> SentToAddresses { get; init; } = [];

    public bool? SentToMe { get; init; }

    public bool? SentCcMe { get; init; }

    public bool? HasAttachments { get; init; }

    public ItemImportance? Importance { get; init; }
}

public enum ItemImportance
{
    Low,
    Normal,
    High,
}

public sealed record InboxRuleActions
{
    public FolderKey? MoveTo { get; init; }

    public FolderKey? CopyTo { get; init; }

    public bool Delete { get; init; }

    public bool MarkAsRead { get; init; }

    public ItemImportance? MarkImportance { get; init; }

    public IReadOnlyList<string> ForwardTo { get; init; } = [];

    public IReadOnlyList<string> ForwardAsAttachmentTo { get; init; } = [];

    public IReadOnlyList<string> RedirectTo { get; init; } = [];

    public bool StopProcessingRules { get; init; }
}
