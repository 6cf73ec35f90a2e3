using System.Text;
using Cutover.Lab.Organisation;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.Http;

/// <summary>Who signs in with Basic authentication.</summary>
internal sealed class AccountDirectory(ExchangeServerOptions options)
{
    private const string Scheme = "Basic ";
    private readonly LabAccount[] accounts = [options.Organisation.Administrator, .. options.Accounts];

    /// <summary>The account of a request; without one the request is answered with 401.</summary>
    public LabAccount? SignIn(HttpContext context)
    {
        var account = Find(context.Request.Headers.Authorization.ToString());
        if (account is not null) return account;

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{options.ProxyHost}\"";
        // What follows on an IN channel is of no interest any more.
        context.Response.Headers.Connection = "close";
        return null;
    }

    private LabAccount? Find(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Scheme.Length..], bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var name, var password]
            ? Array.Find(accounts, account => Names(account).Contains(name, StringComparer.OrdinalIgnoreCase) && account.Password == password)
            : null;
    }

    private string[] Names(LabAccount account)
    {
        var domain = options.Organisation.Domain;
        return [account.UserName, account.EmailAddress, $@"{domain.Split('.')[0]}\{account.UserName}", $@"{domain}\{account.UserName}"];
    }
}
