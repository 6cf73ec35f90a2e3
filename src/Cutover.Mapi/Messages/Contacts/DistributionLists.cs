using Cutover.Mapi.Messages.Calendar;
using Cutover.Mapi.Messages.ContentLines;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Structures;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>Personal distribution lists as groups of vCard 4.0. Source: [MS-OXOCNTC] 2.2.2, RFC 6350 6.1.4, 6.6.5.</summary>
internal static class DistributionLists
{
    public const string MessageClass = "IPM.DistList";

    public static bool IsList(MapiMessage message) => message.Properties.GetString(PropertyTags.MessageClass)?.StartsWith(MessageClass, StringComparison.OrdinalIgnoreCase) == true;

    public static bool IsList(ContentComponent card) =>
        (card.Text("KIND") ?? card.Text("X-ADDRESSBOOKSERVER-KIND"))?.Equals("group", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whom a list names: the one-off ids say it in words, where the others point into an address book or a folder.</summary>
    public static IEnumerable<MessageAddress> Members(PropertyBag list)
    {
        var oneOffs = list[PropertyNames.DistributionListOneOffMembers] as byte[][] ?? [];
        var members = list[PropertyNames.DistributionListMembers] as byte[][] ?? [];
        for (var i = 0; i < Math.Max(oneOffs.Length, members.Length); i++)
        {
            var member = i < members.Length ? AddressEntryId.TryRead(WrappedEntryId.Unwrap(members[i])) : null;
            var oneOff = i < oneOffs.Length ? AddressEntryId.TryRead(WrappedEntryId.Unwrap(oneOffs[i])) : null;
            if ((oneOff ?? member) is { } person) yield return person.Name.Length == 0 && member is not null ? member : person;
        }
    }

    public static ContentComponent Write(MapiMessage message, SmtpAddresses addresses)
    {
        var list = message.Properties;
        var name = list[PropertyNames.DistributionListName] as string ?? list.GetString(PropertyTags.DisplayName) ?? list.GetString(PropertyTags.Subject) ?? "Unnamed";
        var card = new ContentComponent("VCARD").Add(ContentLine.Of("VERSION", "4.0")).Add(ContentLine.Of("KIND", "group")).Add(ContentLine.OfText("FN", name));
        card.AddText("NOTE", MapiBodies.Of(list).Text);
        foreach (var member in Members(list))
        {
            var line = ContentLine.Of("MEMBER", "mailto:" + (addresses.Find(member) ?? "unknown@invalid"));
            card.Add(member.Name.Length == 0 ? line : line.With("X-CN", member.Name));
        }
        if (list[PropertyTags.LastModificationTime] is DateTime modified) card.Add(ContentLine.Of("REV", CalendarValues.Utc(modified)));
        return card;
    }

    public static MapiMessage Read(ContentComponent card, List<string> problems)
    {
        var name = card.Line("FN") is { } line ? VCardValues.Text(line).Trim() : "Unnamed";
        var members = card.Lines.Where(candidate => candidate.Name is "MEMBER" or "X-ADDRESSBOOKSERVER-MEMBER").ToList();
        var people = members.Where(IsMail).Select(Person).ToList();
        if (people.Count < members.Count) problems.Add($"{name}: {members.Count - people.Count} members are named by other cards and are left out.");
        var ids = people.Select(person => person.EntryId).ToArray();
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, MessageClass).Set(PropertyTags.DisplayName, name).Set(PropertyTags.Subject, name)
            .Set(PropertyTags.NormalizedSubject, name).Set(PropertyTags.SubjectPrefix, "")
            .Set(PropertyNames.DistributionListName, PropertyType.String, name).Set(PropertyNames.FileUnder, PropertyType.String, name)
            .Set(PropertyNames.DistributionListMembers, PropertyType.MultipleBinary, ids).Set(PropertyNames.DistributionListOneOffMembers, PropertyType.MultipleBinary, ids);
        if (card.Line("NOTE") is { } note) message.Properties.Set(PropertyTags.Body, VCardValues.Text(note));
        return message;
    }

    private static bool IsMail(ContentLine member) => member.Value.Trim().StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && member.Value.Trim().Length > 7;

    private static MessageAddress Person(ContentLine member) => MessageAddress.Smtp(member.Parameter("X-CN"), member.Value.Trim()[7..]);
}
