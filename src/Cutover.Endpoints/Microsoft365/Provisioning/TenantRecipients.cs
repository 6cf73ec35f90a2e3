using System.Text.Json.Nodes;
using Cutover.Endpoints.Microsoft365.ExchangeOnline;
using Cutover.Endpoints.Microsoft365.Graph;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>Everyone in the tenant, read at once: users (Graph) by sign-in name and address, recipients (Exchange Online) by address and alias.</summary>
internal sealed class TenantRecipients
{
    private const string Smtp = "smtp:";

    private readonly Dictionary<string, GraphUser> users = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ExchangeObject> byAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ExchangeObject> byAlias = new(StringComparer.OrdinalIgnoreCase);

    private TenantRecipients()
    {
    }

    public static async Task<TenantRecipients> ReadAsync(GraphClient graph, ExchangeOnlineClient exchange, CancellationToken ct)
    {
        var all = new TenantRecipients();
        await foreach (var user in graph.ListAsync($"users?{UserAccounts.Fields}&$top=999", GraphJson.Default.GraphPageGraphUser, ct))
            all.Add(user);
        // Without ResultSize the list stops at 1,000 and says nothing.
        foreach (var recipient in await exchange.InvokeAsync("Get-Recipient", new JsonObject { ["ResultSize"] = "Unlimited" }, ct))
            all.Add(recipient);
        return all;
    }

    public GraphUser? FindUser(string signInNameOrAddress) => users.GetValueOrDefault(signInNameOrAddress);

    public ExchangeObject? FindByAddress(string smtpAddress) => byAddress.GetValueOrDefault(smtpAddress);

    public ExchangeObject? FindByAlias(string alias) => byAlias.GetValueOrDefault(alias);

    private void Add(GraphUser user)
    {
        foreach (var name in (user.ProxyAddresses ?? []).Where(IsSmtp).Select(address => address[Smtp.Length..]).Append(user.Mail).OfType<string>())
            users.TryAdd(name, user);
        // A sign-in name belongs to its user, whoever has it as an address.
        if (user.UserPrincipalName is { } principalName) users[principalName] = user;
    }

    private void Add(ExchangeObject recipient)
    {
        foreach (var address in recipient.Texts("EmailAddresses").Where(IsSmtp)) byAddress.TryAdd(address[Smtp.Length..], recipient);
        if (recipient.Text("ExternalEmailAddress") is { } external && IsSmtp(external)) byAddress.TryAdd(external[Smtp.Length..], recipient);
        if (recipient.Text("Alias") is { } alias) byAlias.TryAdd(alias, recipient);
    }

    private static bool IsSmtp(string address) => address.StartsWith(Smtp, StringComparison.OrdinalIgnoreCase);
}
