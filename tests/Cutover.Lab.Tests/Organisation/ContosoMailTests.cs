using System.Globalization;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Lab.Tests.Http;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Tests.Organisation;

public sealed class ContosoMailTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LabOptions options;
    private readonly ContosoOrganisation contoso;
    private ExchangeStore store;

    public ContosoMailTests()
    {
        options = new LabOptions { WorkDirectory = directory.Path, Mailboxes = 6, ItemsPerMailbox = 60 };
        contoso = ContosoGenerator.Create(options);
        store = Open("store.db");
    }

    public void Dispose()
    {
        store.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void The_mailboxes_hold_as_many_items_as_asked_for_on_average()
    {
        var filled = ContosoMail.Fill(store, contoso, options);
        Assert.Equal(6, filled.Mailboxes);
        Assert.Equal(6 * 60, filled.Items);
        Assert.Equal(6 * 60, store.Mailboxes.Sum(mailbox => mailbox.VisibleFolders.Sum(folder => folder.ItemCount)));
    }

    [Fact]
    public void The_same_seed_makes_the_same_items()
    {
        ContosoMail.Fill(store, contoso, options);
        using var other = Open("other.db");
        ContosoMail.Fill(other, ContosoGenerator.Create(options), options);
        Assert.Equal(Describe(store), Describe(other));
    }

    [Fact]
    public void A_filled_store_stays_as_it_is()
    {
        var first = ContosoMail.Fill(store, contoso, options);
        Reopen();
        Assert.Equal(first.Items, ContosoMail.Fill(store, contoso, options).Items);
    }

    [Fact]
    public void A_store_that_was_filled_by_half_is_refused()
    {
        store.CreateMailbox(contoso.Administrator.LegacyExchangeDN, "Migration Administrator", "en-US");
        Assert.Throws<InvalidDataException>(() => ContosoMail.Fill(store, contoso, options));
    }

    [Fact]
    public void Items_of_every_kind_lie_where_they_belong()
    {
        ContosoMail.Fill(store, contoso, options);
        var mailbox = store.Mailboxes[0];
        Assert.All(Messages(mailbox, FolderRole.Calendar).Where(message => !message.IsAssociated), message => Assert.Equal("IPM.Appointment", message.ItemClass));
        Assert.All(Messages(mailbox, FolderRole.Contacts), message => Assert.Equal("IPM.Contact", message.ItemClass));
        Assert.NotEmpty(Messages(mailbox, FolderRole.Tasks));
        Assert.NotEmpty(Messages(mailbox, FolderRole.Notes));
        Assert.NotEmpty(Messages(mailbox, FolderRole.Drafts));
        Assert.NotEmpty(Messages(mailbox, FolderRole.SentItems));
        var names = mailbox.Folders.Select(folder => folder.Name).ToList();
        Assert.Contains("Facturen / Invoices", names);
        Assert.Contains("🚀 Lanceringen", names);
        Assert.Contains("Postvak IN", names);
    }

    [Fact]
    public void A_series_carries_its_pattern_and_its_exception()
    {
        ContosoMail.Fill(store, contoso, options);
        var series = store.Mailboxes.SelectMany(mailbox => Messages(mailbox, FolderRole.Calendar).Select(message => mailbox.ReadMessage(message.Id)))
            .First(message => Equals(message.Properties[PropertyNames.Recurring], true));
        var exception = Assert.Single(series.Attachments);
        Assert.Equal(2, exception.Properties[PropertyTags.AttachmentFlags]);
        Assert.NotNull(exception.EmbeddedMessage!.Properties[PropertyNames.ExceptionReplaceTime]);
        Assert.Equal(0x3004, BitConverter.ToUInt16((byte[])series.Properties[PropertyNames.AppointmentRecur]!));
        Assert.NotNull(series.Properties[PropertyNames.AppointmentTimeZoneDefinitionRecur]);
    }

    [Fact]
    public void Generated_mail_is_as_mixed_as_real_mail()
    {
        ContosoMail.Fill(store, contoso, options);
        var messages = store.Mailboxes.SelectMany(AllMessages).ToList();
        Assert.Contains(messages, message => message.Properties[PropertyTags.Html] is not null);
        Assert.Contains(messages, message => message.Properties[PropertyTags.Body] is not null);
        Assert.Contains(messages, message => message.Attachments.Any(attachment => attachment.EmbeddedMessage is not null));
        Assert.Contains(messages, message => message.Properties.GetString(PropertyTags.SenderAddressType) == "EX");
        Assert.Contains(messages, message => message.Properties.GetString(PropertyTags.SenderAddressType) == "SMTP");
        Assert.Contains(messages, message => message.Properties[PropertyNames.Keywords] is string[]);
        Assert.Contains(messages, message => message.Properties.GetInteger(PropertyTags.FlagStatus) == 2);
        Assert.Contains(messages, message => message.Properties.GetInteger(PropertyTags.Importance) == 2);
    }

    [Fact]
    public void A_corpus_is_spread_over_mailboxes_and_folders_and_its_junk_is_named()
    {
        var corpus = Directory.CreateDirectory(Path.Combine(directory.Path, "corpus"));
        for (var i = 0; i < 60; i++)
            File.WriteAllText(Path.Combine(corpus.FullName, string.Create(CultureInfo.InvariantCulture, $"{i:D2}.eml")), $"From: a@contoso.com\r\nSubject: S{i}\r\n\r\nBody {i}");
        File.WriteAllText(Path.Combine(corpus.FullName, "two.mbox"), "From a\r\nSubject: M1\r\n\r\n1\r\n\r\nFrom b\r\nSubject: M2\r\n\r\n2\r\n");
        File.WriteAllBytes(Path.Combine(corpus.FullName, "junk.msg"), [0xD0, 0xCF, 0x11, 0xE0, 0, 0, 1]);
        var filled = ContosoMail.Fill(store, contoso, options with { CorpusDirectory = corpus.FullName });
        Assert.Equal(62, filled.CorpusMessages);
        Assert.Equal(["junk.msg"], filled.SkippedFiles.Select(Path.GetFileName));
        Assert.All(store.Mailboxes, mailbox => Assert.InRange(AllMessages(mailbox).Count(message => message.Properties.GetString(PropertyTags.MessageClass) == "IPM.Note"), 10, 11));
        Assert.True(store.Mailboxes.SelectMany(mailbox => mailbox.Folders.Where(folder => folder.ItemCount > 0)).Count() > 30);
    }

    [Fact]
    public void An_unknown_corpus_folder_leaves_nothing_behind()
    {
        var e = Assert.Throws<DirectoryNotFoundException>(() => ContosoMail.Fill(store, contoso, options with { CorpusDirectory = "/no/such/folder" }));
        Assert.Contains("/no/such/folder", e.Message, StringComparison.Ordinal);
        Assert.True(store.IsEmpty);
    }

    [Fact]
    public void What_happens_meanwhile_happens_once()
    {
        ContosoMail.Fill(store, contoso, options);
        var first = ContosoMail.DeliverMeanwhile(store, contoso, seed: 5);
        var after = Describe(store);
        Reopen();
        Assert.Equal(first, ContosoMail.DeliverMeanwhile(store, contoso, seed: 5));
        Assert.Equal(after, Describe(store));
        Assert.All([first.Delivered, first.Read, first.Changed, first.Moved, first.Deleted, first.FoldersMade], count => Assert.True(count > 0));
        ContosoMail.DeliverMeanwhile(store, contoso, seed: 6);
        Assert.NotEqual(after, Describe(store));
    }

    [Fact]
    public void Meanwhile_changes_as_many_items_as_it_says()
    {
        ContosoMail.Fill(store, contoso, options);
        var before = store.Mailboxes.Sum(mailbox => mailbox.VisibleFolders.Sum(folder => folder.ItemCount));
        var changes = ContosoMail.DeliverMeanwhile(store, contoso, seed: 5);
        Assert.Equal(before + changes.Delivered - changes.Deleted, store.Mailboxes.Sum(mailbox => mailbox.VisibleFolders.Sum(folder => folder.ItemCount)));
    }

    private ExchangeStore Open(string name) => ExchangeStore.Open(Path.Combine(directory.Path, name));

    private void Reopen()
    {
        store.Dispose();
        store = Open("store.db");
    }

    private static IReadOnlyList<StoredMessage> Messages(MailboxStore mailbox, FolderRole role) => mailbox.Messages(mailbox.FolderOf(role));

    private static IEnumerable<MapiMessage> AllMessages(MailboxStore mailbox) =>
        mailbox.VisibleFolders.SelectMany(folder => mailbox.Messages(folder.Id)).Select(message => mailbox.ReadMessage(message.Id));

    // Everything but the times that the store itself sets on rows and attachments.
    private static List<string> Describe(ExchangeStore store) => [.. store.Mailboxes.SelectMany(mailbox => mailbox.Folders.SelectMany(folder =>
        mailbox.Messages(folder.Id).Select(message => $"{mailbox.DisplayName}/{folder.Name}/{message.Subject}/{message.IsRead}/{message.Size}/{message.Delivered:O}/"
            + Convert.ToHexString((byte[])mailbox.ReadMessage(message.Id).Properties[PropertyTags.SearchKey]!)))).Order(StringComparer.Ordinal)];
}
