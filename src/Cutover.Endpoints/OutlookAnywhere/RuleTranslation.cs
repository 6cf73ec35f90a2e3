using System.Text;
using Cutover.Core.Mailboxes;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using CoreRule = Cutover.Core.Mailboxes.InboxRule;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Says a rule of Outlook's in the words of <see cref="CoreRule"/>. A rule is translated wholly or not at all: one that lost a condition would catch mail that its owner
/// never meant. Source: [MS-OXORULE] 2.2.1.3, 2.2.5.
/// </summary>
/// <param name="addressOf">The SMTP address behind a legacyExchangeDN; null when nobody bears it.</param>
internal sealed class RuleTranslation(Func<string, string?> addressOf, Func<ObjectId, FolderKey> keyOf)
{
    private const uint HasAttachment = 0x10;
    private const uint PreserveSender = 0x1;
    private const uint AsAttachment = 0x4;

    public CoreRule? Translate(Mapi.Emsmdb.InboxRule rule, out string why)
    {
        try
        {
            var (conditions, exceptions) = Conditions(rule.Condition);
            var actions = (rule.Actions?.Actions ?? []).Aggregate(new InboxRuleActions { StopProcessingRules = rule.State.HasFlag(RuleState.ExitLevel) }, With);
            if (rule.State.HasFlag(RuleState.OnlyWhenOutOfOffice)) throw new NotSayable("it runs only while the automatic reply is on");
            why = "";
            return new CoreRule(rule.Name, rule.Sequence, rule.State.HasFlag(RuleState.Enabled), conditions, exceptions, actions);
        }
        catch (NotSayable reason)
        {
            why = reason.Message;
            return null;
        }
    }

    private (InboxRuleConditions Conditions, InboxRuleConditions Exceptions) Conditions(Restriction? restriction)
    {
        var (conditions, exceptions) = (new InboxRuleConditions(), new InboxRuleConditions());
        foreach (var part in Parts(restriction))
        {
            // PidTagMessageClass is there in every message: Outlook's way to say "all mail".
            if (part is Restriction.Exist) continue;
            if (part is Restriction.Not(var except)) exceptions = With(exceptions, except);
            else conditions = With(conditions, part);
        }

        return (conditions, exceptions);
    }

    private static IEnumerable<Restriction> Parts(Restriction? restriction) => restriction switch
    {
        null => [],
        Restriction.And(var parts) => parts.SelectMany(Parts),
        _ => [restriction],
    };

    private InboxRuleConditions With(InboxRuleConditions so, Restriction part)
    {
        switch (Plain(part))
        {
            case Restriction.Or(var alternatives):
                return WithOneOf(so, [.. alternatives.Select(Plain)]);
            case Restriction.Property(RelationalOperator.Equal, var tag, { Value: bool value }) when tag == PropertyTags.MessageToMe:
                return so with { SentToMe = value };
            case Restriction.Property(RelationalOperator.Equal, var tag, { Value: bool value }) when tag == PropertyTags.MessageCcMe:
                return so with { SentCcMe = value };
            case Restriction.Property(RelationalOperator.Equal, var tag, { Value: int value }) when tag == PropertyTags.Importance && value is >= 0 and <= 2:
                return so with { Importance = (ItemImportance)value };
            case Restriction.BitMask(var isNotZero, var tag, HasAttachment) when tag == PropertyTags.MessageFlags:
                return so with { HasAttachments = isNotZero };
            case var one:
                return WithOneOf(so, [one]);
        }
    }

    /// <summary>Alternatives are of one kind: words in one place, words in subject or body, or people.</summary>
    private InboxRuleConditions WithOneOf(InboxRuleConditions so, IReadOnlyList<Restriction> alternatives)
    {
        if (alternatives.All(one => one is Restriction.Property)) return so with { FromAddresses = Once(so.FromAddresses, [.. alternatives.Select(Sender)]) };
        if (alternatives.All(one => one is Restriction.SubObject)) return so with { SentToAddresses = Once(so.SentToAddresses, [.. alternatives.Select(Addressee)]) };
        var words = alternatives.Select(Words).ToList();
        var tags = words.Select(word => word.Tag).Distinct().ToList();
        var texts = words.Select(word => word.Text).Distinct(StringComparer.Ordinal).ToList();
        if (tags is [var only])
        {
            if (only == PropertyTags.Subject.Id) return so with { SubjectContains = Once(so.SubjectContains, texts) };
            if (only == PropertyTags.Body.Id) return so with { BodyContains = Once(so.BodyContains, texts) };
            if (only == PropertyTags.TransportMessageHeaders.Id) return so with { HeaderContains = Once(so.HeaderContains, texts) };
            if (only == PropertyTags.SenderSearchKey.Id) return so with { SenderContains = Once(so.SenderContains, texts) };
        }
        else if (tags.ToHashSet().SetEquals([PropertyTags.Subject.Id, PropertyTags.Body.Id]) && words.Count == 2 * texts.Count)
            return so with { SubjectOrBodyContains = Once(so.SubjectOrBodyContains, texts) };

        throw new NotSayable("its condition has no counterpart in Exchange Online's rules");
    }

    /// <summary>A second list of the same kind would have to hold too, which one list can't say.</summary>
    private static IReadOnlyList<string> Once(IReadOnlyList<string> there, IReadOnlyList<string> texts) =>
        there.Count == 0 ? texts : throw new NotSayable("it asks twice of the same kind, and both must hold");

    private static (ushort Tag, string Text) Words(Restriction restriction)
    {
        if (restriction is not Restriction.Content { Level: FuzzyLevel.Substring } content) throw new NotSayable("its condition has no counterpart in Exchange Online's rules");
        return (content.Tag.Id, content.Value.Value switch
        {
            string text => text,
            byte[] bytes => Encoding.Latin1.GetString(bytes).TrimEnd('\0'),
            _ => throw new NotSayable("its condition has no counterpart in Exchange Online's rules"),
        });
    }

    private string Sender(Restriction restriction) => restriction is Restriction.Property(RelationalOperator.Equal, var tag, { Value: byte[] key })
        && tag == PropertyTags.SenderSearchKey ? AddressIn(key) : throw new NotSayable("its condition has no counterpart in Exchange Online's rules");

    private string Addressee(Restriction restriction) => restriction is Restriction.SubObject(var table, var part) && table == PropertyTags.MessageRecipients
        && Plain(part) is Restriction.Property(RelationalOperator.Equal, var tag, { Value: byte[] key }) && tag == PropertyTags.SearchKey
        ? AddressIn(key) : throw new NotSayable("its condition has no counterpart in Exchange Online's rules");

    /// <summary>What Outlook hangs on a restriction for its own dialogs says nothing.</summary>
    private static Restriction Plain(Restriction restriction) => restriction is Restriction.Comment { Part: { } part } ? Plain(part) : restriction;

    /// <summary>A search key: the address type, a colon, the address, a zero, all in upper case. Source: [MS-OXCMAIL] 2.2.1.13.3.</summary>
    private string AddressIn(byte[] searchKey)
    {
        var text = Encoding.Latin1.GetString(searchKey).TrimEnd('\0');
        var (type, address) = text.Split(':', 2) is [var first, var second] ? (first, second) : ("", text);
        if (type.Equals("SMTP", StringComparison.OrdinalIgnoreCase)) return address.ToLowerInvariant();
        return addressOf(address) ?? throw new NotSayable("it names somebody whom the address book does not know any more");
    }

    private InboxRuleActions With(InboxRuleActions so, RuleAction action) => action switch
    {
        RuleAction.Move(var folder) => so with { MoveTo = FolderOf(folder) },
        RuleAction.Copy(var folder) => so with { CopyTo = FolderOf(folder) },
        RuleAction.Delete => so with { Delete = true },
        RuleAction.MarkAsRead => so with { MarkAsRead = true },
        RuleAction.Tag({ Value: int value } property) when property.Tag == PropertyTags.Importance && value is >= 0 and <= 2 => so with { MarkImportance = (ItemImportance)value },
        RuleAction.Forward(var people) when (action.Flavor & PreserveSender) != 0 => so with { RedirectTo = People(people) },
        RuleAction.Forward(var people) when (action.Flavor & AsAttachment) != 0 => so with { ForwardAsAttachmentTo = People(people) },
        RuleAction.Forward(var people) when action.Flavor == 0 => so with { ForwardTo = People(people) },
        RuleAction.Reply => throw new NotSayable("it replies with a template, which Exchange Online's rules don't"),
        RuleAction.DeferAction => throw new NotSayable("it is carried out by Outlook, not by the server"),
        _ => throw new NotSayable("its action has no counterpart in Exchange Online's rules"),
    };

    private FolderKey FolderOf(RuleFolder folder) =>
        folder.FolderId is { } id ? keyOf(id) : throw new NotSayable("it moves mail to a folder outside the mailbox");

    private IReadOnlyList<string> People(IReadOnlyList<IReadOnlyList<PropertyValue>> people) => [.. people.Select(properties =>
    {
        string? Text(PropertyTag tag) => properties.FirstOrDefault(property => property.Tag.Id == tag.Id)?.Value as string;
        if (Text(PropertyTags.SmtpAddress) is { Length: > 0 } smtp) return smtp;
        var address = Text(PropertyTags.EmailAddress) ?? throw new NotSayable("it forwards to somebody without an address");
        return "SMTP".Equals(Text(PropertyTags.AddressType), StringComparison.OrdinalIgnoreCase)
            ? address
            : addressOf(address) ?? throw new NotSayable("it forwards to somebody whom the address book does not know any more");
    })];

    private sealed class NotSayable(string reason) : Exception(reason);
}
