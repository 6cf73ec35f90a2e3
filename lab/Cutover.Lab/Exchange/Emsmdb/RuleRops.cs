using Cutover.Lab.Exchange.Emsmdb.Tables;
using Cutover.Mapi;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>The rules of folders: kept and shown, never run. Source: [MS-OXORULE] 3.2.5.</summary>
internal static class RuleRops
{
    public static RopResponse GetRulesTable(RopContext context, GetRulesTableRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        context.Put(request.OutputHandleIndex, new TableObject(folder.Mailbox, TableKind.Rules, () => Rows(folder)));
        return new RopSuccess(request.Id, request.OutputHandleIndex);
    }

    public static RopResponse ModifyRules(RopContext context, ModifyRulesRequest request)
    {
        var folder = context.Get<FolderObject>(request.HandleIndex);
        if ((request.Flags & ~ModifyRulesFlags.Replace) != 0) throw new RopException(MapiErrorCode.InvalidParameter);
        using var bulk = context.Store.BeginBulk();
        if (request.Flags.HasFlag(ModifyRulesFlags.Replace)) RemoveAll(folder);
        foreach (var change in request.Changes) Apply(folder, change);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>Deferred actions are what a rule that ran leaves behind: there are none.</summary>
    public static RopResponse UpdateDeferredActionMessages(RopContext context, UpdateDeferredActionMessagesRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static List<TableRow> Rows(FolderObject folder) =>
        [.. folder.Mailbox.Rules(folder.Folder).Select(rule => new TableRow((long)rule[PropertyTags.RuleId]!, _ => new PropertyBag(rule)))];

    private static void RemoveAll(FolderObject folder)
    {
        foreach (var rule in folder.Mailbox.Rules(folder.Folder)) folder.Mailbox.RemoveRule(folder.Folder, (long)rule[PropertyTags.RuleId]!);
    }

    private static void Apply(FolderObject folder, RowChange change)
    {
        var id = change.Values.FirstOrDefault(value => value.Tag.Id == PropertyTags.RuleId.Id)?.Value as long?;
        var done = change.Kind switch
        {
            RowChangeKind.Add => id is null && IsWhole(change) && folder.Mailbox.AddRule(folder.Folder, Unicode(change)) > 0,
            RowChangeKind.Modify => id is { } known && folder.Mailbox.ModifyRule(folder.Folder, known, Unicode(change)),
            RowChangeKind.Remove => id is { } known && folder.Mailbox.RemoveRule(folder.Folder, known),
            _ => false,
        };
        if (!done) throw new RopException(change.Kind == RowChangeKind.Add ? MapiErrorCode.InvalidParameter : MapiErrorCode.NotFound);
    }

    // Source: [MS-OXORULE] 3.1.4.2.1.
    private static bool IsWhole(RowChange change) => new[] { PropertyTags.RuleProvider, PropertyTags.RuleCondition, PropertyTags.RuleActions }
        .All(needed => change.Values.Any(value => value.Tag.Id == needed.Id));

    private static IEnumerable<PropertyValue> Unicode(RowChange change) => change.Values.Select(value =>
        value.Tag.Type == PropertyType.String8 ? value with { Tag = value.Tag.WithType(PropertyType.String) } : value);
}
