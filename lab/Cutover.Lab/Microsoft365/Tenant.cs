using Cutover.Lab.Microsoft365.Authentication;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.Mail;
using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365;

/// <summary>Everything that the request handlers of the tenant share.</summary>
internal sealed record Tenant(
    Microsoft365Options Options,
    TenantDatabase Database,
    TenantIdentity Identity,
    TenantDomains Domains,
    TenantDirectory Directory,
    TenantMailboxes Mailboxes,
    TokenIssuer Tokens,
    MailRouter Mail) : IDisposable
{
    public TimeProvider Clock => Options.Clock;

    public DateTimeOffset Now => Options.Clock.GetUtcNow();

    public static Tenant Open(Microsoft365Options options)
    {
        var database = TenantDatabase.Open(options.StateFile);
        var identity = TenantIdentity.Load(database);
        var domains = new TenantDomains(database, options);
        var directory = new TenantDirectory(database, domains, options);
        var mailboxes = new TenantMailboxes(database, directory, identity.TenantId, options.Clock);
        var mail = new MailRouter(database, directory, mailboxes, options);
        return new Tenant(options, database, identity, domains, directory, mailboxes, new TokenIssuer(identity.SigningKey, options.Clock),
            mail);
    }

    public void Dispose() => Database.Dispose();
}
