using System.Globalization;
using Cutover.Mapi.Emsmdb;

namespace Cutover.Mapi.MapiHttp;

/// <summary>X-ClientApplication and X-ServerApplication: a product, a slash, and its version. Source: [MS-OXCMAPIHTTP] 2.2.3.3.6, 2.2.3.3.7.</summary>
public static class VersionHeader
{
    /// <summary>Outlook/15.00.4551.1000.</summary>
    public static string OfClient(MapiVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"Outlook/{version.Major:00}.{version.Minor:00}.{version.Build:0000}.{version.Revision:0000}");

    /// <summary>Exchange/15.01.2507.006.</summary>
    public static string OfServer(MapiVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"Exchange/{version.Major:00}.{version.Minor:00}.{version.Build:0000}.{version.Revision:000}");

    /// <summary>The version in such a header; all zeros when it holds none.</summary>
    public static MapiVersion Parse(string? header)
    {
        var words = (header ?? "")[((header ?? "").IndexOf('/') + 1)..].Split('.');
        var numbers = words.Select(word => ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ushort?)null).ToList();
        return numbers is [{ } major, { } minor, { } build, { } revision] ? new MapiVersion(major, minor, build, revision) : default;
    }
}
