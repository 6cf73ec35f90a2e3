namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>Reads the extended properties that a request expanded.</summary>
internal static class ExtendedProperties
{
    /// <summary>The value of a property; Graph writes ids in its own normal form (case, zeros), so that case does not matter.</summary>
    public static string? Find(this IReadOnlyList<ExtendedProperty> properties, string id) =>
        properties.FirstOrDefault(property => property.Id.Equals(id, StringComparison.OrdinalIgnoreCase))?.Value;
}
