using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>What someone may do in a folder. Source: [MS-OXCPERM] 2.2.</summary>
/// <param name="MemberId">0 for everyone who has no entry of his own, -1 for who is not signed in, else the server's number.</param>
/// <param name="LegacyExchangeDN">Who it is; null for the default and the anonymous entry, and for who is no address-book object.</param>
/// <param name="Name">The display name that the server shows.</param>
public sealed record FolderPermission(long MemberId, string? LegacyExchangeDN, string Name, MemberRights Rights)
{
    public const long Default = 0;
    public const long Anonymous = -1;
}

/// <summary>Source: [MS-OXORULE] 2.2.1.3.1.3.</summary>
[Flags]
public enum RuleState
{
    None = 0,
    Enabled = 0x01,
    InError = 0x02,
    OnlyWhenOutOfOffice = 0x04,
    KeepsOutOfOfficeHistory = 0x08,
    ExitLevel = 0x10,
    SkipIfSafeContentListed = 0x20,
    ParseError = 0x40,
}

/// <summary>A rule of a folder, run by the server or, with a deferred action, by Outlook. Source: [MS-OXORULE] 2.2.1.3.1.</summary>
/// <param name="Sequence">Rules run in this order.</param>
/// <param name="Provider">Who made it: "RuleOrganizer" for Outlook's rules, "MSFT:TDX OOF Rules" for out-of-office, "Schedule+ EMS Interface" for delegates.</param>
/// <param name="Condition">Null when the server gives none.</param>
public sealed record InboxRule(long Id, int Sequence, RuleState State, string Name, string Provider, Restriction? Condition, RuleActions? Actions)
{
    /// <summary>The provider's own bytes.</summary>
    public ReadOnlyMemory<byte> ProviderData { get; init; }
}

/// <summary>
/// A rule kept as a folder-associated message, beyond the size of the rules table. Its condition and actions stay in the form of the message. Source:
/// [MS-OXORULE] 2.2.4.
/// </summary>
public sealed record ExtendedRule(int Sequence, RuleState State, string Name, string Provider, ReadOnlyMemory<byte> Condition, ReadOnlyMemory<byte> Actions);

/// <summary>Someone who acts for the mailbox's owner. Source: [MS-OXODLGT] 2.2.2.2.</summary>
/// <param name="LegacyExchangeDN">Null when the entry id is of no address-book object.</param>
/// <param name="SeesPrivateItems">PidTagScheduleInfoDelegateFlags.</param>
public sealed record Delegate(string Name, string? LegacyExchangeDN, bool SeesPrivateItems);

/// <summary>The delegates and how meeting messages reach them. Source: [MS-OXODLGT] 2.2.2.2.</summary>
/// <param name="DelegatorGetsCopies">The owner gets meeting messages too.</param>
/// <param name="DelegatesGetMeetingMessages">False when meeting messages go to the owner alone.</param>
public sealed record DelegateInformation(IReadOnlyList<Delegate> Delegates, bool DelegatorGetsCopies, bool DelegatesGetMeetingMessages)
{
    public static readonly DelegateInformation None = new([], DelegatorGetsCopies: true, DelegatesGetMeetingMessages: false);
}

/// <summary>The automatic reply. Source: [MS-OXWOOF] 2.2.4.1, 2.2.5.</summary>
/// <param name="InternalReply">What colleagues get; null when there is none.</param>
/// <param name="ExternalReply">What others get, from Exchange 2007 on; null when there is none.</param>
public sealed record OutOfOffice(bool IsOn, OutOfOfficeReply? InternalReply, OutOfOfficeReply? ExternalReply);

/// <summary>The text of a reply: HTML where it has HTML.</summary>
public sealed record OutOfOfficeReply(string? Subject, string Text, bool IsHtml);
