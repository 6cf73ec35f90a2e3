using Cutover.Core.Recipients;

namespace Cutover.Lab.Organisation;

/// <summary>The people and things of Contoso, and who may sign in.</summary>
/// <param name="Domain">contoso.com</param>
/// <param name="Recipients">What the address book holds, hidden recipients too.</param>
/// <param name="Administrator">The migration administrator: has FullAccess on every mailbox and a mailbox of its own.</param>
public sealed record ContosoOrganisation(string Domain, IReadOnlyList<Recipient> Recipients, LabAccount Administrator)
{
    public IEnumerable<Recipient> Mailboxes => Recipients.Where(recipient => recipient.HasMailbox);
}

/// <summary>A sign-in account of the on-premises domain. <c>CONTOSO\name</c> and the e-mail address both name it.</summary>
public sealed record LabAccount(string UserName, string EmailAddress, string Password, string LegacyExchangeDN, bool HasFullAccessToAll);
