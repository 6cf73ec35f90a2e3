using Cutover.Lab;
using Cutover.Server;

namespace Cutover.Cli.Commands;

/// <summary>The settings with which <c>cutover migrate</c> would move the lab's Contoso: the product knows the lab by nothing else.</summary>
internal static class LabSettingsFile
{
    public static CutoverSettings Settings(ContosoLab lab)
    {
        var administrator = lab.Organisation.Administrator;
        var url = lab.Microsoft365Url.ToString().TrimEnd('/');
        return new CutoverSettings
        {
            Domain = lab.Organisation.Domain,
            OrganisationName = "Contoso",
            Source = new SourceSettings(administrator.EmailAddress, administrator.UserName, Secret(lab, "exchange-password", administrator.Password)),
            Target = new TargetSettings(
                lab.Microsoft365.TenantId.ToString(), lab.Microsoft365.ClientId.ToString(), "NL",
                ClientSecret: Secret(lab, "client-secret", lab.Microsoft365.ClientSecret), Authority: url, GraphUrl: url, ExchangeOnlineUrl: url, ImportHost: lab.Microsoft365Url.Host),
            Dns = new DnsSettings("rfc2136", lab.Dns.EndPoint.ToString(), lab.Dns.KeyName, Secret(lab, "tsig-secret", lab.Dns.KeySecret),
                Resolvers: [lab.Dns.EndPoint.ToString()]),
            Mail = new MailSettings($"it@{lab.Organisation.Domain}", "127.0.0.1", lab.Smtp.Port),
            Network = new NetworkSettings([lab.Authority.RootPemFile], [.. lab.Exchange.ConnectTo.Select(rule => rule.ToString())]),
            // Nobody outside holds the lab's old MX in a cache.
            MailRoutingWaitHours = 0,
            PollSeconds = 0.2,
        };
    }

    private static string Secret(ContosoLab lab, string name, string secret)
    {
        var file = Path.Combine(lab.Options.WorkDirectory, name);
        File.WriteAllText(file, secret);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return $"file:{file}";
    }
}
