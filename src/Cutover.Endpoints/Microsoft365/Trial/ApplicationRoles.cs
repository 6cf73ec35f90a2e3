using System.Buffers.Text;
using System.Text.Json;
using Cutover.Core.Faults;

namespace Cutover.Endpoints.Microsoft365.Trial;

/// <summary>The application permissions that a cutover needs, and those that a token carries.</summary>
internal static class ApplicationRoles
{
    private static readonly (string Role, string Feature)[] Graph =
    [
        ("Organization.Read.All", "read the tenant and its licences"),
        ("Domain.ReadWrite.All", "prove the domain"),
        ("User.ReadWrite.All", "make accounts"),
        ("LicenseAssignment.ReadWrite.All", "assign licences"),
        ("MailboxFolder.ReadWrite.All", "make folders"),
        ("MailboxItem.ImportExport.All", "copy items and read them back"),
        ("MailboxItem.ReadWrite.All", "find and delete items"),
        ("MailboxSettings.Read", "find mailboxes, read their rules"),
        ("MailboxSettings.ReadWrite", "carry rules and automatic replies"),
        ("Mail.ReadWrite", "carry the read state and write what import refuses"),
        ("Mail.Send", "send messages to users"),
    ];

    /// <summary>Says which permissions are there.</summary>
    /// <exception cref="MigrationFault">Some are missing; the message names them and what needs them.</exception>
    public static string RequireForGraph(string token)
    {
        var given = Read(token);
        var missing = Graph.Where(needed => !given.Contains(needed.Role)).Select(needed => $"{needed.Role} (to {needed.Feature})").ToList();
        return missing.Count == 0 ? $"the token carries all {Graph.Length} permissions" : throw Missing(missing, "Microsoft Graph");
    }

    /// <inheritdoc cref="RequireForGraph"/>
    public static string RequireForExchangeOnline(string token) => Read(token).Contains("Exchange.ManageAsApp")
        ? "the token carries Exchange.ManageAsApp"
        : throw Missing(["Exchange.ManageAsApp"], "Office 365 Exchange Online");

    private static MigrationFault Missing(IEnumerable<string> roles, string api) => new(
        FaultScope.Operator, $"The application lacks permissions of {api}: {string.Join(", ", roles)}.",
        "Add them as application permissions in the app registration, API permissions, and grant admin consent; a new token can take an hour to show them.");

    private static HashSet<string> Read(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
            return claims.RootElement.TryGetProperty("roles", out var roles) ? [.. roles.EnumerateArray().Select(role => role.GetString()!)] : [];
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or IndexOutOfRangeException or InvalidOperationException)
        {
            // The exception is not passed on: it may quote the token.
            throw new MigrationFault(FaultScope.Operator, "The token can't be read, so the permissions in it are not known.", "See whether the calls below work.");
        }
    }
}
