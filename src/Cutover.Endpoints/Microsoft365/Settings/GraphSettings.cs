using System.Globalization;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.Graph;

namespace Cutover.Endpoints.Microsoft365.Settings;

/// <summary>Graph's messageRule; null where a rule says nothing.</summary>
internal sealed record GraphMessageRule(
    string DisplayName, int Sequence, bool IsEnabled, GraphRulePredicates? Conditions, GraphRulePredicates? Exceptions, GraphRuleActions Actions, string? Id = null);

internal sealed record GraphRulePredicates(
    IReadOnlyList<string>? SubjectContains = null, IReadOnlyList<string>? BodyContains = null, IReadOnlyList<string>? BodyOrSubjectContains = null,
    IReadOnlyList<string>? HeaderContains = null, IReadOnlyList<string>? SenderContains = null, IReadOnlyList<MessageRecipient>? FromAddresses = null,
    IReadOnlyList<MessageRecipient>? SentToAddresses = null, bool? SentToMe = null, bool? SentCcMe = null, bool? HasAttachments = null, string? Importance = null);

internal sealed record GraphRuleActions(
    string? MoveToFolder = null, string? CopyToFolder = null, bool? Delete = null, bool? MarkAsRead = null, string? MarkImportance = null,
    IReadOnlyList<MessageRecipient>? ForwardTo = null, IReadOnlyList<MessageRecipient>? ForwardAsAttachmentTo = null,
    IReadOnlyList<MessageRecipient>? RedirectTo = null, bool? StopProcessingRules = null);

internal sealed record GraphMailboxSettings(
    GraphAutomaticReplies? AutomaticRepliesSetting = null, string? TimeZone = null, GraphLocale? Language = null, GraphWorkingHours? WorkingHours = null);

internal sealed record GraphLocale(string Locale);

/// <param name="StartTime">As Graph writes a time of day: 08:00:00.0000000.</param>
internal sealed record GraphWorkingHours(IReadOnlyList<string> DaysOfWeek, string StartTime, string EndTime, GraphTimeZone? TimeZone);

internal sealed record GraphTimeZone(string Name);

/// <summary>Graph's outlookCategory.</summary>
/// <param name="Color">preset0 to preset24, or none.</param>
internal sealed record GraphCategory(string? DisplayName, string Color, string? Id = null);

internal sealed record GraphAutomaticReplies(string Status, string ExternalAudience, string? InternalReplyMessage, string? ExternalReplyMessage);

/// <summary>Says a user's settings in Graph's words.</summary>
internal static class GraphSettings
{
    public static GraphAutomaticReplies Of(AutomaticReplies replies) =>
        new(replies.IsOn ? "alwaysEnabled" : "disabled", replies.External is null ? "none" : "all", replies.Internal, replies.External);

    public static GraphWorkingHours Of(WorkWeek week, string? timeZone) => new(
        [.. week.Days.Select(day => day.ToString().ToLowerInvariant())], Time(week.Start), Time(week.End), timeZone is null ? null : new GraphTimeZone(timeZone));

    public static GraphCategory Of(MailboxCategory category) => new(category.Name, category.Color is { } color ? $"preset{color}" : "none");

    private static string Time(TimeOnly time) => time.ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    /// <param name="moveTo">The target's folder for <see cref="InboxRuleActions.MoveTo"/>.</param>
    public static GraphMessageRule Of(InboxRule rule, TargetFolderId? moveTo, TargetFolderId? copyTo) => new(
        rule.Name, rule.Sequence, rule.IsEnabled, Of(rule.Conditions), Of(rule.Exceptions), new GraphRuleActions(
            moveTo?.Value, copyTo?.Value, OrNull(rule.Actions.Delete), OrNull(rule.Actions.MarkAsRead), Of(rule.Actions.MarkImportance),
            People(rule.Actions.ForwardTo), People(rule.Actions.ForwardAsAttachmentTo), People(rule.Actions.RedirectTo), OrNull(rule.Actions.StopProcessingRules)));

    private static GraphRulePredicates? Of(InboxRuleConditions conditions)
    {
        var predicates = new GraphRulePredicates(
            OrNull(conditions.SubjectContains), OrNull(conditions.BodyContains), OrNull(conditions.SubjectOrBodyContains), OrNull(conditions.HeaderContains),
            OrNull(conditions.SenderContains), People(conditions.FromAddresses), People(conditions.SentToAddresses), conditions.SentToMe, conditions.SentCcMe,
            conditions.HasAttachments, Of(conditions.Importance));
        return predicates == new GraphRulePredicates() ? null : predicates;
    }

    private static string? Of(ItemImportance? importance) => importance?.ToString().ToLowerInvariant();

    private static IReadOnlyList<string>? OrNull(IReadOnlyList<string> texts) => texts.Count == 0 ? null : texts;

    private static bool? OrNull(bool flag) => flag ? true : null;

    private static IReadOnlyList<MessageRecipient>? People(IReadOnlyList<string> addresses) =>
        addresses.Count == 0 ? null : [.. addresses.Select(address => new MessageRecipient(new MessageAddress(address)))];
}
