using Cutover.Core.Recipients;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation.Items;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation;

/// <summary>Makes one mailbox and fills it.</summary>
internal sealed class MailboxFill
{
    private const int LongestThread = 5;
    private const int Years = 3;
    private static readonly DateTime Latest = new(2026, 11, 20, 16, 30, 0, DateTimeKind.Utc);

    private readonly Recipient owner;
    private readonly ContosoOrganisation organisation;
    private readonly MailboxStore mailbox;
    private readonly FolderPlan folders;
    private readonly Random random;
    private readonly MailComposer mail;
    private readonly CalendarComposer calendar;
    private readonly PersonalComposer personal;

    public MailboxFill(ExchangeStore store, ContosoOrganisation organisation, Recipient owner, Random random)
    {
        this.owner = owner;
        this.organisation = organisation;
        this.random = random;
        var language = ContosoOrganisation.LanguageOf(owner);
        mailbox = store.CreateMailbox(owner.LegacyExchangeDN, owner.DisplayName, language);
        folders = FolderPlan.Create(mailbox, isDutch: language == "nl-NL");
        mail = new MailComposer(organisation, owner, random);
        calendar = new CalendarComposer(organisation, owner, random);
        personal = new PersonalComposer(owner, random);
        IsQuiet = owner.Type == RecipientType.RoomMailbox || owner.LegacyExchangeDN == organisation.Administrator.LegacyExchangeDN;
    }

    /// <summary>True for the mailboxes that little mail comes to.</summary>
    public bool IsQuiet { get; }

    public int Items { get; private set; }

    /// <summary>So many items of every kind, in the folders where they belong; a room has meetings only.</summary>
    public void Fill(int items)
    {
        if (owner.Type == RecipientType.RoomMailbox)
        {
            AddAppointments(items);
            return;
        }
        var (appointments, contacts, tasks, notes) = (Share(items, 8), Share(items, 6), Share(items, 2), Share(items, 1));
        AddAppointments(appointments);
        AddPersonal(contacts, tasks, notes);
        AddMail(items - appointments - contacts - tasks - notes);
    }

    /// <summary>What its owner set up in it.</summary>
    public void FillSettings(int number) => new MailboxSettingsFill(organisation, owner, mailbox, folders).Fill(number);

    /// <summary>A few items in the folders that hold no mail.</summary>
    public void FillPersonalFolders()
    {
        AddAppointments(5);
        AddPersonal(contacts: 4, tasks: 2, notes: 1);
    }

    /// <summary>Puts a message from elsewhere into one of the mail folders.</summary>
    public void Save(MapiMessage message, Random choice)
    {
        var delivered = message.Properties[PropertyTags.MessageDeliveryTime] as DateTime? ?? Sometime(choice);
        foreach (var time in new[] { PropertyTags.MessageDeliveryTime, PropertyTags.CreationTime, PropertyTags.LastModificationTime })
            message.Properties.Set(time, delivered);
        if (message.Properties[PropertyTags.SearchKey] is null)
        {
            var searchKey = new byte[16];
            choice.NextBytes(searchKey);
            message.Properties.Set(PropertyTags.SearchKey, searchKey);
        }
        var folder = choice.Next(10) < 8 ? folders.PickReceived(choice) : folders.Mail[choice.Next(folders.Mail.Count)];
        Save(folder, message, isRead: choice.Next(4) > 0);
    }

    private void AddMail(int count)
    {
        var (drafts, deleted) = (Share(count, 2), Share(count, 5));
        for (var i = 0; i < drafts; i++) Save(folders.Drafts, mail.Draft(Latest), isRead: true);
        for (var i = 0; i < deleted; i++) Save(folders.Deleted, mail.Received(mail.NewThread(Latest), mail.Somebody()), isRead: random.Next(3) > 0);
        for (var left = count - drafts - deleted; left > 0;) left -= AddThread(Math.Min(left, random.Next(1, LongestThread + 1)));
    }

    private int AddThread(int messages)
    {
        var thread = mail.NewThread(Latest);
        var other = mail.Somebody();
        var folder = folders.PickReceived(random);
        if (messages == 1 && random.Next(20) == 0) Save(folder, calendar.Request(other, thread.Time), isRead: false);
        else for (var i = 0; i < messages; i++) AddMessage(thread, other, folder, fromOwner: i % 2 == 1);
        return messages;
    }

    private void AddMessage(MailThread thread, MessageAddress other, long folder, bool fromOwner)
    {
        if (fromOwner) Save(folders.Sent, mail.Sent(thread, other), isRead: true);
        else Save(folder, mail.Received(thread, other), isRead: random.Next(5) > 0);
    }

    private void AddAppointments(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var made = Latest.AddMinutes(-random.Next(600_000));
            Save(i % 4 == 3 ? folders.TeamCalendar : folders.Calendar, calendar.Appointment(made), isRead: true);
        }
    }

    private void AddPersonal(int contacts, int tasks, int notes)
    {
        for (var i = 0; i < contacts; i++) Save(i % 3 == 2 ? folders.Suppliers : folders.Contacts, personal.Contact(Sometime(random)), isRead: true);
        for (var i = 0; i < tasks; i++) Save(folders.Tasks, personal.Task(Sometime(random)), isRead: true);
        for (var i = 0; i < notes; i++) Save(folders.Notes, personal.Note(Sometime(random)), isRead: true);
    }

    private void Save(long folder, MapiMessage message, bool isRead)
    {
        mailbox.SaveMessage(folder, message, isRead);
        Items++;
    }

    // At least one, but for mailboxes with next to nothing in them.
    private static int Share(int items, int percent) => items < 20 ? 0 : Math.Max(1, items * percent / 100);

    private static DateTime Sometime(Random random) => Latest.AddMinutes(-random.Next(Years * 365 * 24 * 60));
}
