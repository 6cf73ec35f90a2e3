using Cutover.Mapi.Messages;

namespace Cutover.Cli.Output;

/// <summary>How an item is written down.</summary>
internal enum ItemFormat
{
    /// <summary>Every property, recipient and attachment.</summary>
    Json,

    /// <summary>MIME, as any mail program opens it.</summary>
    Eml,
}

/// <summary>One item in a file or on standard output.</summary>
internal static class ItemFile
{
    /// <param name="addresses">Finds the SMTP addresses of people whom the item names by legacyExchangeDN.</param>
    public static Task WriteAsync(MapiMessage message, ItemFormat format, IAddressResolver addresses, Stream output, CancellationToken ct) =>
        format == ItemFormat.Eml ? MapiToMime.WriteAsync(message, output, addresses, ct) : ItemJson.WriteAsync(message, output, ct);

    public static string Extension(ItemFormat format) => format == ItemFormat.Eml ? ".eml" : ".json";
}
