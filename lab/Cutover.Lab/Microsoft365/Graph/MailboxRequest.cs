using Cutover.Lab.Microsoft365.Mailboxes;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>Finding what a request below a mailbox names.</summary>
internal static class MailboxRequest
{
    public static TenantMailbox Mailbox(this GraphRequest request, Tenant tenant) =>
        tenant.Mailboxes.FindById(request.Routes[0]) ?? throw MailboxSettingsRequests.NotEnabled();

    public static TenantMailbox UserMailbox(this GraphRequest request, Tenant tenant)
    {
        var user = tenant.Directory.FindUser(request.Routes[0])
            ?? throw new GraphException(404, "ErrorInvalidUser", $"The requested user '{request.Routes[0]}' is invalid.");
        return user.ExchangeGuid is { } guid && user.MailboxReady <= tenant.Now
            ? tenant.Mailboxes.Find(guid)!
            : throw MailboxSettingsRequests.NotEnabled();
    }

    /// <summary>The folder of an id or well-known name.</summary>
    /// <exception cref="MailboxException">ErrorItemNotFound or ErrorInvalidIdMalformed.</exception>
    public static TenantFolder Folder(this TenantMailbox mailbox, string id) =>
        mailbox.FindFolder(id) ?? throw (ObjectId.IsWellFormed(id) ? MailboxException.NotFound() : MailboxException.IdMalformed());

    /// <summary>The item of an id, in that folder when one is given.</summary>
    /// <exception cref="MailboxException">ErrorItemNotFound or ErrorInvalidIdMalformed.</exception>
    public static TenantItem Item(this TenantMailbox mailbox, string id, TenantFolder? folder = null)
    {
        if (!ObjectId.IsWellFormed(id)) throw MailboxException.IdMalformed();
        return mailbox.FindItem(id) is { } item && (folder is null || item.Folder == folder.Number)
            ? item
            : throw MailboxException.NotFound();
    }
}
