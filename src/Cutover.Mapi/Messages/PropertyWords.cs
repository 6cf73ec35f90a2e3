using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Messages;

/// <summary>What a binary property says, in one line of English: a recurrence, a time zone, a meeting id, whom an entry id names.</summary>
public static class PropertyWords
{
    private static readonly Dictionary<PropertyName, Func<byte[], object>> Named = new()
    {
        [PropertyNames.AppointmentRecur] = bytes => AppointmentRecurrence.Parse(bytes),
        [PropertyNames.TaskRecurrence] = bytes => RecurrencePattern.Parse(bytes),
        [PropertyNames.TimeZoneStruct] = bytes => TimeZoneStruct.Parse(bytes),
        [PropertyNames.AppointmentTimeZoneDefinitionStartDisplay] = bytes => TimeZoneDefinition.Parse(bytes),
        [PropertyNames.AppointmentTimeZoneDefinitionEndDisplay] = bytes => TimeZoneDefinition.Parse(bytes),
        [PropertyNames.AppointmentTimeZoneDefinitionRecur] = bytes => TimeZoneDefinition.Parse(bytes),
        [PropertyNames.GlobalObjectId] = bytes => GlobalObjectId.Parse(bytes),
        [PropertyNames.CleanGlobalObjectId] = bytes => GlobalObjectId.Parse(bytes),
        [PropertyNames.Email1OriginalEntryId] = bytes => EntryId.Parse(bytes),
        [PropertyNames.Email2OriginalEntryId] = bytes => EntryId.Parse(bytes),
        [PropertyNames.Email3OriginalEntryId] = bytes => EntryId.Parse(bytes),
    };

    private static readonly Dictionary<ushort, Func<byte[], object>> Tagged = new()
    {
        [PropertyTags.EntryId.Id] = bytes => EntryId.Parse(bytes),
        [PropertyTags.SenderEntryId.Id] = bytes => EntryId.Parse(bytes),
        [PropertyTags.SentRepresentingEntryId.Id] = bytes => EntryId.Parse(bytes),
        [PropertyTags.ReceivedByEntryId.Id] = bytes => EntryId.Parse(bytes),
        [PropertyTags.ConversationIndex.Id] = bytes => ConversationIndex.Parse(bytes),
        [PropertyTags.ChangeKey.Id] = bytes => Xid.Parse(bytes),
        [PropertyTags.PredecessorChangeList.Id] = bytes => PredecessorChangeList.Parse(bytes),
    };

    /// <summary>Null for a property that isn't known here, or whose bytes are broken.</summary>
    public static string? Find(PropertyValue property)
    {
        if (property.Value is not byte[] { Length: > 0 } bytes) return null;
        var parse = property.Name is { } name ? Named.GetValueOrDefault(name) : Tagged.GetValueOrDefault(property.Tag.Id);
        try
        {
            return parse?.Invoke(bytes).ToString();
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }
}
