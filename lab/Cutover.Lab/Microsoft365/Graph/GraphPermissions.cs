namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>One operation of Graph: method, path below /v1.0, and the application permissions of which any one suffices.</summary>
/// <param name="IsMailbox">It is refused with ErrorAccessDenied rather than Authorization_RequestDenied.</param>
/// <param name="IsPublished">False where Microsoft's permissions file has no entry; the roles then are those of its nearest
/// relative.</param>
public sealed record GraphOperation(string Method, string Path, IReadOnlyList<string> Roles, bool IsMailbox = false,
    bool IsPublished = true);

/// <summary>
/// What Graph demands for each operation, as Microsoft publishes it (microsoft-graph-devx-content, permissions.json, August 2026).
/// Permissions of devices and agents, which also open some directory paths, are left out.
/// </summary>
public static class GraphPermissions
{
    private static readonly string[] FolderRead = ["MailboxFolder.Read.All", "MailboxFolder.ReadWrite.All"];
    private static readonly string[] FolderWrite = ["MailboxFolder.ReadWrite.All"];
    private static readonly string[] ItemRead = ["MailboxItem.Read.All", "MailboxItem.ReadWrite.All"];
    private static readonly string[] ItemWrite = ["MailboxItem.ReadWrite.All"];
    private static readonly string[] DomainRead = ["Domain.Read.All", "Domain.ReadWrite.All"];
    private static readonly string[] DomainWrite = ["Domain.ReadWrite.All"];
    private static readonly string[] UserManager = ["Directory.ReadWrite.All", "User.ReadWrite.All"];
    private static readonly string[] MailWrite = ["Mail.ReadWrite"];

    private const string Mailbox = "/admin/exchange/mailboxes/{id}";

    /// <summary>What an administrator consents to for a cutover.</summary>
    public static readonly IReadOnlyList<string> ForCutover =
    [
        "Organization.Read.All", "Domain.ReadWrite.All", "User.ReadWrite.All", "LicenseAssignment.ReadWrite.All",
        "MailboxFolder.ReadWrite.All", "MailboxItem.ImportExport.All", "MailboxItem.Read.All", "MailboxItem.ReadWrite.All",
        "MailboxSettings.Read", "MailboxSettings.ReadWrite", "Mail.ReadWrite", "Mail.Send",
    ];

    public static readonly IReadOnlyList<GraphOperation> Operations =
    [
        new("GET", "/organization",
            ["Directory.Read.All", "Directory.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All", "User.Read.All"]),
        new("GET", "/domains", ["Directory.Read.All", .. DomainRead]),
        new("POST", "/domains", DomainWrite),
        new("GET", "/domains/{id}", ["Directory.Read.All", .. DomainRead]),
        new("PATCH", "/domains/{id}", DomainWrite),
        new("DELETE", "/domains/{id}", DomainWrite),
        new("POST", "/domains/{id}/verify", DomainWrite),
        new("GET", "/domains/{id}/verificationDnsRecords", DomainRead),
        new("GET", "/domains/{id}/serviceConfigurationRecords", DomainRead),
        new("GET", "/domains/{id}/domainNameReferences", DomainRead),
        new("GET", "/users",
            ["Directory.Read.All", "Directory.ReadWrite.All", "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All",
                "User.ReadWrite.CrossCloud"]),
        new("POST", "/users", ["Directory.ReadWrite.All", "User.ReadWrite.All"]),
        new("GET", "/users/{id}",
            ["Directory.Read.All", "Directory.ReadWrite.All", "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All",
                "User.ReadWrite.CrossCloud"]),
        new("PATCH", "/users/{id}",
        [
            "Directory.ReadWrite.All", "User-Mail.ReadWrite.All", "User-PasswordProfile.ReadWrite.All", "User-Phone.ReadWrite.All",
            "User.EnableDisableAccount.All", "User.ManageIdentities.All", "User.ReadWrite.All", "User.ReadWrite.CrossCloud",
        ]),
        new("DELETE", "/users/{id}", ["User.DeleteRestore.All", "User.ReadWrite.All", "User.ReadWrite.CrossCloud"]),
        new("GET", "/users/{id}/manager", ["Directory.Read.All", "Directory.ReadWrite.All", "User.Read.All", "User.ReadWrite.All"]),
        new("PUT", "/users/{id}/manager/$ref", UserManager),
        new("DELETE", "/users/{id}/manager/$ref", UserManager),
        new("POST", "/users/{id}/assignLicense", ["Directory.ReadWrite.All", "LicenseAssignment.ReadWrite.All", "User.ReadWrite.All"]),
        new("GET", "/subscribedSkus",
            ["Directory.Read.All", "Directory.ReadWrite.All", "LicenseAssignment.Read.All", "Organization.Read.All",
                "Organization.ReadWrite.All"]),
        new("GET", "/users/{id}/settings/exchange",
            ["MailboxSettings.Read", "MailboxSettings.ReadWrite", "User.Read.All", "User.ReadWrite.All"], IsMailbox: true,
            IsPublished: false),
        new("GET", "/users/{id}/mailboxSettings", ["MailboxSettings.Read", "MailboxSettings.ReadWrite"], IsMailbox: true),
        new("PATCH", "/users/{id}/mailboxSettings", ["MailboxSettings.ReadWrite"], IsMailbox: true),
        new("GET", "/users/{id}/mailFolders/inbox/messageRules", ["MailboxSettings.Read"], IsMailbox: true),
        new("POST", "/users/{id}/mailFolders/inbox/messageRules", ["MailboxSettings.ReadWrite"], IsMailbox: true),
        new("PATCH", "/users/{id}/mailFolders/inbox/messageRules/{id}", ["MailboxSettings.ReadWrite"], IsMailbox: true),
        new("GET", "/users/{id}/outlook/masterCategories", ["MailboxSettings.Read"], IsMailbox: true),
        new("POST", "/users/{id}/outlook/masterCategories", ["MailboxSettings.ReadWrite"], IsMailbox: true),
        new("PATCH", "/users/{id}/outlook/masterCategories/{id}", ["MailboxSettings.ReadWrite"], IsMailbox: true),
        new("POST", "/users/{id}/sendMail", ["Mail.Send"], IsMailbox: true),
        new("POST", "/users/{id}/mailFolders/{id}/messages", MailWrite, IsMailbox: true),
        new("PATCH", "/users/{id}/messages/{id}", MailWrite, IsMailbox: true),
        new("POST", "/users/{id}/messages/{id}/attachments", MailWrite, IsMailbox: true),
        new("POST", "/users/{id}/messages/{id}/attachments/createUploadSession", ["Calendars.ReadWrite", .. MailWrite], IsMailbox: true),
        new("DELETE", "/users/{id}/messages/{id}", MailWrite, IsMailbox: true),
        new("POST", "/users/{id}/messages/{id}/move", MailWrite, IsMailbox: true),
        new("POST", "/users/{id}/mailFolders/{id}/move", MailWrite, IsMailbox: true),
        new("POST", Mailbox + "/createImportSession", ["MailboxItem.ImportExport.All"], IsMailbox: true),
        new("POST", Mailbox + "/exportItems", ["MailboxItem.Export.All", "MailboxItem.ImportExport.All"], IsMailbox: true),
        new("GET", Mailbox + "/folders", FolderRead, IsMailbox: true),
        new("POST", Mailbox + "/folders", FolderWrite, IsMailbox: true),
        new("GET", Mailbox + "/folders/delta", FolderRead, IsMailbox: true, IsPublished: false),
        new("GET", Mailbox + "/folders/{id}", FolderRead, IsMailbox: true),
        new("PATCH", Mailbox + "/folders/{id}", FolderWrite, IsMailbox: true),
        new("DELETE", Mailbox + "/folders/{id}", FolderWrite, IsMailbox: true),
        new("GET", Mailbox + "/folders/{id}/childFolders", FolderRead, IsMailbox: true, IsPublished: false),
        new("POST", Mailbox + "/folders/{id}/childFolders", FolderWrite, IsMailbox: true, IsPublished: false),
        new("GET", Mailbox + "/folders/{id}/childFolders/delta", FolderRead, IsMailbox: true, IsPublished: false),
        new("GET", Mailbox + "/folders/{id}/items", ItemRead, IsMailbox: true),
        new("GET", Mailbox + "/folders/{id}/items/delta", ItemRead, IsMailbox: true, IsPublished: false),
        new("GET", Mailbox + "/folders/{id}/items/{id}", ItemRead, IsMailbox: true),
        new("DELETE", Mailbox + "/folders/{id}/items/{id}", ItemWrite, IsMailbox: true),
    ];
}
