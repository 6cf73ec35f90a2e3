using System.Text;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using InboxRule = Cutover.Mapi.Emsmdb.InboxRule;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>Outlook's rules in Core's words: wholly, or not at all.</summary>
public sealed class RuleTranslationTests
{
    private static readonly RuleTranslation Translation = new(
        name => name.Equals("/O=CONTOSO/CN=ANNA", StringComparison.OrdinalIgnoreCase) ? "anna@contoso.com" : null, folder => new FolderKey($"key {folder.ToInt64()}"));

    [Fact]
    public void Conditions_and_exceptions_keep_their_sides()
    {
        var rule = Translated(
            new Restriction.And([
                Content(PropertyTags.Subject, "offer"),
                new Restriction.Or([Content(PropertyTags.Body, "unsubscribe"), Content(PropertyTags.Body, "afmelden")]),
                new Restriction.Property(RelationalOperator.Equal, new PropertyValue(PropertyTags.MessageToMe, true)),
                new Restriction.BitMask(true, PropertyTags.MessageFlags, 0x10),
                new Restriction.Not(new Restriction.Property(RelationalOperator.Equal, new PropertyValue(PropertyTags.Importance, 2))),
            ]), new RuleAction.Delete());

        Assert.Equal(["offer"], rule.Conditions.SubjectContains);
        Assert.Equal(["unsubscribe", "afmelden"], rule.Conditions.BodyContains);
        Assert.Equal((true, true), (rule.Conditions.SentToMe, rule.Conditions.HasAttachments));
        Assert.Equal(((ItemImportance?)ItemImportance.High, (ItemImportance?)null), (rule.Exceptions.Importance, rule.Conditions.Importance));
        Assert.True(rule.Actions.Delete);
    }

    [Fact]
    public void Words_in_subject_or_body_are_one_list()
    {
        var rule = Translated(new Restriction.Or([Content(PropertyTags.Subject, "invoice"), Content(PropertyTags.Body, "invoice")]), new RuleAction.MarkAsRead());

        Assert.Equal(["invoice"], rule.Conditions.SubjectOrBodyContains);
        Assert.Empty(rule.Conditions.SubjectContains);
    }

    [Theory]
    [InlineData("SMTP:BERT@FABRIKAM.COM\0", "bert@fabrikam.com")]
    [InlineData("EX:/O=CONTOSO/CN=ANNA\0", "anna@contoso.com")]
    public void People_come_with_their_SMTP_addresses(string searchKey, string address)
    {
        var key = Encoding.Latin1.GetBytes(searchKey);
        // Outlook hangs names for its dialogs on the restriction.
        var from = new Restriction.Comment([new PropertyValue(new PropertyTag(0x6000_0003), 1)],
            new Restriction.Property(RelationalOperator.Equal, new PropertyValue(PropertyTags.SenderSearchKey, key)));
        var to = new Restriction.SubObject(PropertyTags.MessageRecipients, new Restriction.Property(RelationalOperator.Equal, new PropertyValue(PropertyTags.SearchKey, key)));

        Assert.Equal([address], Translated(from, new RuleAction.Delete()).Conditions.FromAddresses);
        Assert.Equal([address], Translated(to, new RuleAction.Delete()).Conditions.SentToAddresses);
    }

    [Fact]
    public void Actions_name_folders_and_people()
    {
        IReadOnlyList<PropertyValue> bert = [new(PropertyTags.AddressType, "SMTP"), new(PropertyTags.EmailAddress, "bert@fabrikam.com")];
        IReadOnlyList<PropertyValue> anna = [new(PropertyTags.AddressType, "EX"), new(PropertyTags.EmailAddress, "/o=Contoso/cn=anna")];

        var rule = Translated(null, new RuleAction.Move(RuleFolder.InThisStore(new ObjectId(77))), new RuleAction.Forward([bert]),
            new RuleAction.Forward([anna]) { Flavor = 3 }, new RuleAction.Tag(new PropertyValue(PropertyTags.Importance, 0)));

        Assert.Equal(((FolderKey?)new FolderKey("key 77"), (ItemImportance?)ItemImportance.Low), (rule.Actions.MoveTo, rule.Actions.MarkImportance));
        Assert.Equal(["bert@fabrikam.com"], rule.Actions.ForwardTo);
        Assert.Equal(["anna@contoso.com"], rule.Actions.RedirectTo);
    }

    public static TheoryData<string, InboxRule> NotSayable => new()
    {
        { "Outlook", Rule(null, new RuleAction.DeferAction(new byte[3])) },
        { "template", Rule(null, new RuleAction.Reply(new ReplyTemplate(default, default, default, Guid.Empty))) },
        { "no counterpart", Rule(new Restriction.Size(RelationalOperator.GreaterThan, PropertyTags.Subject, 10), new RuleAction.Delete()) },
        { "no counterpart", Rule(new Restriction.Not(new Restriction.And([Content(PropertyTags.Subject, "a"), Content(PropertyTags.Body, "b")])), new RuleAction.Delete()) },
        { "asks twice", Rule(new Restriction.And([Content(PropertyTags.Subject, "a"), Content(PropertyTags.Subject, "b")]), new RuleAction.Delete()) },
        { "does not know", Rule(new Restriction.Property(RelationalOperator.Equal, new PropertyValue(PropertyTags.SenderSearchKey, "EX:/O=GONE\0"u8.ToArray())), new RuleAction.Delete()) },
        { "outside the mailbox", Rule(null, new RuleAction.Move(new RuleFolder(false, new byte[5], new byte[46]))) },
        { "automatic reply is on", Rule(null, new RuleAction.Delete()) with { State = RuleState.Enabled | RuleState.OnlyWhenOutOfOffice } },
    };

    [Theory]
    [MemberData(nameof(NotSayable))]
    public void What_can_not_be_said_leaves_the_whole_rule_behind_with_the_reason(string reason, InboxRule rule)
    {
        Assert.Null(Translation.Translate(rule, out var why));
        Assert.Contains(reason, why);
    }

    private static Core.Mailboxes.InboxRule Translated(Restriction? condition, params RuleAction[] actions)
    {
        var translated = Translation.Translate(Rule(condition, actions), out var why);
        Assert.True(translated is not null, why);
        return translated;
    }

    private static InboxRule Rule(Restriction? condition, params RuleAction[] actions) =>
        new(1, 10, RuleState.Enabled, "A rule", "RuleOrganizer", condition, new RuleActions(actions));

    private static Restriction.Content Content(PropertyTag tag, string text) => new(FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, tag, new PropertyValue(tag, text));
}
