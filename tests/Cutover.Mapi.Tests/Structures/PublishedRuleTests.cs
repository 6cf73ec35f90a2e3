using Cutover.Mapi.Rops;
using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Tests.Structures;

/// <summary>Conditions and actions of rules: what the codec of the rules' ROPs reads is what another parser reads, and writing gives the same bytes.</summary>
public sealed class PublishedRuleTests
{
    [Theory]
    [InlineData("7-exrule1")]
    [InlineData("7-exrule3")]
    [InlineData("17-RuleCon1")]
    [InlineData("17-RuleCon3")]
    public void An_extended_rule_condition_reads_and_writes_the_same(string name)
    {
        var bytes = new PublishedBlob(name).Bytes;
        Assert.Equal(bytes, ExtendedRuleCondition.Parse(bytes).ToBytes());
    }

    [Theory]
    [InlineData("34-EXRULEACTION1")]
    [InlineData("34-EXRULEACTION2")]
    public void Extended_rule_actions_read_and_write_the_same(string name)
    {
        var bytes = new PublishedBlob(name).Bytes;
        Assert.Equal(bytes, ExtendedRuleActions.Parse(bytes).ToBytes());
    }

    [Fact]
    public void A_rule_that_moves_and_tags_reads_as_published()
    {
        var actions = ExtendedRuleActions.Parse(new PublishedBlob("34-EXRULEACTION1").Bytes);
        Assert.Equal(("http://schemas.microsoft.com/exchange/junkemailmovestamp", (ushort)0x837E), (actions.Names.Single().Name.Name, actions.Names.Single().PropertyId));
        Assert.Equal(1u, actions.Version);
        Assert.Equal([typeof(RuleAction.Move), typeof(RuleAction.Tag)], actions.Actions.Actions.Select(action => action.GetType()));
    }

    [Fact]
    public void A_condition_on_a_sender_reads_as_published()
    {
        var content = Assert.IsType<Restriction.Content>(ExtendedRuleCondition.Parse(new PublishedBlob("7-exrule1").Bytes).Condition);
        Assert.Equal((FuzzyLevel.Substring, 0x0C1D0102u), (content.Level, content.Tag.Value));
    }
}
