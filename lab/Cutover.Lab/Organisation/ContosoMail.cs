using Cutover.Lab.Exchange.Store;

namespace Cutover.Lab.Organisation;

/// <summary>What lies in Contoso's mailboxes.</summary>
/// <param name="Items">Items in all mailboxes that their users see.</param>
/// <param name="CorpusMessages">How many of them came from the corpus.</param>
/// <param name="SkippedFiles">Corpus files that hold no message.</param>
public sealed record FilledStore(int Mailboxes, int Items, int CorpusMessages, IReadOnlyList<string> SkippedFiles);

/// <summary>Fills Contoso's mailboxes, and lets life go on in them.</summary>
public static partial class ContosoMail
{
    private const string FilledMark = "filled";

    /// <summary>
    /// Makes the mailboxes with their folders and items: generated ones, or the corpus' messages with a few generated calendar items, contacts,
    /// tasks and notes. The same options and seed give the same items. A store that was filled before stays as it is.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such corpus folder.</exception>
    /// <exception cref="InvalidDataException">The store holds mailboxes that an earlier run did not finish, or the corpus holds no message.</exception>
    public static FilledStore Fill(ExchangeStore store, ContosoOrganisation organisation, LabOptions options)
    {
        if (!store.IsEmpty) return Filled(store, organisation);
        var corpus = options.CorpusDirectory is { } directory ? MailCorpus.Open(directory) : null;
        using var bulk = store.BeginBulk();
        var mailboxes = organisation.Mailboxes
            .Select((recipient, number) => new MailboxFill(store, organisation, recipient, new Random(options.Seed * 7919 + number)))
            .ToList();
        var corpusMessages = corpus is null ? 0 : Spread(corpus, mailboxes, options.Seed);
        if (corpus is null) Generate(mailboxes, options.ItemsPerMailbox);
        else foreach (var mailbox in mailboxes) mailbox.FillPersonalFolders();
        for (var number = 0; number < mailboxes.Count; number++) mailboxes[number].FillSettings(number);
        new StoreMarks(store, organisation).Add(FilledMark, $"{corpusMessages}");
        return new FilledStore(mailboxes.Count, mailboxes.Sum(mailbox => mailbox.Items), corpusMessages, corpus?.Skipped ?? []);
    }

    // The room and the administrator have little; the others share what is left, so that the average holds.
    private static void Generate(List<MailboxFill> mailboxes, int itemsPerMailbox)
    {
        var quiet = mailboxes.Where(mailbox => mailbox.IsQuiet).ToList();
        var busy = mailboxes.Except(quiet).ToList();
        var little = itemsPerMailbox / 4;
        var left = itemsPerMailbox * mailboxes.Count - little * quiet.Count;
        foreach (var mailbox in quiet) mailbox.Fill(little);
        for (var i = 0; i < busy.Count; i++) busy[i].Fill(left / busy.Count + (i < left % busy.Count ? 1 : 0));
    }

    private static int Spread(MailCorpus corpus, List<MailboxFill> mailboxes, int seed)
    {
        var random = new Random(seed);
        var count = 0;
        foreach (var message in corpus.Messages())
        {
            mailboxes[count++ % mailboxes.Count].Save(message, random);
        }
        return count > 0 ? count
            : throw new InvalidDataException($"No file of the corpus folder {corpus.Directory} holds a message; give a folder that holds .eml files.");
    }

    private static FilledStore Filled(ExchangeStore store, ContosoOrganisation organisation)
    {
        if (new StoreMarks(store, organisation).Find(FilledMark) is null)
            throw new InvalidDataException("The lab's store was filled by half, or for another Contoso. Remove the lab's folder and start again.");
        var items = store.Mailboxes.Sum(mailbox => mailbox.VisibleFolders.Sum(folder => folder.ItemCount));
        return new FilledStore(store.Mailboxes.Count, items, 0, []);
    }
}
