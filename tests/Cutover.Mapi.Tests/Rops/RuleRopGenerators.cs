using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any restriction, any rule action, and the ROPs of permissions and rules.</summary>
internal static class RuleRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    private static Gen<PropertyTag> Tag => Gen.UInt.Select(value => new PropertyTag(value));
    private static Gen<RelationalOperator> Relation => Gen.Byte[0, 5].Select(value => (RelationalOperator)value);

    public static Gen<Restriction> Restrictions => Gen.Recursive<Restriction>((depth, nested) => depth > 3 ? Leaf() : Gen.OneOf(
        Leaf(),
        nested.Array[0, 3].Select(parts => (Restriction)new Restriction.And(parts)),
        nested.Array[0, 3].Select(parts => (Restriction)new Restriction.Or(parts)),
        nested.Select(part => (Restriction)new Restriction.Not(part)),
        Gen.Select(Tag, nested, (tag, part) => (Restriction)new Restriction.SubObject(tag, part)),
        Gen.Select(Property.Array[0, 3], nested, (values, part) => (Restriction)new Restriction.Comment(values, part)),
        Gen.Select(Gen.UInt, nested, (limit, part) => (Restriction)new Restriction.Count(limit, part))));

    public static Gen<RuleActions> Actions => Gen.Select(
        Gen.OneOf(
            Gen.Select(Id, Gen.Bool, (id, moves) => Target(RuleFolder.InThisStore(id), moves)),
            Gen.Select(Bytes, Bytes, Gen.Bool, (store, folder, moves) => Target(new RuleFolder(false, store, folder), moves)),
            Gen.Select(Id, Id, Gen.Guid, (folder, message, guid) => (RuleAction)new RuleAction.Reply(new(folder, message, default, guid))),
            Gen.Select(Id, Id, Gen.Guid, (folder, message, guid) => (RuleAction)new RuleAction.OutOfOfficeReply(new(folder, message, default, guid))),
            Bytes.Select(data => (RuleAction)new RuleAction.DeferAction(data)),
            Gen.UInt.Select(code => (RuleAction)new RuleAction.Bounce(code)),
            Property.Array[0, 4].Array[0, 3].Select(recipients => (RuleAction)new RuleAction.Forward(recipients)),
            Property.Array[0, 4].Array[0, 3].Select(recipients => (RuleAction)new RuleAction.Delegate(recipients)),
            Property.Select(value => (RuleAction)new RuleAction.Tag(value)),
            Gen.Const((RuleAction)new RuleAction.Delete()),
            Gen.Const((RuleAction)new RuleAction.MarkAsRead())),
        Gen.UInt, Gen.UInt,
        (action, flavor, flags) => action with { Flavor = flavor, Flags = flags }).Array[0, 4].Select(actions => new RuleActions(actions));

    private static Gen<RowChange[]> Changes => Gen.Select(
        Gen.OneOf(
            Property,
            Restrictions.Select(restriction => new PropertyValue(PropertyTags.RuleCondition, restriction)),
            Actions.Select(actions => new PropertyValue(PropertyTags.RuleActions, actions))).Array[0, 4],
        values => new RowChange(RowChangeKind.Add, values)).Array[0, 3];

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Index, (i, o) => new GetPermissionsTableRequest(i, o, PermissionsTableFlags.IncludeFreeBusy))),
        Request(Gen.Select(Index, Changes, (i, changes) => new ModifyPermissionsRequest(i, ModifyPermissionsFlags.ReplaceRows, changes))),
        Request(Gen.Select(Index, Index, (i, o) => new GetRulesTableRequest(i, o, RulesTableFlags.Unicode))),
        Request(Gen.Select(Index, Changes, (i, changes) => new ModifyRulesRequest(i, ModifyRulesFlags.Replace, changes))),
        Request(Gen.Select(Index, Bytes, Bytes, (i, server, client) => new UpdateDeferredActionMessagesRequest(i, server, client))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(Index, i => new GetPermissionsTableRequest(0, i, 0), i => new RopSuccess(RopId.GetPermissionsTable, i)),
        Exchange(Index, i => new ModifyPermissionsRequest(i, 0, []), i => new RopSuccess(RopId.ModifyPermissions, i)),
        Exchange(Index, i => new GetRulesTableRequest(0, i, 0), i => new RopSuccess(RopId.GetRulesTable, i)),
        Exchange(Index, i => new ModifyRulesRequest(i, 0, []), i => new RopSuccess(RopId.ModifyRules, i)),
        Exchange(
            Index,
            i => new UpdateDeferredActionMessagesRequest(i, default, default),
            i => new RopSuccess(RopId.UpdateDeferredActionMessages, i)));

    private static RuleAction Target(RuleFolder folder, bool moves) => moves ? new RuleAction.Move(folder) : new RuleAction.Copy(folder);

    private static Gen<Restriction> Leaf() => Gen.OneOf(
        Gen.Select(Tag, Property, (tag, value) => (Restriction)new Restriction.Content(FuzzyLevel.Prefix, FuzzyOptions.Loose, tag, value)),
        Gen.Select(Relation, Property, (relation, value) => (Restriction)new Restriction.Property(relation, value)),
        Gen.Select(Relation, Tag, Tag, (relation, first, second) => (Restriction)new Restriction.CompareProperties(relation, first, second)),
        Gen.Select(Gen.Bool, Tag, Gen.UInt, (isNotZero, tag, mask) => (Restriction)new Restriction.BitMask(isNotZero, tag, mask)),
        Gen.Select(Relation, Tag, Gen.UInt, (relation, tag, size) => (Restriction)new Restriction.Size(relation, tag, size)),
        Tag.Select(tag => (Restriction)new Restriction.Exist(tag)));
}
