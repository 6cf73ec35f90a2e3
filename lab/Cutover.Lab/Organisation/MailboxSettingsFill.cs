using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Mailboxes;
using Cutover.Core.Recipients;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Organisation;

/// <summary>What people set up in their mailboxes beside mail: permissions, rules, delegates, an automatic reply; and what they deleted.</summary>
internal sealed class MailboxSettingsFill(ContosoOrganisation organisation, Recipient owner, MailboxStore mailbox, FolderPlan folders)
{
    private const int RuleEnabled = 1;
    private const int Dutch = 0x0413;
    private const MemberRights Reviewer = MemberRights.ReadAny | MemberRights.FolderVisible;
    private const MemberRights Editor = Reviewer | MemberRights.Create | MemberRights.EditOwned | MemberRights.DeleteOwned | MemberRights.EditAny
        | MemberRights.DeleteAny;

    /// <summary>The same organisation gives the same settings.</summary>
    /// <param name="number">The mailbox's place in the organisation: every third person is away.</param>
    public void Fill(int number)
    {
        if (owner.Type != RecipientType.UserMailbox) return;
        ShareFolders();
        AddRule();
        AddDelegates();
        AddReplies(isOn: number % 3 == 0);
        AddDeleted();
        AddView();
        AddRegion();
    }

    /// <summary>Language, working hours and categories, as Outlook keeps them. Source: [MS-OXOCFG] 2.2.5.2.</summary>
    private void AddRegion()
    {
        mailbox.EditStoreProperties(properties => properties.Set(PropertyTags.LocaleId, Dutch));
        AddRoamingXml("IPM.Configuration.WorkHours", """
            <?xml version="1.0"?>
            <Root xmlns="WorkingHours.xsd"><WorkHoursVersion1><TimeZone><Bias>-60</Bias>
            <Standard><Bias>0</Bias><ChangeDate><Time>03:00:00</Time><Date>0000/10/05</Date><DayOfWeek>0</DayOfWeek></ChangeDate></Standard>
            <DaylightSavings><Bias>-60</Bias><ChangeDate><Time>02:00:00</Time><Date>0000/03/05</Date><DayOfWeek>0</DayOfWeek></ChangeDate></DaylightSavings>
            <Name>W. Europe Standard Time</Name></TimeZone><TimeSlot><Start>08:30:00</Start><End>17:00:00</End></TimeSlot>
            <WorkDays>Monday Tuesday Wednesday Thursday</WorkDays></WorkHoursVersion1></Root>
            """);
        AddRoamingXml("IPM.Configuration.CategoryList", $$"""
            <?xml version="1.0"?>
            <categories default="Klant" lastSavedSession="5" lastSavedTime="2026-11-02T08:00:00.000" xmlns="CategoryList.xsd">
            <category name="Klant" color="7" keyboardShortcut="0" usageCount="12" lastTimeUsed="2026-11-01T08:00:00.000" lastSessionUsed="4" guid="{2B7FB4D4-5C9A-4F0E-9C8E-000000000001}"/>
            <category name="Zonder kleur" color="-1" keyboardShortcut="0" usageCount="1" lastTimeUsed="2026-11-01T08:00:00.000" lastSessionUsed="4" guid="{2B7FB4D4-5C9A-4F0E-9C8E-000000000002}"/>
            </categories>
            """);
    }

    private void AddRoamingXml(string itemClass, string xml)
    {
        var message = Message(itemClass, itemClass);
        message.Properties.Set(PropertyTags.RoamingXmlStream, Encoding.UTF8.GetBytes(xml));
        mailbox.SaveMessage(mailbox.FolderOf(FolderRole.Calendar), message, isRead: true, isAssociated: true);
    }

    private void ShareFolders()
    {
        var colleague = organisation.Mailboxes.First(other => other.LegacyExchangeDN != owner.LegacyExchangeDN);
        mailbox.SetPermission(folders.Calendar, EntryIdOf(colleague), colleague.DisplayName, Reviewer | MemberRights.FreeBusyDetailed | MemberRights.FreeBusySimple);
        foreach (var name in owner.Delegates)
        {
            if (organisation.Recipients.FirstOrDefault(other => other.LegacyExchangeDN == name) is { } assistant)
                mailbox.SetPermission(folders.Calendar, EntryIdOf(assistant), assistant.DisplayName, Editor);
        }
    }

    private void AddRule()
    {
        var subject = new PropertyValue(PropertyTags.Subject, "nieuwsbrief");
        var newsletters = RuleFolder.InThisStore(ObjectId.Of(MailboxStore.ReplicaId, (ulong)folders.Received[2].Folder));
        mailbox.AddRule(mailbox.FolderOf(FolderRole.Inbox), new PropertyBag()
            .Set(PropertyTags.RuleSequence, 10)
            .Set(PropertyTags.RuleState, RuleEnabled)
            .Set(PropertyTags.RuleName, "Nieuwsbrieven")
            .Set(PropertyTags.RuleProvider, "RuleOrganizer")
            .Set(PropertyTags.RuleLevel, 0)
            .Set(PropertyTags.RuleCondition, new Restriction.Content(FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, subject.Tag, subject))
            .Set(PropertyTags.RuleActions, new RuleActions([new RuleAction.Move(newsletters), new RuleAction.MarkAsRead()])));
    }

    /// <summary>The delegate information message and the entry ids that lead to it. Source: [MS-OXODLGT] 2.2.2, [MS-OXOSFLD] 2.2.6.</summary>
    private void AddDelegates()
    {
        var delegates = organisation.Recipients.Where(other => owner.Delegates.Contains(other.LegacyExchangeDN)).ToList();
        if (delegates.Count == 0) return;
        var root = mailbox.FolderOf(SpecialFolder.MailboxRoot);
        var folder = mailbox.CreateFolder(root, "Freebusy Data", "");
        var message = Message("IPM.Microsoft.ScheduleData.FreeBusy", "LocalFreebusy");
        message.Properties
            .Set(PropertyTags.ScheduleInfoDelegateNames, delegates.Select(one => one.DisplayName).ToArray())
            .Set(PropertyTags.ScheduleInfoDelegateEntryIds, delegates.Select(EntryIdOf).ToArray())
            .Set(PropertyTags.ScheduleInfoDelegateFlags, delegates.Select((_, i) => i & 1).ToArray())
            .Set(PropertyTags.ScheduleInfoDelegatorWantsCopy, true)
            .Set(PropertyTags.ScheduleInfoDontMailDelegates, false);
        var id = mailbox.SaveMessage(folder, message, isRead: true);
        var entryIds = new byte[][] { [], mailbox.MessageEntryId(folder, id), [], mailbox.FolderEntryId(folder) };
        foreach (var holder in new[] { root, mailbox.FolderOf(FolderRole.Inbox) }) mailbox.SetFolderProperty(holder, PropertyTags.FreeBusyEntryIds, entryIds);
    }

    private void AddReplies(bool isOn)
    {
        mailbox.EditStoreProperties(properties => properties.Set(PropertyTags.OutOfOfficeState, isOn));
        AddReply("IPM.Note.Rules.OofTemplate.Microsoft", $"{owner.DisplayName} is er tot maandag niet.");
        AddReply("IPM.Note.Rules.ExternalOofTemplate.Microsoft", $"{owner.DisplayName} is out of office.");
    }

    private void AddReply(string itemClass, string text)
    {
        var message = Message(itemClass, "Afwezig");
        message.Properties.Set(PropertyTags.Body, text);
        mailbox.SaveMessage(mailbox.FolderOf(FolderRole.Inbox), message, isRead: true, isAssociated: true);
    }

    /// <summary>What was deleted from Deleted Items, and what was purged and kept by a hold.</summary>
    private void AddDeleted()
    {
        var root = mailbox.FolderOf(SpecialFolder.RecoverableItems);
        foreach (var name in new[] { "Deletions", "Purges", "Versions" })
            mailbox.SaveMessage(mailbox.CreateFolder(root, name, ""), Message("IPM.Note", $"{name} of {owner.Alias}"), isRead: true);
    }

    private void AddView() => mailbox.SaveMessage(
        mailbox.FolderOf(SpecialFolder.CommonViews), Message("IPM.Microsoft.WunderBar.Link", owner.DisplayName), isRead: true, isAssociated: true);

    private MapiMessage Message(string itemClass, string subject)
    {
        var message = new MapiMessage();
        var time = new DateTime(2026, 11, 2, 8, 0, 0, DateTimeKind.Utc);
        var searchKey = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.LegacyExchangeDN} {itemClass} {subject}"))[..16];
        message.Properties.Set(PropertyTags.MessageClass, itemClass).Set(PropertyTags.Subject, subject).Set(PropertyTags.SearchKey, searchKey)
            .Set(PropertyTags.MessageDeliveryTime, time).Set(PropertyTags.CreationTime, time).Set(PropertyTags.LastModificationTime, time);
        return message;
    }

    private static byte[] EntryIdOf(Recipient recipient) => AddressEntryId.AddressBook(recipient.LegacyExchangeDN);
}
