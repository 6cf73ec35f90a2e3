using System.Collections.Frozen;
using System.Reflection;

namespace Cutover.Mapi.Properties;

/// <summary>The canonical names of properties, for people. Source: [MS-OXPROPS] 2.</summary>
public static class PropertyTagNames
{
    private static readonly FrozenDictionary<ushort, string> ById = Fields<PropertyTag>(typeof(PropertyTags))
        .GroupBy(field => field.Value.Id).ToFrozenDictionary(same => same.Key, same => $"PidTag{same.First().Name}");

    private static readonly FrozenDictionary<PropertyName, string> ByName = Fields<PropertyName>(typeof(PropertyNames))
        .GroupBy(field => field.Value).ToFrozenDictionary(same => same.Key, same => $"{(same.Key.Lid is null ? "PidName" : "PidLid")}{same.First().Name}");

    /// <summary>Such as PidTagSubject or PidLidReminderSet; null for one that is not known by name here.</summary>
    public static string? Find(PropertyValue property) =>
        property.Name is { } name ? ByName.GetValueOrDefault(name) : ById.GetValueOrDefault(property.Tag.Id);

    private static IEnumerable<(string Name, T Value)> Fields<T>(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(T)).Select(field => (field.Name, (T)field.GetValue(null)!));
}
