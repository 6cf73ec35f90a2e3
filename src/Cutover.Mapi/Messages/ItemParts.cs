using MimeKit;

namespace Cutover.Mapi.Messages;

/// <summary>The kinds of items that have a MIME part of their own.</summary>
internal static class ItemParts
{
    private static readonly IReadOnlyList<IItemPart> All = [new Calendar.CalendarPart(), new Contacts.ContactPart()];

    public static IItemPart? For(string messageClass) => All.FirstOrDefault(part => part.Covers(messageClass));

    public static IItemPart? For(ContentType type) => All.FirstOrDefault(part => part.Covers(type));
}
