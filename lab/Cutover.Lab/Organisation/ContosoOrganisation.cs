using Cutover.Core.Recipients;

namespace Cutover.Lab.Organisation;

/// <summary>The people and things of Contoso, and who may sign in.</summary>
/// <param name="Domain">contoso.com</param>
/// <param name="Recipients">What the address book holds, hidden recipients too.</param>
/// <param name="Administrator">The migration administrator: has FullAccess on every mailbox and a mailbox of its own.</param>
public sealed record ContosoOrganisation(string Domain, IReadOnlyList<Recipient> Recipients, LabAccount Administrator)
{
    /// <summary>Everybody who may sign in, the administrator first. Shared and room mailboxes have no account that is enabled.</summary>
    public IReadOnlyList<LabAccount> Accounts { get; init; } = [Administrator];

    public DirectoryDetails Directory { get; init; } = new();

    public IEnumerable<Recipient> Mailboxes => Recipients.Where(recipient => recipient.HasMailbox);

    /// <summary>The language of a mailbox's default folders: nl-NL in the Netherlands and Belgium, else en-US.</summary>
    public static string LanguageOf(Recipient recipient) => recipient.Details.Country is "Netherlands" or "Belgium" ? "nl-NL" : "en-US";
}

/// <summary>A sign-in account of the on-premises domain. <c>CONTOSO\name</c> and the e-mail address both name it.</summary>
public sealed record LabAccount(string UserName, string EmailAddress, string Password, string LegacyExchangeDN, bool HasFullAccessToAll);
