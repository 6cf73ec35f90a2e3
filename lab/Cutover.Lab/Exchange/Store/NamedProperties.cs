using Cutover.Mapi.Properties;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>
/// The named-property map of one mailbox: ids above 0x8000, given out in the order in which names come. Source: [MS-OXCPRPT] 3.2.5.9.
/// </summary>
internal sealed class NamedProperties(long mailbox)
{
    private const int FirstId = 0x8001;
    private const int LastId = 0xFFFE;

    // A mailbox of Exchange has hundreds of names before a client asks for its first; some that every client uses will do.
    private static readonly PropertyName[] FromTheBeginning =
    [
        PropertyNames.Keywords, PropertyNames.ContentClass, PropertyNames.ReminderSet, PropertyNames.ReminderTime, PropertyNames.Private,
        PropertyNames.SideEffects, PropertyNames.CommonStart, PropertyNames.CommonEnd, PropertyNames.BusyStatus, PropertyNames.Location,
        PropertyNames.AppointmentStartWhole, PropertyNames.AppointmentEndWhole, PropertyNames.Recurring, PropertyNames.GlobalObjectId,
    ];

    private readonly Dictionary<PropertyName, ushort> ids = [];
    private readonly Dictionary<ushort, PropertyName> names = [];

    public IReadOnlyDictionary<ushort, PropertyName> All => names;

    public ushort? Find(PropertyName name) => ids.TryGetValue(name, out var id) ? id : null;

    public PropertyName? NameOf(ushort id) => names.GetValueOrDefault(id);

    /// <summary>The id of a name, registered when it is new; null when the map is full.</summary>
    public ushort? Register(SqliteConnection database, PropertyName name)
    {
        if (Find(name) is { } known) return known;
        var id = FirstId + ids.Count;
        if (id > LastId) return null;
        database.Execute(
            "INSERT INTO named_property(mailbox, id, property_set, lid, name) VALUES (@mailbox, @id, @set, @lid, @text)",
            new { mailbox, id, set = name.PropertySet.ToString(), lid = (long?)name.Lid, text = name.Name });
        Remember((ushort)id, name);
        return (ushort)id;
    }

    /// <summary>Gives a new mailbox the names that it is born with.</summary>
    public void Begin(SqliteConnection database)
    {
        foreach (var name in FromTheBeginning) Register(database, name);
    }

    public void Load(SqliteConnection database)
    {
        ids.Clear();
        names.Clear();
        var rows = database.Query<Row>(
            "SELECT id, property_set AS PropertySet, lid, name FROM named_property WHERE mailbox = @mailbox", new { mailbox });
        foreach (var row in rows) Remember((ushort)row.Id, new PropertyName(Guid.Parse(row.PropertySet), (uint?)row.Lid, row.Name));
    }

    private void Remember(ushort id, PropertyName name)
    {
        ids[name] = id;
        names[id] = name;
    }

    private sealed class Row
    {
        public long Id { get; set; }

        public string PropertySet { get; set; } = "";

        public long? Lid { get; set; }

        public string? Name { get; set; }
    }
}
