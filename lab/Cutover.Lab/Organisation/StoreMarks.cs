using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation;

/// <summary>
/// What was done to the store, written in the store itself so that both are there or neither is: name=value lines in a property of the root of the
/// administrator's mailbox.
/// </summary>
internal sealed class StoreMarks
{
    private static readonly PropertyTag Marks = new(0x6FF0001F);
    private readonly MailboxStore mailbox;
    private readonly long root;

    /// <exception cref="ArgumentException">The store has no mailbox of the administrator.</exception>
    public StoreMarks(ExchangeStore store, ContosoOrganisation organisation)
    {
        mailbox = store.FindMailbox(organisation.Administrator.LegacyExchangeDN)
            ?? throw new ArgumentException("The store has no mailbox of the migration administrator.", nameof(store));
        root = mailbox.FolderOf(SpecialFolder.MailboxRoot);
    }

    /// <summary>The value of a mark; null when it isn't there.</summary>
    public string? Find(string name) =>
        Lines().Select(line => line.Split('=', 2)).Where(pair => pair[0] == name).Select(pair => pair[1]).FirstOrDefault();

    public void Add(string name, string value) => mailbox.SetFolderProperty(root, Marks, string.Join('\n', Lines().Append($"{name}={value}")));

    private string[] Lines() => (mailbox.FolderPropertiesOf(root)[Marks] as string)?.Split('\n') ?? [];
}
