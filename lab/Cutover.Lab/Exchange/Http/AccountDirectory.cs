using System.Text;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Http;
using Cutover.Mapi.Ntlm;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cutover.Lab.Exchange.Http;

/// <summary>Who signs in, by Basic, NTLM or Negotiate. As in IIS, the last two sign a whole connection in.</summary>
internal sealed class AccountDirectory(ExchangeServerOptions options)
{
    /// <summary>A body of more is not read to its end for the sake of an answer.</summary>
    private const long LongestBodyPassedOver = 64 * 1024;

    private static readonly object AccountKey = new();
    private static readonly object ServerKey = new();

    private readonly LabAccount[] accounts = [options.Organisation.Administrator, .. options.Accounts];
    private readonly ChannelBinding binding = ChannelBinding.Of(options.CertificateChain.Server);

    private string NetBiosDomain => options.Organisation.Domain.Split('.')[0].ToUpperInvariant();

    /// <summary>The account of a request; without one the request is answered with 401.</summary>
    public LabAccount? SignIn(HttpContext context)
    {
        // Asked twice about a request, the second time is not another leg.
        if (context.Items.TryGetValue(AccountKey, out var known)) return (LabAccount?)known;
        var account = Judge(context);
        context.Items[AccountKey] = account;
        return account;
    }

    /// <summary>A sign-in at the RPC level, which has no TLS channel of its own to be bound to.</summary>
    public ISecurityServer BeginAtRpcLevel(bool isSpnego) => Begin(isSpnego, null);

    public LabAccount? Find(NtlmIdentity identity) => Find(NameOf(identity.Domain, identity.UserName));

    private LabAccount? Judge(HttpContext context)
    {
        var parts = context.Request.Headers.Authorization.ToString().Split(' ', 2, StringSplitOptions.TrimEntries);
        if (parts.Length < 2) return OfConnection(context) is { } account ? account : Refuse(context);
        if (!Enum.TryParse<HttpAuthenticationScheme>(parts[0], ignoreCase: true, out var scheme) || !options.Authentication.Contains(scheme)) return Refuse(context);
        var token = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], token, out var length)) return Refuse(context);
        return scheme == HttpAuthenticationScheme.Basic
            ? FindByBasic(Encoding.UTF8.GetString(token, 0, length)) ?? RefusePassword(context)
            : TakeLeg(context, scheme, token.AsMemory(0, length));
    }

    private LabAccount? FindByBasic(string nameAndPassword) =>
        nameAndPassword.Split(':', 2) is [var name, var password] && Find(name) is { } account && account.Password == password ? account : null;

    private LabAccount? RefusePassword(HttpContext context)
    {
        options.OnRefusal?.Invoke(new MapiProtocolException("A wrong name or a wrong password came by Basic"));
        return Refuse(context);
    }

    /// <summary>One leg of NTLM or Negotiate: a challenge, or the account.</summary>
    private LabAccount? TakeLeg(HttpContext context, HttpAuthenticationScheme scheme, ReadOnlyMemory<byte> token)
    {
        var connection = ItemsOfConnection(context);
        try
        {
            if (!IsFirst(token.Span) && connection.TryGetValue(ServerKey, out var begun) && begun is ISecurityServer server)
            {
                connection.Remove(ServerKey);
                return Accept(context, scheme, server.Accept(token)) ?? Refuse(context);
            }

            var fresh = Begin(scheme == HttpAuthenticationScheme.Negotiate, binding);
            Challenge(context, scheme, fresh.Challenge(token));
            connection[ServerKey] = fresh;
            return null;
        }
        catch (MapiProtocolException e)
        {
            options.OnRefusal?.Invoke(e);
            return Refuse(context);
        }
    }

    private LabAccount? Accept(HttpContext context, HttpAuthenticationScheme scheme, SecurityServerAnswer answer)
    {
        if (Find(answer.Identity) is not { } account) return null;
        if (answer.Token is { } last) context.Response.Headers.WWWAuthenticate = $"{scheme} {Convert.ToBase64String(last)}";
        ItemsOfConnection(context)[AccountKey] = account;
        return account;
    }

    private static void Challenge(HttpContext context, HttpAuthenticationScheme scheme, byte[] token)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"{scheme.WireName} {Convert.ToBase64String(token)}";
    }

    private LabAccount? Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = options.Authentication
            .Select(scheme => scheme == HttpAuthenticationScheme.Basic ? $"Basic realm=\"{options.ProxyHost}\"" : scheme.WireName).ToArray();
        if (context.Request.ContentLength > LongestBodyPassedOver) context.Response.Headers.Connection = "close";
        return null;
    }

    private ISecurityServer Begin(bool isSpnego, ChannelBinding? channel)
    {
        var ntlm = new NtlmServer(new NtlmServerOptions(
            NetBiosDomain, options.Organisation.Domain, "EX01", (domain, user) => Find(NameOf(domain, user))?.Password, channel,
            channel is not null && options.RequiresChannelBinding)
        { Clock = options.Clock });
        return isSpnego ? new SpnegoServer(ntlm) : ntlm;
    }

    private static bool IsFirst(ReadOnlySpan<byte> token) => token is [0x60, ..] || (token.StartsWith("NTLMSSP\0"u8) && token.Length > 8 && token[8] == 1);

    private static IDictionary<object, object?> ItemsOfConnection(HttpContext context) =>
        context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;

    private static LabAccount? OfConnection(HttpContext context) =>
        ItemsOfConnection(context).TryGetValue(AccountKey, out var account) ? (LabAccount?)account : null;

    private static string NameOf(string domain, string userName) => domain.Length == 0 ? userName : $@"{domain}\{userName}";

    private LabAccount? Find(string name) => Array.Find(accounts, account => Names(account).Contains(name, StringComparer.OrdinalIgnoreCase));

    private string[] Names(LabAccount account)
    {
        var domain = options.Organisation.Domain;
        return [account.UserName, account.EmailAddress, $@"{NetBiosDomain}\{account.UserName}", $@"{domain}\{account.UserName}"];
    }
}
