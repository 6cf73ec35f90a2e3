using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <content>The rules of the folders. They are kept and shown; the lab delivers nothing, so none ever runs.</content>
public sealed partial class MailboxStore
{
    /// <summary>The rules of a folder in the order of their sequence, PidTagRuleId among their properties.</summary>
    public IReadOnlyList<PropertyBag> Rules(long folder) => store.Read(database => database
        .Query<(long Id, byte[] Properties)>("SELECT id, properties FROM rule WHERE mailbox = @Number AND folder = @folder", new { Number, folder })
        .Select(row => ReadRule(row.Id, row.Properties))
        .OrderBy(rule => rule.GetInteger(PropertyTags.RuleSequence) ?? 0).ThenBy(rule => (long)rule[PropertyTags.RuleId]!).ToList());

    public bool HasRules(long folder) => store.Read(database => database.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM rule WHERE mailbox = @Number AND folder = @folder", new { Number, folder }) > 0);

    /// <summary>Adds a rule and returns its id.</summary>
    public long AddRule(long folder, IEnumerable<PropertyValue> properties) => store.Write(database =>
    {
        RequireFolder(database, folder);
        var id = counters.Next(database);
        WriteRule(database, folder, id, properties);
        return id;
    });

    /// <summary>Changes these properties of a rule; false when there is no such rule.</summary>
    public bool ModifyRule(long folder, long id, IEnumerable<PropertyValue> properties) => store.Write(database =>
    {
        if (Rules(folder).FirstOrDefault(rule => rule[PropertyTags.RuleId] is long found && found == id) is not { } rule) return false;
        foreach (var property in properties) rule.Set(property.Tag, property.Value);
        WriteRule(database, folder, id, rule);
        return true;
    });

    /// <summary>False when there is no such rule.</summary>
    public bool RemoveRule(long folder, long id) => store.Write(database => database.Execute(
        "DELETE FROM rule WHERE mailbox = @Number AND folder = @folder AND id = @id", new { Number, folder, id }) > 0);

    private void WriteRule(SqliteConnection database, long folder, long id, IEnumerable<PropertyValue> properties)
    {
        // Conditions and actions have a wire form only, so the whole rule is kept in it.
        var writer = new RopWriter();
        writer.WritePropertyValues([.. properties.Where(property => property.Tag.Id != PropertyTags.RuleId.Id)]);
        database.Execute(
            "INSERT INTO rule(mailbox, folder, id, properties) VALUES (@Number, @folder, @id, @bytes) ON CONFLICT DO UPDATE SET properties = @bytes",
            new { Number, folder, id, bytes = writer.ToArray() });
    }

    private static PropertyBag ReadRule(long id, byte[] properties) =>
        new PropertyBag(new RopReader(properties).ReadPropertyValues()).Set(PropertyTags.RuleId, id);
}
