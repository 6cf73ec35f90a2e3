using CsCheck;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Rops;

public class RestrictionTests
{
    [Fact]
    public void Every_restriction_is_read_as_it_was_written() => Gen.Select(RuleRopGenerators.Restrictions, Gen.Bool).Sample((restriction, wide) =>
    {
        var bytes = Written(restriction.Write, wide);
        var reader = new RopReader(bytes) { HasWideCounts = wide };
        var read = Restriction.Read(reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Written(read.Write, wide));
    });

    [Fact]
    public void Every_rule_action_is_read_as_it_was_written() => RuleRopGenerators.Actions.Sample(actions =>
    {
        var bytes = Written(actions.Write, wide: false);
        var reader = new RopReader(bytes);
        var read = RuleActions.Read(reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Written(read.Write, wide: false));
    });

    [Fact]
    public void A_restriction_nested_without_end_is_refused() =>
        Assert.Throws<MapiProtocolException>(() => Restriction.Read(new RopReader(Enumerable.Repeat((byte)0x02, 100_000).ToArray())));

    [Fact]
    public void A_rule_s_folder_in_the_same_store_is_known_by_its_id()
    {
        var folder = ObjectId.Of(1, 0x2345);
        Assert.Equal(folder, RuleFolder.InThisStore(folder).FolderId);
        Assert.Null(new RuleFolder(false, new byte[70], new byte[46]).FolderId);
    }

    private static byte[] Written(Action<RopWriter> write, bool wide)
    {
        var writer = new RopWriter { HasWideCounts = wide };
        write(writer);
        return writer.ToArray();
    }
}
